// SPDX-License-Identifier: BSD-2-Clause
/// @file  Hardware interrupt lines: whose each is, and whether a message of it is pending.
///
///     free --attach--> open --fires--> masked, and the handler runs or a message is pending
///      ^                ^                 |
///      +----detach------+--receive (nothing pending), release
///
/// That is the rule of strict tasks, where the kernel masks and acknowledges ("On micro-kernel
/// construction", SOSP'95, 2.2). With `Acknowledge::driver` the kernel leaves the controller alone
/// between attach and detach.
///
/// While a handler has a message of its line pending, or has closed it by taking one, its line
/// waits for it (`set_line_waits`). Only then a receive phase has anything to do here.
///
/// The assembly path (entry/interrupt.asm) delivers messages of fast lines; these are of strict
/// tasks.
///
/// Invariant: lines and handlers know each other; a free line is masked and has nothing pending.
/// Context:   interrupts off; everything but consistent () is constant.
/// Tests:     host/core/interrupt_lines_test.
#pragma once

#include <l4/thread_id.hpp>

namespace kernel {

enum class Acknowledge : std::uint8_t { kernel, driver };

/// @tparam Thread      has `interrupt_line`, its line + 1 or 0, `waits_for (id)` and
///                     `set_line_waits (bool)`
/// @tparam Controller  mask, unmask and acknowledge a line; `is_for_users` tells which lines are
template <typename Thread, typename Controller>
class InterruptLines {
public:
    static constexpr unsigned lines = l4::interrupt_lines;

    /// What the assembly path knows of a line.
    struct Line {
        Thread* handler { nullptr };
        Acknowledge acknowledge { Acknowledge::kernel };
        bool is_fast { false };
        bool masked { true };       ///< by the kernel; not known if the driver acknowledges
        bool pending { false };

        /// Whether the handler's next receive phase has to do something about it.
        [[nodiscard]] bool waits () const
        {
            return pending || (masked && acknowledge == Acknowledge::kernel);
        }
    };

    /// The assembly path may deliver for those that attach from now on.
    void allow_fast_delivery () { may_be_fast_ = true; }

    [[nodiscard]] bool can_attach (Thread const& thread, unsigned number) const
    {
        return Controller::is_for_users (number)
               && (lines_[number].handler == nullptr || lines_[number].handler == &thread);
    }

    /// `thread` leaves its line, if it has one, and gets this one. Its own line it just keeps.
    /// @pre can_attach
    void attach (Thread& thread, unsigned number, Acknowledge acknowledge);
    void detach (Thread& thread);

    /// The line has fired. @return the handler if it waits for this; its message is not pending
    [[nodiscard]] Thread* fire (unsigned number);

    /// `thread`, which has a line, begins a receive phase.
    /// @return whether it accepts the line and a message was pending, which is taken
    [[nodiscard]] bool begin_receive (Thread& thread, bool accepts);

    /// The same for one that accepts, without taking a message.
    /// @return whether none is pending; then the line may fire
    [[nodiscard]] bool open (Thread& thread);

    [[nodiscard]] bool has_message (Thread const& thread) const
    {
        return thread.interrupt_line != 0 && lines_[thread.interrupt_line - 1].pending;
    }

    /// The handler lets its line fire again. @return false if only its driver can
    bool release (Thread& thread);

    /// Whether the invariant holds. Slow.
    [[nodiscard]] bool consistent () const;

private:
    [[nodiscard]] Line& line_of (Thread const& thread)
    {
        return lines_[thread.interrupt_line - 1];
    }
    void unmask (Line& line);

    Line lines_[lines];             ///< first, for the assembly path
    bool may_be_fast_ { false };
};

template <typename Thread, typename Controller>
void InterruptLines<Thread, Controller>::attach (Thread& thread, unsigned number,
                                                 Acknowledge acknowledge)
{
    if (thread.interrupt_line == number + 1)
        return;
    detach (thread);
    Line& line = lines_[number];
    line = { &thread, acknowledge, may_be_fast_ && acknowledge == Acknowledge::kernel };
    thread.interrupt_line = static_cast<std::uint8_t> (number + 1);
    if (acknowledge == Acknowledge::kernel)
        unmask (line);
    else
        Controller::mask (number);      // somebody with the controller's ports may have opened it
}

template <typename Thread, typename Controller>
void InterruptLines<Thread, Controller>::detach (Thread& thread)
{
    if (thread.interrupt_line == 0)
        return;
    unsigned const number = thread.interrupt_line - 1U;
    Line& line = lines_[number];
    Controller::mask (number);
    // Its driver may have gone without acknowledging: lines behind it would be dead.
    if (line.acknowledge == Acknowledge::driver)
        Controller::acknowledge (number);
    line = {};
    thread.interrupt_line = 0;
    thread.set_line_waits (false);
}

template <typename Thread, typename Controller>
Thread* InterruptLines<Thread, Controller>::fire (unsigned number)
{
    Line& line = lines_[number];
    if (line.acknowledge == Acknowledge::kernel) {
        Controller::mask (number);
        Controller::acknowledge (number);
        line.masked = true;
    }
    if (line.handler == nullptr)
        return nullptr;
    bool const is_awaited = line.handler->waits_for (l4::interrupt_id (number));
    line.pending = line.pending || !is_awaited;
    line.handler->set_line_waits (line.waits ());
    return is_awaited ? line.handler : nullptr;
}

template <typename Thread, typename Controller>
bool InterruptLines<Thread, Controller>::begin_receive (Thread& thread, bool accepts)
{
    if (!accepts || open (thread))
        return false;
    Line& line = line_of (thread);
    line.pending = false;
    thread.set_line_waits (line.waits ());
    return true;
}

template <typename Thread, typename Controller>
bool InterruptLines<Thread, Controller>::open (Thread& thread)
{
    Line& line = line_of (thread);
    if (line.pending)
        return false;
    unmask (line);
    thread.set_line_waits (line.waits ());
    return true;
}

template <typename Thread, typename Controller>
bool InterruptLines<Thread, Controller>::release (Thread& thread)
{
    Line& line = line_of (thread);
    if (line.acknowledge == Acknowledge::driver)
        return false;
    unmask (line);
    thread.set_line_waits (line.waits ());
    return true;
}

/// No access to the controller unless something changes: a receive phase of a busy server asks
/// for this every time.
template <typename Thread, typename Controller>
void InterruptLines<Thread, Controller>::unmask (Line& line)
{
    if (line.acknowledge == Acknowledge::driver || !line.masked)
        return;
    line.masked = false;
    Controller::unmask (static_cast<unsigned> (&line - lines_));
}

template <typename Thread, typename Controller>
bool InterruptLines<Thread, Controller>::consistent () const
{
    for (unsigned number = 0; number < lines; ++number) {
        Line const& line = lines_[number];
        if (line.is_fast && (line.handler == nullptr || line.acknowledge != Acknowledge::kernel))
            return false;
        if (line.handler == nullptr ? !line.masked || line.pending
                                    : line.handler->interrupt_line != number + 1)
            return false;
    }
    return true;
}

}  // namespace kernel
