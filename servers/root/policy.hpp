// SPDX-License-Identifier: BSD-2-Clause
/// @file  The policy: what each program may own. A text in the boot bundle (module `policy`).
///
///     # Comments and empty lines are free.
///     program *                   what holds for every program, unless its own section says more
///         memory 1536                 KB of RAM at most
///         tasks 8                     task numbers handed over to it
///     program driver
///         ports 0x1f0-0x1f7 0x3f6     I/O ports, in the form FIRST or FIRST-LAST
///         device 0xb8000-0xb8fff      physical memory that is no RAM
///         lines 14                    interrupt lines
///         names disk                  names it may have besides its own
///         files driver.conf           modules it may read
///         priority 20                 also the highest that its threads may have
///         control                     may see, end and restart every program
///         debug                       may see and change the memory of every program
///
/// `all` stands for everything behind `ports`, `device`, `lines`, `names` and `files`. Rights of
/// `*` and of a program's own sections add up; numbers of the later line count. A line with a
/// mistake gives nothing, and is reported with its number.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <l4/word.hpp>

namespace root {

using l4::Word;

/// Ranges of numbers, each with its first and last one.
template <std::size_t Capacity>
class RangeSet {
public:
    /// @return false: full
    bool add (Word first, Word last)
    {
        if (count_ == Capacity)
            return false;
        ranges_[count_++] = { first, last };
        return true;
    }

    /// Whether [first, last] lies in one of them.
    [[nodiscard]] bool contains (Word first, Word last) const
    {
        for (std::size_t i = 0; i < count_; ++i)
            if (first >= ranges_[i].first && first <= last && last <= ranges_[i].last)
                return true;
        return false;
    }

private:
    struct Range { Word first, last; };

    std::array<Range, Capacity> ranges_ {};
    std::size_t count_ { 0 };
};

/// Words, kept as the pieces of text they stand in.
class WordSet {
public:
    static constexpr std::size_t capacity = 4;

    bool add (std::string_view words)
    {
        if (count_ == capacity)
            return false;
        lines_[count_++] = words;
        return true;
    }

    [[nodiscard]] bool contains (std::string_view word) const;

private:
    std::array<std::string_view, capacity> lines_ {};
    std::size_t count_ { 0 };
};

/// What one program may own.
struct Rights {
    static constexpr Word most_memory = 64 * 1024;      ///< KB
    static constexpr Word most_tasks = 2000;

    Word memory { 2048 };               ///< KB
    Word tasks { 8 };
    Word priority { 0 };                ///< 0: the root task's own
    bool control { false };
    bool debug { false };
    std::uint16_t lines { 0 };          ///< bit n: interrupt line n
    RangeSet<24> ports {};
    RangeSet<8> device {};
    WordSet names {};
    WordSet files {};
};

class Policy {
public:
    constexpr Policy () = default;
    /// @param text  lives as long as this
    constexpr explicit Policy (std::string_view text) : text_ { text } {}

    /// The rights of the program with this name.
    [[nodiscard]] Rights rights_of (std::string_view program) const;

    /// Number of the first line behind line `after` that is wrong; 0: there is none.
    [[nodiscard]] Word next_mistake (Word after = 0) const;

private:
    std::string_view text_ {};
};

/// What holds without a policy in the bundle: a console, and everybody else without devices.
constexpr std::string_view fallback_policy = "program console\n"
                                             "ports all\n"
                                             "device 0xb8000-0xb8fff\n"
                                             "control\n";

}  // namespace root
