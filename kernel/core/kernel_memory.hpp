// SPDX-License-Identifier: BSD-2-Clause
/// @file  The kernel's memory pool, and who pays for it.
#pragma once

#include <core/frame_allocator.hpp>
#include <core/quota.hpp>
#include <l4/kip.hpp>

namespace kernel {

/// Take over the pool, a virtual range in the physical-memory window.
/// @param task_quota  what one task may use of it, in bytes
void initialise_kernel_memory (l4::MemoryRange pool, l4::Word task_quota);

[[nodiscard]] l4::Word task_quota ();

/// Physical memory that no user may ever see, but for the kernel info page.
void reserve_for_kernel (l4::MemoryRange image, l4::MemoryRange pool);
[[nodiscard]] bool is_kernel_memory (l4::Address physical);
/// Whether some of it lies in [first, first + last_offset].
[[nodiscard]] bool meets_kernel_memory (l4::Address first, l4::Word last_offset);

extern FrameAllocator kernel_frames;

/// The account of what belongs to no task.
[[nodiscard]] Quota& kernel_quota ();

/// Zeroed frames that a step of an operation takes at most: a page table and its companion for
/// each of the four pages that a map operation enters in one go.
constexpr l4::Word most_zeroed_frames = 8;

/// A step towards as many; interrupts may be served between steps. Everybody who is going to take
/// frames takes such steps first, while the operation can still be given up or repeated: clearing
/// a frame then and there would take too long. @return whether all is prepared
[[nodiscard]] bool prepare_zeroed_frames ();

/// A frame of zeros. Null if the pool or the account is used up.
[[nodiscard]] void* allocate_zeroed_frame (Quota& quota);
void free_frame (void* frame);

}  // namespace kernel
