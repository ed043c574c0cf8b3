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

namespace detail {

[[nodiscard]] inline kernel::MapNode** nodes_beside (void const* table)
{
    return static_cast<kernel::MapNode**> (kernel::kernel_frames.companion (table));
}

[[nodiscard]] inline kernel::MapNode*& slot (kernel::MapNode** nodes, PageEntry const& entry)
{
    return nodes[reinterpret_cast<Address> (&entry) % l4::page_size / sizeof entry];
}

}  // namespace detail

/// Make room for the nodes of `table`. @return false if kernel memory is used up
[[nodiscard]] inline bool provide (void* table, kernel::Quota& quota)
{
    if (detail::nodes_beside (table) != nullptr)
        return true;
    void* const nodes = kernel::allocate_zeroed_frame (quota);
    kernel::kernel_frames.set_companion (table, nodes);
    return nodes != nullptr;
}

inline void release (void* table)
{
    if (void* const nodes = detail::nodes_beside (table))
        kernel::free_frame (nodes);
    kernel::kernel_frames.set_companion (table, nullptr);
}

/// Entries of `table` that have nodes.
[[nodiscard]] inline Word count (void const* table)
{
    void* const nodes = detail::nodes_beside (table);
    return nodes == nullptr ? 0
                            : reinterpret_cast<Word> (kernel::kernel_frames.companion (nodes));
}

[[nodiscard]] inline kernel::MapNode* node_of (PageEntry const& entry)
{
    kernel::MapNode** const nodes = detail::nodes_beside (&entry);
    return nodes == nullptr ? nullptr : detail::slot (nodes, entry);
}

/// `node`, or with null none, is that of `entry`. @pre there is room for it
inline void set (PageEntry const& entry, kernel::MapNode* node)
{
    kernel::MapNode** const nodes = detail::nodes_beside (&entry);
    kernel::MapNode*& place = detail::slot (nodes, entry);
    Word const others = count (&entry) - (place != nullptr ? 1 : 0);
    kernel::kernel_frames.set_companion (
        nodes, reinterpret_cast<void*> (others + (node != nullptr ? 1 : 0)));
    place = node;
}

}  // namespace machine::node_table
