// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the supervisor knows about one driver, and what it concludes. Times are
///        microseconds of the kernel's clock.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include "protocol.hpp"

namespace supervisor {

using Time = std::uint64_t;

class Watch {
public:
    static constexpr Time first_beat_limit = 500'000;
    static constexpr Time silence_limit = 6 * beat_period;
    static constexpr Time complaint_window = 1'000'000;
    static constexpr Time longest_wait = 30'000'000;    ///< for a device, that is believed
    static constexpr Word most_failures = 5;    ///< starts in a row that came to nothing

    [[nodiscard]] State state () const { return state_; }
    [[nodiscard]] bool is_up () const
    {
        return state_ == State::starting || state_ == State::running;
    }
    [[nodiscard]] Word restarts () const { return restarts_; }
    [[nodiscard]] Reason last_reason () const { return reason_; }
    [[nodiscard]] Word last_outage () const { return last_outage_; }
    [[nodiscard]] Word longest_outage () const { return longest_outage_; }

    /// It was started.
    void started (Time now)
    {
        state_ = State::starting;
        since_ = now;
        complained_ = 0;
    }

    void beat (Condition condition, Time now)
    {
        if (state_ == State::starting && lives_++ != 0) {
            last_outage_ = static_cast<Word> (now - last_beat_);
            longest_outage_ = last_outage_ > longest_outage_ ? last_outage_ : longest_outage_;
        }
        bool const still_waits = state_ == State::running && condition_.waits && condition.waits
                                 && condition_.served == condition.served;
        waits_since_ = still_waits ? waits_since_ : now;
        state_ = State::running;
        failures_ = 0;
        last_beat_ = now;
        condition_ = condition;
    }

    /// Whether nothing was heard for too long.
    [[nodiscard]] bool is_silent (Time now) const
    {
        return state_ == State::starting ? now - since_ > first_beat_limit
                                         : state_ == State::running
                                               && now - last_beat_ > silence_limit;
    }

    /// Whether it says that it waits for its device, and can be believed.
    [[nodiscard]] bool waits (Time now) const
    {
        return state_ == State::running && condition_.waits && now - waits_since_ < longest_wait;
    }

    /// A client waits for an answer. @return whether the driver is to be restarted
    [[nodiscard]] bool is_useless (Time now)
    {
        if (state_ != State::running || waits (now))
            return false;
        bool const again = complained_ != 0 && now - complained_ < complaint_window
                           && served_then_ == condition_.served;
        complained_ = now;
        served_then_ = condition_.served;
        return again;
    }

    /// It is gone. @return whether it is worth another start
    [[nodiscard]] bool ended (Reason reason, bool found_no_device)
    {
        reason_ = reason;
        if (state_ == State::starting)
            ++failures_;
        state_ = found_no_device             ? State::no_device
                 : failures_ < most_failures ? State::stopped
                                             : State::failed;
        if (state_ != State::stopped)
            return false;
        ++restarts_;
        return true;
    }

    /// Somebody wants it to be tried once more.
    void forgive ()
    {
        failures_ = 0;
        if (!is_up ())
            state_ = State::stopped;
    }

private:
    State state_ { State::stopped };
    Reason reason_ { Reason::none };
    Condition condition_ {};
    Time since_ { 0 };
    Time last_beat_ { 0 };
    Time waits_since_ { 0 };
    Time complained_ { 0 };
    Word served_then_ { 0 };
    Word lives_ { 0 };
    Word failures_ { 0 };
    Word restarts_ { 0 };
    Word last_outage_ { 0 };
    Word longest_outage_ { 0 };
};

}  // namespace supervisor
