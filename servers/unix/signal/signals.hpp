// SPDX-License-Identifier: BSD-2-Clause
/// @file  The signals of a process: what it wants done with each, which it has blocked, which have
///        come and wait.
///
/// A signal that comes again while it waits is lost, also one from 32 on, of which Linux keeps a
/// queue.
///
/// Context: pure; host tests in tests/host/unix.
/// Source: POSIX.1, 2.4; signal(7).
#pragma once

#include <array>
#include <utility>

#include "signal_set.hpp"

namespace unix_server {

/// What the process wants done with a signal.
struct Disposition {
    Address handler { handler::by_default };
    Word flags { 0 };
    Address restorer { 0 };
    SignalSet mask {};

    [[nodiscard]] bool has_handler () const { return handler > handler::ignore; }
};

/// Where a signal comes from, as SA_SIGINFO tells it.
struct Cause {
    std::int32_t code { SignalInfo::by_kernel };
    Word fields[3] {};
};

/// What becomes of the next signal.
struct Delivery {
    enum class Kind { nothing, handler, end, stop };
    Kind kind { Kind::nothing };
    Signal signal { Signal::none };
    Cause cause {};
};

class Signals {
public:
    [[nodiscard]] Disposition const& disposition (Signal signal) const
    {
        return dispositions_[index (signal)];
    }
    /// A signal that waits and is ignored from now on is gone. @pre not untouchable
    void set_disposition (Signal signal, Disposition const& wanted)
    {
        dispositions_[index (signal)] = wanted;
        dispositions_[index (signal)].mask = wanted.mask.without (untouchable);
        if (is_ignored (signal))
            waiting_.remove (signal);
    }

    [[nodiscard]] SignalSet blocked () const { return blocked_; }
    void block (SignalSet signals)
    {
        blocked_ = signals.without (untouchable);
        for (SignalSet rest = deliverable (); !rest.empty (); rest.remove (rest.first ()))
            if (is_ignored (rest.first ()))
                waiting_.remove (rest.first ());
    }

    /// Another mask, until the call that wants it is over or a handler runs, which finds the
    /// first mask in its frame.
    void block_for_now (SignalSet signals)
    {
        saved_ = blocked_;
        has_saved_ = true;
        block (signals);
    }
    [[nodiscard]] SignalSet mask_for_frame () const { return has_saved_ ? saved_ : blocked_; }
    void end_of_call ()
    {
        if (has_saved_)
            block (saved_);
        has_saved_ = false;
    }

    /// A signal comes. What stops and what lets go on cancel each other.
    void post (Signal signal, Cause const& cause)
    {
        if (signal == Signal::go_on) {
            waiting_ = waiting_.without (stopping);
            lets_go_on_ = true;
        }
        if (stopping.contains (signal))
            waiting_.remove (Signal::go_on);
        if (waiting_.contains (signal) || (is_ignored (signal) && !blocked_.contains (signal)))
            return;
        waiting_.add (signal);
        causes_[index (signal)] = cause;
    }

    /// An exception: it cannot be put off. Who blocks or ignores it gets the default action.
    void force (Signal signal, Cause const& cause)
    {
        Disposition& wanted = dispositions_[index (signal)];
        if (blocked_.contains (signal) || wanted.handler == handler::ignore)
            wanted.handler = handler::by_default;
        blocked_.remove (signal);
        waiting_.add (signal);
        causes_[index (signal)] = cause;
    }

    /// Whether SIGCONT has come since this was asked: a stopped process goes on by that, whatever
    /// it wants done with the signal.
    [[nodiscard]] bool take_go_on () { return std::exchange (lets_go_on_, false); }

    /// Those that have come, blocked ones too.
    [[nodiscard]] SignalSet waiting () const { return waiting_; }
    /// Those for which something would be done now.
    [[nodiscard]] SignalSet deliverable () const { return waiting_.without (blocked_); }

    /// What will be done next: exceptions first, then by number.
    [[nodiscard]] Delivery next () const
    {
        SignalSet const ready = deliverable ();
        if (ready.empty ())
            return {};
        SignalSet const urgent = ready.both (by_exception);
        Signal const signal = ready.contains (Signal::kill) ? Signal::kill
                              : urgent.empty ()             ? ready.first ()
                                                            : urgent.first ();
        return { kind_of (signal), signal, causes_[index (signal)] };
    }
    void remove (Signal signal) { waiting_.remove (signal); }

    /// One that ends the process as soon as it has a turn, whatever else waits; or none.
    [[nodiscard]] Signal deadly () const
    {
        for (SignalSet rest = deliverable (); !rest.empty (); rest.remove (rest.first ()))
            if (kind_of (rest.first ()) == Delivery::Kind::end)
                return rest.first ();
        return Signal::none;
    }

    /// The handler of `signal` begins.
    void enter (Signal signal)
    {
        Disposition& wanted = dispositions_[index (signal)];
        SignalSet mask = blocked_.with (wanted.mask);
        if ((wanted.flags & action::no_defer) == 0)
            mask.add (signal);
        if ((wanted.flags & action::reset) != 0)
            wanted.handler = handler::by_default;
        has_saved_ = false;
        block (mask);
    }

    /// A new program: handlers are gone, what is ignored stays so.
    void begin_program ()
    {
        for (Disposition& each : dispositions_)
            each = { each.handler == handler::ignore ? handler::ignore : handler::by_default };
        stack = {};
    }
    /// What a child has of its parent's.
    [[nodiscard]] Signals for_child () const
    {
        Signals child = *this;
        child.waiting_ = {};
        return child;
    }

    AlternativeStack stack {};              ///< of size 0: there is none

private:
    [[nodiscard]] static constexpr std::size_t index (Signal signal)
    {
        return static_cast<std::size_t> (signal) - 1;
    }

    [[nodiscard]] bool is_ignored (Signal signal) const
    {
        Address const handler = disposition (signal).handler;
        return handler == handler::ignore
               || (handler == handler::by_default
                   && default_action (signal) == DefaultAction::ignore);
    }

    /// @pre not ignored
    [[nodiscard]] Delivery::Kind kind_of (Signal signal) const
    {
        if (disposition (signal).has_handler ())
            return Delivery::Kind::handler;
        return default_action (signal) == DefaultAction::stop ? Delivery::Kind::stop
                                                              : Delivery::Kind::end;
    }

    std::array<Disposition, last_signal> dispositions_ {};
    std::array<Cause, last_signal> causes_ {};
    SignalSet blocked_ {};
    SignalSet saved_ {};
    bool has_saved_ { false };
    bool lets_go_on_ { false };
    SignalSet waiting_ {};
};

}  // namespace unix_server
