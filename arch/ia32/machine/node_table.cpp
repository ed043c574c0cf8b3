// SPDX-License-Identifier: BSD-2-Clause
#include <machine/node_table.hpp>

namespace machine::node_table {

using kernel::kernel_frames;
using kernel::MapNode;

bool provide (void* table, kernel::Quota& quota)
{
    if (nodes_beside (table) != nullptr)
        return true;
    void* const nodes = kernel::allocate_zeroed_frame (quota);
    kernel_frames.set_companion (table, nodes);
    return nodes != nullptr;
}

void release (void* table)
{
    if (void* const nodes = nodes_beside (table))
        kernel::free_frame (nodes);
    kernel_frames.set_companion (table, nullptr);
}

Word count (void const* table)
{
    void* const nodes = nodes_beside (table);
    return nodes == nullptr ? 0 : reinterpret_cast<Word> (kernel_frames.companion (nodes));
}

void set (PageEntry const& entry, MapNode* node)
{
    MapNode** const nodes = nodes_beside (&entry);
    MapNode*& place = slot (nodes, entry);
    Word const others = reinterpret_cast<Word> (kernel_frames.companion (nodes))
                        - (place != nullptr ? 1 : 0);
    kernel_frames.set_companion (nodes,
                                 reinterpret_cast<void*> (others + (node != nullptr ? 1 : 0)));
    place = node;
}

}  // namespace machine::node_table
