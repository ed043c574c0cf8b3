// SPDX-License-Identifier: BSD-2-Clause
/// @file  The supervisor: starts drivers when they are needed, and again when they die or are
///        silent.
///
/// A driver sends a heartbeat from its main loop, at least every `beat_period`: two words, w0 =
/// `beat`, w1 = Condition. Everything else is a typed message.
#pragma once

#include <runtime/message.hpp>

namespace supervisor {

using l4::Word;

constexpr std::string_view name = "supervisor";

constexpr Word beat = 0x60;
constexpr Word beat_period = 50'000;        ///< microseconds

/// What a heartbeat tells.
struct Condition {
    bool waits;             ///< for its device, and will give up by itself
    Word served;            ///< requests so far

    [[nodiscard]] constexpr Word raw () const { return served << 1 | (waits ? 1 : 0); }
    [[nodiscard]] static constexpr Condition from (Word raw)
    {
        return { (raw & 1) != 0, raw >> 1 };
    }
};

/// From now on the driver of this name shall run. For names that the supervisor has on its list.
/// The answer `device`: it finds no device.
struct Need {
    static constexpr Word operation = 0x61;
    using Answer = rt::Nothing;
    rt::Name driver;
};

/// This driver has taken a request and does not answer. It is restarted if it has served nobody
/// since somebody complained before, unless it waits for its device, and not for too long.
struct Complain {
    static constexpr Word operation = 0x62;
    using Answer = Word;                ///< 1: it waits for its device
    l4::ThreadId driver;
};

enum class State : Word { stopped, starting, running, failed, no_device };
enum class Reason : Word { none, ended, silent, useless };

/// Driver number `index`; the answer not_found ends the list.
struct Describe {
    static constexpr Word operation = 0x63;
    struct Answer {
        rt::Name name;
        State state;
        Word restarts;
        Reason last_reason;
        Word last_status;       ///< with which the program ended
        Word last_outage;       ///< microseconds between two lives, from heartbeat to heartbeat
        Word longest_outage;
        l4::ThreadId thread;
    };
    Word index;
};

}  // namespace supervisor
