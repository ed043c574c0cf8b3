// SPDX-License-Identifier: BSD-2-Clause
#include <core/port_table.hpp>

#include <core/kernel_memory.hpp>
#include <core/slab.hpp>

#include <new>

namespace kernel {

namespace {

constinit Slab<PortTable> tables { kernel_frames };

}  // namespace

PortTable* PortTable::create (Quota& quota)
{
    void* const memory = tables.allocate (quota);
    return memory == nullptr ? nullptr : new (memory) PortTable;
}

void PortTable::destroy (PortTable& table, Quota& quota)
{
    for (PortLink* const frame : table.frames_)
        if (frame != nullptr)
            free_frame (frame);
    tables.free (table, quota);
}

bool PortTable::provide_frame (Word port, Quota& quota)
{
    PortLink*& frame = frames_[port / ports_per_frame];
    if (frame == nullptr)
        frame = static_cast<PortLink*> (allocate_zeroed_frame (quota));
    return frame != nullptr;
}

}  // namespace kernel
