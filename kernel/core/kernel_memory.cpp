// SPDX-License-Identifier: BSD-2-Clause
#include <core/kernel_memory.hpp>

#include <machine/memory_layout.hpp>

namespace kernel {

constinit FrameAllocator kernel_frames;

namespace {

constinit Quota kernel_account { Quota::unlimited };
l4::Word quota_per_task;
l4::MemoryRange kernel_image;
l4::MemoryRange kernel_pool;

}  // namespace

void initialise_kernel_memory (l4::MemoryRange pool, l4::Word task_quota)
{
    quota_per_task = task_quota;
    kernel_frames.initialise (pool.low - machine::window_begin, pool.high - machine::window_begin,
                            machine::window_begin);
}

void reserve_for_kernel (l4::MemoryRange image, l4::MemoryRange pool)
{
    kernel_image = image;
    kernel_pool = pool;
}

bool is_kernel_memory (l4::Address physical)
{
    return kernel_image.contains (physical) || kernel_pool.contains (physical);
}

bool meets_kernel_memory (l4::Address first, l4::Word last_offset)
{
    auto const meets = [=] (l4::MemoryRange const& range) {
        return range.low <= first + last_offset && first < range.high;
    };
    return meets (kernel_image) || meets (kernel_pool);
}

l4::Word task_quota () { return quota_per_task; }
Quota& kernel_quota () { return kernel_account; }

void* allocate_zeroed_frame (Quota& quota)
{
    return kernel_frames.allocate_zeroed (quota);
}

bool prepare_zeroed_frames () { return kernel_frames.prepare_zeroed (most_zeroed_frames); }

void free_frame (void* frame) { kernel_frames.free (frame); }

}  // namespace kernel
