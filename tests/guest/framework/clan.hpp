// SPDX-License-Identifier: BSD-2-Clause
/// @file  Tasks inside each other: a chief, a member of its clan, and a member of that one's.
///
///     the test program . . chief . . member . . inner
///
/// The chiefs between are what a case is about, so thread 0 of each task does what the case wants
/// and nothing else. Pages come by way of thread 1 of the task above, which also creates the task.
#pragma once

#include <runtime/thread.hpp>

#include "exchange.hpp"

namespace guest {

/// A task of a clan. Thread 0 runs `function (argument)` and then sleeps.
struct ClanTask {
    PartnerFunction function { nullptr };
    void* argument { nullptr };
    ClanTask* below { nullptr };        ///< the member that it creates
    Word mcp { 255 };                   ///< that its creator asks for

    l4::ThreadId id {};
    bool volatile exists { false };
    bool volatile done { false };

    rt::Stack<1024>* stacks { nullptr };        ///< of thread 0, and of the thread that creates

    /// Wait until the function has returned. @return whether it has
    [[nodiscard]] bool finish (unsigned milliseconds = 2000) const;
};

/// Give `chief`, in the clan of the test program, and those below it their ids. Ends the case if
/// there are not enough numbers; they come back after the case.
void reserve_clan (ClanTask& chief);
/// Start all of them. Ends the case if that fails.
void found_clan (ClanTask& chief);

/// A function for a task: some exchanges, one after the other.
struct Script {
    Exchange* steps;
    unsigned count;

    template <unsigned N>
    explicit Script (Exchange (&all)[N]) : steps { all }, count { N }
    {
    }
    static void play (void* script);
};

}  // namespace guest
