// SPDX-License-Identifier: BSD-2-Clause
/// @file  Task numbers in groups: one for a program, the others are handed over to it.
///
/// A number is used again only after its task was deleted, with the next version, so that an id
/// never means two programs.
#pragma once

#include <array>
#include <cstdint>

#include <l4/thread_id.hpp>

namespace root {

using l4::Word;

class TaskNumbers {
public:
    struct Group {
        Word first { 0 };       ///< the program's task number; the others follow. 0: none
        Word count { 0 };
        Word version { 0 };     ///< of the program's own number
    };

    /// `count` numbers in a row, the lowest that are free: the kernel's tables for thread control
    /// blocks grow with the highest number in use.
    [[nodiscard]] Group allocate (Word count)
    {
        Word first = l4::first_free_task;
        for (Word number = first; number < l4::ThreadId::tasks; ++number) {
            if ((states_[number] & used) != 0)
                first = number + 1;
            else if (number + 1 - first == count)
                return take (first, count);
        }
        return {};
    }

    /// The group's task is gone. (A group whose task could not be deleted stays used.)
    void release (Group group)
    {
        Word const version = (group.version + 1) & version_mask;
        for (Word n = 0; n < group.count; ++n)
            states_[group.first + n] = static_cast<std::uint16_t> (
                states_[group.first + n] & version_mask);
        states_[group.first] = static_cast<std::uint16_t> (version);
    }

private:
    static constexpr std::uint16_t used = 0x8000;
    static constexpr std::uint16_t version_mask = 0x3FFF;

    Group take (Word first, Word count)
    {
        for (Word n = 0; n < count; ++n)
            states_[first + n] |= used;
        return { first, count, states_[first] & Word { version_mask } };
    }

    /// used | 13..0 version
    std::array<std::uint16_t, l4::ThreadId::tasks> states_ {};
};

}  // namespace root
