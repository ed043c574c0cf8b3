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

/// The pointers that go with a table, and the one of an entry among them.
[[nodiscard]] inline kernel::MapNode** nodes_beside (void const* table)
{
    return static_cast<kernel::MapNode**> (kernel::kernel_frames.companion (table));
}
[[nodiscard]] inline kernel::MapNode*& slot (kernel::MapNode** nodes, PageEntry const& entry)
{
    return nodes[reinterpret_cast<Address> (&entry) % l4::page_size / sizeof entry];
}

/// Null if `entry` has none.
[[nodiscard]] inline kernel::MapNode* node_of (PageEntry const& entry)
{
    kernel::MapNode** const nodes = nodes_beside (&entry);
    return nodes == nullptr ? nullptr : slot (nodes, entry);
}

/// `node`, or with null none, is that of `entry`. @pre there is room for it
void set (PageEntry const& entry, kernel::MapNode* node);

}  // namespace machine::node_table
