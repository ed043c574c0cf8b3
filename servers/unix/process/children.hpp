// SPDX-License-Identifier: BSD-2-Clause
/// @file  Whom wait4 is about, and what there is to tell.
///
/// Context: pure; host tests in tests/host/unix.
/// Source: wait4(2), waitpid(2).
#pragma once

#include "../abi/system_call.hpp"
#include "process.hpp"

namespace unix_server {

/// What a parent asks for.
struct WaitOrder {
    Word parent;                ///< who asks
    Word group;                 ///< its group
    std::int32_t target;        ///< > 0: this child; -1: any; 0: of the own group; < -1: of a group
    Word options;

    [[nodiscard]] bool is_about (Process const& child) const
    {
        if (child.parent != parent)
            return false;
        if (target == -1)
            return true;
        if (target > 0)
            return child.pid == static_cast<Word> (target);
        return child.group == (target == 0 ? group : 0 - static_cast<Word> (target));
    }

    /// Whether the child has something to tell that was asked for.
    [[nodiscard]] bool is_answered_by (Process const& child) const
    {
        if (!is_about (child))
            return false;
        if (child.state == Process::State::zombie)
            return true;
        if (child.news == has_continued)
            return (options & waiting::continued) != 0;
        return child.news != 0 && (options & waiting::stopped) != 0;
    }
};

/// In wait4's form. @pre it answers an order
[[nodiscard]] inline Word status_of (Process const& child)
{
    return child.state == Process::State::zombie ? child.status : child.news;
}

}  // namespace unix_server
