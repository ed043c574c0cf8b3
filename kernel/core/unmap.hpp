// SPDX-License-Identifier: BSD-2-Clause
/// @file  Taking pages and ports back.
#pragma once

#include <core/mapping_database.hpp>
#include <core/space.hpp>

namespace kernel {

/// Take what `fpage` denotes in the running thread's `space` back from all who have it from
/// there, or only the right to write; ports are always taken back. Interrupts are served in
/// between.
/// @param mask  bits of l4::UnmapMask
void unmap (Space& space, l4::Fpage fpage, Word mask);

/// A step of emptying the dying `space`: what it mapped to others goes with it. Interrupts may be
/// served in it, and `space` be gone at its end if the result is false.
/// @return whether nothing is left
[[nodiscard]] bool unmap_everything_step (Space& space);

}  // namespace kernel
