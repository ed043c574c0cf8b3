// SPDX-License-Identifier: BSD-2-Clause
/// @file  Task numbers in groups: one for a program, eight that are handed over to it.
///
/// A group is used again only after its task was deleted, with the next version, so that an id
/// never means two programs.
#pragma once

#include <array>
#include <cstdint>

#include <l4/thread_id.hpp>

namespace root {

using l4::Word;

class TaskNumbers {
public:
    static constexpr Word handed_over = 8;
    static constexpr Word group_size = 1 + handed_over;
    static constexpr Word groups = (l4::ThreadId::tasks - l4::first_free_task) / group_size;

    struct Group {
        Word index;         ///< `none`: no group is free
        Word first;         ///< the program's task number; the others follow
        Word version;
    };
    static constexpr Word none = ~Word { 0 };

    /// The lowest free group: the kernel's tables for thread control blocks grow with the
    /// highest number in use.
    [[nodiscard]] Group allocate ()
    {
        for (Word index = 0; index < groups; ++index)
            if (!states_[index].used) {
                states_[index].used = true;
                return { index, l4::first_free_task + index * group_size,
                         states_[index].version };
            }
        return { none, 0, 0 };
    }

    /// The group's task is gone. (A group whose task could not be deleted stays used.)
    void release (Word index)
    {
        constexpr Word version_mask = 0x3FFF;
        states_[index].used = false;
        states_[index].version
            = static_cast<std::uint16_t> ((states_[index].version + 1) & version_mask);
    }

private:
    struct State {
        std::uint16_t version;
        bool used;
    };

    std::array<State, groups> states_ {};
};

}  // namespace root
