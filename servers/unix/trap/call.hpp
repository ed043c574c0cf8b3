// SPDX-License-Identifier: BSD-2-Clause
/// @file  A system call that is being carried out: whose it is, and what becomes of it.
///
/// Each concept has a file of calls: functions of a `Call&` and up to six words, which are the
/// arguments as Linux passes them. trap/system_calls.cpp has the table of all.
///
/// The server waits for nobody. A call that cannot be done yet is one that will be made again:
///
///     if (pipe.is_empty ())
///         return call.wait_for (pipe.readers);
///
/// Whoever fills the pipe says `system.wake (pipe.readers)`, and the function is called again with
/// the same arguments. What it has done by then it keeps in `call.done ()`: the bytes of a long
/// write, say: should a signal end the call, that is its result. To be woken does not mean that
/// there is something: look again.
#pragma once

#include <runtime/kip.hpp>

#include "../abi/system_call.hpp"
#include "../system.hpp"

namespace unix_server {

/// What a handler of a signal means to a call that waits.
enum class OnSignal {
    restart,                        ///< it is made again, if SA_RESTART says so; otherwise EINTR
    fail,                           ///< EINTR
    wait_on,                        ///< nothing: only what ends the process ends the call
};

/// How the server goes on after a call. A result makes an answer.
struct Outcome {
    enum class Kind { answer, wait, ended };

    constexpr Outcome (Result r, Word f = answer_plain)                         // NOLINT
        : kind { Kind::answer }, result { r }, flags { f }
    {
    }
    constexpr Outcome (Errno error) : Outcome { Result { error } } {}           // NOLINT
    constexpr Outcome (Word value) : Outcome { Result { value } } {}            // NOLINT
    /// The call is tried again, from its registers, when one of its queues is woken.
    [[nodiscard]] static constexpr Outcome wait (OnSignal on_signal = OnSignal::restart)
    {
        Outcome outcome { Kind::wait };
        outcome.on_signal = on_signal;
        return outcome;
    }
    /// The process has ended.
    [[nodiscard]] static constexpr Outcome ended () { return Outcome { Kind::ended }; }
    /// Nothing is written back: the call page already holds what the process goes on with.
    [[nodiscard]] static constexpr Outcome resume (Word flags)
    {
        Outcome outcome { Kind::answer };
        outcome.flags = flags;
        outcome.has_result = false;
        return outcome;
    }

    Kind kind;
    Result result { Word { 0 } };
    Word flags { answer_plain };        ///< or answer_with_...
    OnSignal on_signal { OnSignal::restart };
    bool has_result { true };

private:
    constexpr explicit Outcome (Kind k) : kind { k } {}
};

struct Call {
    System& system;
    Process& process;

    /// Copy from and to the process. @return false: EFAULT
    template <typename T>
    [[nodiscard]] bool read (T& value, Address from)
    {
        return process.space.read (value, from, system.frames);
    }
    template <typename T>
    [[nodiscard]] bool write (Address to, T const& value)
    {
        return process.space.write (to, value, system.frames);
    }

    /// Copy a text without the zero that ends it. @return its length, or EFAULT, ENAMETOOLONG
    [[nodiscard]] Result read_text (std::span<char> to, Address from);

    /// Whether it has been tried before.
    [[nodiscard]] bool is_retry () const { return process.pending.is_tried; }
    /// How much of it is done: 0 at the first try, then what the one before has left here.
    [[nodiscard]] Word& done () { return process.pending.done; }

    /// Be woken with this queue; a call may name several.
    void listen (WaitQueue& queue) { queue.waiting.add (system.processes.place_of (process)); }
    [[nodiscard]] Outcome wait_for (WaitQueue& queue, OnSignal on_signal = OnSignal::restart)
    {
        listen (queue);
        return Outcome::wait (on_signal);
    }

    /// Whether a handler is about to end it, should it have to wait.
    [[nodiscard]] bool is_interrupted () const
    {
        return process.signals.next ().kind == Delivery::Kind::handler;
    }

    /// When a call is over that waits for `duration` at most: counted from its first try.
    [[nodiscard]] Time deadline_after (Time duration)
    {
        if (!is_retry ())
            process.pending.deadline = rt::clock () + duration;
        return process.pending.deadline;
    }
    /// Be woken at a point in time, at the latest.
    void listen_until (Time deadline)
    {
        process.pending.deadline = deadline;
        system.at (deadline);
    }
};

constexpr Word ok = 0;

}  // namespace unix_server
