// SPDX-License-Identifier: BSD-2-Clause
/// @file  Who lies where: decides it, moves nothing.
///
/// Kernel, sigma0 and root task have fixed addresses (targets). The loader, who knows nothing of
/// them, may have put modules (blocks) there, or boot itself may be in the way, which is an
/// error. A block that touches a target, that is not on a page boundary or not in usable memory
/// gets a new place; the others stay. If that leaves blocks in more regions than the kernel info
/// page can name, all are gathered in one place.
///
/// Moves happen one after the other, in the order of the blocks: a new place is free of every
/// target, of boot and of all other blocks as they lie at that moment, but may overlap the
/// block's own old place.
#pragma once

#include <array>
#include <iterator>
#include <span>

#include <l4/kip.hpp>

#include "failure.hpp"
#include "memory_map.hpp"

namespace boot {

/// Memory that must stay together while it is moved: a module, or a whole bundle.
struct Block {
    std::string_view name {};
    Range from {};                  ///< as the loader left it
    Address to { 0 };               ///< where it is to be; from.begin: it stays

    [[nodiscard]] constexpr Range at () const { return { to, to + from.size () }; }
};

class Placement {
public:
    /// Regions that blocks may be spread over. The classic info page has room for one more, which
    /// their description may need.
    static constexpr std::size_t max_regions = std::size (l4::ClassicMemory {}.dedicated) - 1;

    /// @param boot  the running program's own memory
    Placement (MemoryMap const& memory, Range boot) : memory_ { memory }, boot_ { boot } {}

    /// Claims `pages` for the image called `name`.
    Failure add_target (std::string_view name, Range pages);

    /// Gives every block its place. Call after all targets are known.
    Failure place_blocks (std::span<Block> blocks);

    /// Finds room for `size` more bytes that nothing else uses, next to the last block if
    /// possible. Call after `place_blocks`.
    Failure place_info (std::span<Block const> blocks, Word size, Range& place) const;

private:
    struct Target {
        std::string_view name;
        Range pages;
    };

    [[nodiscard]] bool may_stay (Block const& block) const;
    Failure check_source (std::span<Block const> blocks, std::size_t index) const;
    Failure move_away (std::span<Block const> blocks, Block& block) const;
    /// Puts all blocks side by side where none of them lies now.
    Failure gather (std::span<Block> blocks) const;
    /// Memory without targets, boot and all blocks but `except`.
    [[nodiscard]] bool free_memory (std::span<Block const> blocks, Block const* except,
                                    RangeSet& free) const;

    MemoryMap const& memory_;
    Range boot_;
    std::array<Target, 3> targets_ {};
    std::size_t target_count_ { 0 };
};

}  // namespace boot
