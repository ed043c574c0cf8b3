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

/// The nodes of `table`, in the order of its entries; null if there is no room for any.
[[nodiscard]] inline kernel::MapNode** nodes_beside (void const* table)
{
    return static_cast<kernel::MapNode**> (kernel::kernel_frames.companion (table));
}

/// @pre nodes_beside (table) == nullptr
[[nodiscard]] bool make_room (void* table, kernel::Quota& quota);

/// Make room for the nodes of `table`. @return false if kernel memory is used up
[[nodiscard]] inline bool provide (void* table, kernel::Quota& quota)
{
    return nodes_beside (table) != nullptr || make_room (table, quota);
}
void release (void* table);

/// Entries of `table` that have nodes.
[[nodiscard]] Word count (void const* table);

/// Where the node of `entry` is kept. @pre there is room for it
[[nodiscard]] inline kernel::MapNode** place_of (PageEntry const& entry)
{
    kernel::MapNode** const nodes = nodes_beside (&entry);
    ASSERT (nodes != nullptr);
    return nodes + reinterpret_cast<Address> (&entry) % l4::page_size / sizeof entry;
}

/// The same; null if there is no room for it.
[[nodiscard]] inline kernel::MapNode** find_place (PageEntry const& entry)
{
    return nodes_beside (&entry) == nullptr ? nullptr : place_of (entry);
}

/// Null if `entry` has none.
[[nodiscard]] inline kernel::MapNode* node_of (PageEntry const& entry)
{
    kernel::MapNode** const place = find_place (entry);
    return place == nullptr ? nullptr : *place;
}

/// `node` is that of an entry which had none: `place` is its place.
inline void enter (kernel::MapNode** place, kernel::MapNode& node)
{
    ASSERT (*place == nullptr);
    void*& count = kernel::kernel_frames.companion (place);
    count = reinterpret_cast<void*> (reinterpret_cast<Word> (count) + 1);
    *place = &node;
}

/// `place` is that of an entry whose node goes.
inline void clear (kernel::MapNode** place)
{
    ASSERT (*place != nullptr);
    void*& count = kernel::kernel_frames.companion (place);
    count = reinterpret_cast<void*> (reinterpret_cast<Word> (count) - 1);
    *place = nullptr;
}

}  // namespace machine::node_table
