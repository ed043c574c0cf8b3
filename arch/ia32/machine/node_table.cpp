// SPDX-License-Identifier: BSD-2-Clause
#include <machine/node_table.hpp>

namespace machine::node_table {

using kernel::kernel_frames;

bool make_room (void* table, kernel::Quota& quota)
{
    void* const nodes = kernel::allocate_zeroed_frame (quota);
    kernel_frames.companion (table) = nodes;
    return nodes != nullptr;
}

void release (void* table)
{
    if (void* const nodes = nodes_beside (table))
        kernel::free_frame (nodes);
    kernel_frames.companion (table) = nullptr;
}

Word count (void const* table)
{
    void* const nodes = nodes_beside (table);
    return nodes == nullptr ? 0 : reinterpret_cast<Word> (kernel_frames.companion (nodes));
}

}  // namespace machine::node_table
