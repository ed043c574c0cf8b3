// SPDX-License-Identifier: BSD-2-Clause
/// @file  The nodes of a page table's entries, in the mapping database.
///
/// A frame beside the table, its companion, holds a pointer for each entry. A page directory has
/// one once it holds 4 MB pages. A table made by splitting a 4 MB page gets one when something
/// else is mapped in it: until then all its entries belong to the 4 MB page. How many pointers a
/// companion holds is remembered as its own companion.
#pragma once

#include <core/kernel_memory.hpp>

#include <machine/page_entry.hpp>

namespace kernel {
class MapNode;
}

namespace machine::node_table {

/// Make room for the nodes of `table`. @return false if kernel memory is used up
[[nodiscard]] bool provide (void* table, kernel::Quota& quota);
void release (void* table);

/// Entries of `table` that have nodes.
[[nodiscard]] Word count (void const* table);

/// Null if `entry` has none.
[[nodiscard]] kernel::MapNode* node_of (PageEntry const& entry);

/// `node`, or with null none, is that of `entry`. @pre there is room for it
void set (PageEntry const& entry, kernel::MapNode* node);

}  // namespace machine::node_table
