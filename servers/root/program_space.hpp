// SPDX-License-Identifier: BSD-2-Clause
/// @file  The address space of a program as its pager sees it: which page is which frame, and
///        what to do about a page fault. The areas are those of runtime/layout.hpp, and regions
///        from 4 MB up that the program has asked for.
///
/// One word per page, in tables of one frame for 4 MB each:
///     31..12 frame | 2 the frame is this program's alone | 1 writable | 0 present
#pragma once

#include <array>
#include <span>

#include "frames.hpp"
#include "loader.hpp"

namespace root {

enum class FaultKind {
    mapped,
    not_its_memory,
    read_only,
    no_memory,
    limit,
    ports_not_allowed,
    shut_down,              ///< not memory: the kernel has stopped its thread
};

struct FaultAnswer {
    FaultKind kind;
    Address page;           ///< send base
    l4::Fpage fpage;        ///< the frame, if `mapped`
};

class ProgramSpace {
public:
    static constexpr std::size_t most_tables = 16;      ///< of 4 MB each
    static constexpr std::size_t most_regions = 8;

    /// Nothing mapped. @param limit  frames at most, its tables included  @return false: no memory
    [[nodiscard]] bool create (Word limit, Frames& frames);

    /// Give back every frame that is the program's alone.
    void destroy (Frames& frames);

    /// Forget the frames: a task that could not be deleted still has them.
    void abandon ();

    /// Copy the program into frames. @return false: no memory
    [[nodiscard]] bool load (std::span<std::byte const> file, Executable const& executable,
                             Frames& frames);

    /// A frame of its own at `page`; the one it has already, or 0 if there is no memory.
    [[nodiscard]] Address frame_at (Address page, l4::Access access, Frames& frames);

    /// Make [begin, end), above 4 MB, demand-zero memory. @return false: not possible
    [[nodiscard]] bool reserve (Address begin, Address end);

    /// What a fault at `address` gets. Pages of the stack and of anonymous memory come now.
    [[nodiscard]] FaultAnswer resolve (Address address, bool write, Frames& frames);

    /// The frame at `page`; 0: there is none
    [[nodiscard]] Address physical (Address page) const;

    /// Frames in use, tables included, and how many may be.
    [[nodiscard]] Word used () const { return used_; }
    [[nodiscard]] Word limit () const { return limit_; }

private:
    struct Table {
        Address begin;              ///< of its 4 MB
        Word* entries;              ///< nullptr: unused
    };
    struct Region { Address begin, end; };

    static constexpr Word table_entries = l4::page_size / sizeof (Word);
    static constexpr Word present = 1;
    static constexpr Word writable = 2;
    static constexpr Word own = 4;
    static constexpr Word frame_mask = ~(l4::page_size - 1);

    [[nodiscard]] bool load_segment (std::span<std::byte const> file, Segment const& segment,
                                     Frames& frames);
    [[nodiscard]] bool is_demand_zero (Address page) const;
    [[nodiscard]] Address charge (Frames& frames);
    [[nodiscard]] Word* find_entry (Address page) const;
    [[nodiscard]] Word* make_entry (Address page, Frames& frames);

    std::array<Table, most_tables> tables_ {};
    std::array<Region, most_regions> regions_ {};
    Word used_ { 0 };
    Word limit_ { 0 };
};

}  // namespace root
