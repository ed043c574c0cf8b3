// SPDX-License-Identifier: BSD-2-Clause
/// @file  The bytes of a node: those of the archive, in place, until they are written.
///
/// Invariant: what pages hold beyond the node's size is zero.
/// Context: pure; host tests in tests/host/unix.
#pragma once

#include "node.hpp"

namespace unix_server {

/// The greatest size of a file.
constexpr Word largest_file = 0x7FFFF000;

/// What is to be read at `offset`, up to the end of its page or of the file; empty: at the end.
[[nodiscard]] std::span<std::byte const> bytes_at (Node const& node, Word offset);

/// Where to write at `offset`, up to the end of the page; empty: no memory. The size stays.
/// @pre offset < largest_file
[[nodiscard]] std::span<std::byte> writable_bytes_at (Node& node, Word offset,
                                                      FrameBudget& budget);

/// Copy up to `size` bytes. @return how many: less at the end, or when there is no memory
Word read_content (Node const& node, Word offset, void* to, Word size);
Word write_content (Node& node, Word offset, void const* from, Word size, FrameBudget& budget);

/// The frame that holds a page, for processes to map: with one more use. What the archive holds
/// is copied for that. @return 0: the page is beyond the end, or there is no memory
[[nodiscard]] Address frame_to_map (Node& node, Word page, FrameBudget& budget);

/// Cut off, or add zeros. @pre size <= largest_file
void resize (Node& node, Word size, FrameBudget& budget);

}  // namespace unix_server
