// SPDX-License-Identifier: BSD-2-Clause
/// @file  I/O ports of address spaces: mapping them on, and taking them back.
///
/// Each port has a tree of its holders (port_tree.hpp). Their places in it lie in a table per
/// space (port_table.hpp); the bitmap in machine::IoSpace is what the processor sees of it. A space
/// without ports has neither.
///
/// Tests: guest IOP-*, UNM-016 ...; host/core/port_tree_test.
#pragma once

#include <core/port_tree.hpp>

namespace kernel {

class Space;

namespace ports {

enum class Provision : std::uint8_t { complete, progress, out_of_memory };

/// Make room so that `space` can get `port`, a frame at a time.
[[nodiscard]] Provision provide (Space& space, Word port);
/// Whether there is room for `port`, and so for the aligned 2,048 around it.
[[nodiscard]] bool is_provided (Space& space, Word port);

enum class Outcome : std::uint8_t {
    entered,
    unchanged,
    full,
    progress,           ///< something is being taken from the receiver first: call again
};

/// `from` maps or grants `port`, which it has, to another space, which has room for it.
Outcome map (Space& from, Space& to, Word port);
Outcome grant (Space& from, Space& to, Word port);

/// The next port from `port` on that may be worth a look, if `space` has not got that one.
[[nodiscard]] Word skip (Space const& space, Word port);

/// A step of taking the next port of `space` from `port` to `end` away, from all who have it from
/// there and, if `scope` says so, from `space`. `port` goes behind it when that is done, or, if
/// there is none close by, behind what was looked at.
void revoke_next (Space& space, Word& port, Word end, PortScope scope);

/// Whether the tree of `port` is in order. Slow.
[[nodiscard]] bool is_consistent (Word port);

}  // namespace ports

}  // namespace kernel
