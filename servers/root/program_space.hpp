// SPDX-License-Identifier: BSD-2-Clause
/// @file  The address space of a program as its pager sees it: which page is which frame, and
///        what to do about a page fault. The areas are those of runtime/layout.hpp.
///
/// One word per page of the first 4 MB, in a frame of its own:
///     31..12 frame | 2 the frame is this program's alone | 1 writable | 0 present
#pragma once

#include <span>

#include "frames.hpp"
#include "loader.hpp"

namespace root {

enum class FaultKind { mapped, not_its_memory, read_only, no_memory, ports_not_allowed };

struct FaultAnswer {
    FaultKind kind;
    Address page;           ///< send base
    l4::Fpage fpage;        ///< the frame, if `mapped`
};

class ProgramSpace {
public:
    /// Nothing mapped. @return false: no memory
    [[nodiscard]] bool create (Frames& frames);

    /// Give back every frame that is the program's alone.
    void destroy (Frames& frames);

    /// Forget the frames: a task that could not be deleted still has them.
    void abandon () { table_ = nullptr; }

    /// Enter somebody else's frame at `page`, read-write. @return false: the page is taken
    [[nodiscard]] bool share (Address page, Address frame);

    /// Copy the program into frames. @return false: no memory
    [[nodiscard]] bool load (std::span<std::byte const> file, Executable const& executable,
                             Frames& frames);

    /// A frame of its own at `page`; the one it has already, or 0 if there is no memory.
    [[nodiscard]] Address frame_at (Address page, l4::Access access, Frames& frames);

    /// What a fault at `address` gets. Pages of the stack and of anonymous memory come now.
    [[nodiscard]] FaultAnswer resolve (Address address, bool write, Frames& frames);

private:
    static constexpr Word entries = l4::page_size / sizeof (Word);
    static constexpr Word present = 1;
    static constexpr Word writable = 2;
    static constexpr Word own = 4;
    static constexpr Word frame_mask = ~(l4::page_size - 1);

    [[nodiscard]] bool load_segment (std::span<std::byte const> file, Segment const& segment,
                                     Frames& frames);

    Word* table_ { nullptr };
};

}  // namespace root
