// SPDX-License-Identifier: BSD-2-Clause
/// @file  A set of signals, and what becomes of a signal for which there is no handler.
#pragma once

#include <bit>

#include "../abi/signal.hpp"

namespace unix_server {

/// As Linux stores it: signal n is bit n - 1.
class SignalSet {
public:
    constexpr SignalSet () = default;
    constexpr explicit SignalSet (std::uint64_t bits) : bits_ { bits } {}

    template <typename... Rest>
    [[nodiscard]] static constexpr SignalSet of (Rest... signals)
    {
        return SignalSet { (bit (signals) | ...) };
    }

    [[nodiscard]] constexpr std::uint64_t bits () const { return bits_; }
    [[nodiscard]] constexpr bool empty () const { return bits_ == 0; }
    [[nodiscard]] constexpr bool contains (Signal signal) const
    {
        return (bits_ & bit (signal)) != 0;
    }
    constexpr void add (Signal signal) { bits_ |= bit (signal); }
    constexpr void remove (Signal signal) { bits_ &= ~bit (signal); }

    [[nodiscard]] constexpr SignalSet with (SignalSet other) const
    {
        return SignalSet { bits_ | other.bits_ };
    }
    [[nodiscard]] constexpr SignalSet without (SignalSet other) const
    {
        return SignalSet { bits_ & ~other.bits_ };
    }
    [[nodiscard]] constexpr SignalSet both (SignalSet other) const
    {
        return SignalSet { bits_ & other.bits_ };
    }

    /// The one with the lowest number. @pre not empty
    [[nodiscard]] constexpr Signal first () const
    {
        auto const low = static_cast<Word> (bits_);
        auto const high = static_cast<Word> (bits_ >> 32);
        return static_cast<Signal> (1 + (low != 0 ? std::countr_zero (low)
                                                  : 32 + std::countr_zero (high)));
    }

    friend constexpr bool operator== (SignalSet, SignalSet) = default;

private:
    [[nodiscard]] static constexpr std::uint64_t bit (Signal signal)
    {
        return std::uint64_t { 1 } << (static_cast<Word> (signal) - 1);
    }

    std::uint64_t bits_ { 0 };
};

/// These cannot be blocked, ignored or handled.
constexpr SignalSet untouchable = SignalSet::of (Signal::kill, Signal::stop);
/// An exception raises them: who blocks or ignores one of these ends by it.
constexpr SignalSet by_exception
    = SignalSet::of (Signal::segmentation_fault, Signal::bus, Signal::illegal_instruction,
                     Signal::trap, Signal::floating_point, Signal::bad_system_call);
/// What stops a process, unless a handler says otherwise.
constexpr SignalSet stopping = SignalSet::of (Signal::stop, Signal::terminal_stop,
                                              Signal::terminal_input, Signal::terminal_output);
/// Those that the terminal sends do not stop orphans.
constexpr SignalSet stopping_from_terminal = stopping.without (SignalSet::of (Signal::stop));

enum class DefaultAction { terminate, ignore, stop };

[[nodiscard]] constexpr DefaultAction default_action (Signal signal)
{
    switch (signal) {
    case Signal::child:
    case Signal::go_on:
    case Signal::urgent:
    case Signal::window: return DefaultAction::ignore;
    default:
        return stopping.contains (signal) ? DefaultAction::stop : DefaultAction::terminate;
    }
}

static_assert (SignalSet::of (Signal::hangup).bits () == 1);
static_assert (SignalSet::of (Signal::kill, Signal::stop).bits () == 0x40100);

}  // namespace unix_server
