// SPDX-License-Identifier: BSD-2-Clause
/// @file  Who owns which device memory (4 MB at a time) and which I/O ports.
#pragma once

#include <array>

#include <l4/fpage.hpp>

namespace sigma0 {

using l4::Address;
using l4::Word;

/// The physical address space in blocks of 4 MB, each given to one task.
class DeviceBlocks {
public:
    /// @return whether the block around `physical` is the task's (now)
    [[nodiscard]] bool claim (Word task, Address physical)
    {
        std::uint16_t& owner = owners_[physical / l4::superpage_size];
        if (owner != 0 && owner != task)
            return false;
        owner = static_cast<std::uint16_t> (task);
        return true;
    }

private:
    std::array<std::uint16_t, 1024> owners_ {};
};

/// Ranges of I/O ports in use. A short list: a machine has a few dozen ranges, while an owner
/// for every port would take 128 KB. When the list is full, new ranges are refused.
class PortOwners {
public:
    /// @param ports  I/O fpage; ports that nobody has become the task's
    /// @return whether all of them are the task's (now)
    [[nodiscard]] bool claim (Word task, l4::Fpage ports)
    {
        Word const first = ports.port ();
        Word const last = first + static_cast<Word> (ports.size () - 1);
        for (std::size_t i = 0; i < count_; ++i) {
            Range const& range = ranges_[i];
            if (last < range.first || first > range.last)
                continue;
            if (range.task != task)
                return false;
            if (first >= range.first && last <= range.last)
                return true;
        }
        if (count_ == ranges_.size ())
            return false;
        ranges_[count_++] = { static_cast<std::uint16_t> (first), static_cast<std::uint16_t> (last),
                              static_cast<std::uint16_t> (task) };
        return true;
    }

private:
    struct Range { std::uint16_t first, last, task; };

    std::array<Range, 256> ranges_ {};
    std::size_t count_ { 0 };
};

}  // namespace sigma0
