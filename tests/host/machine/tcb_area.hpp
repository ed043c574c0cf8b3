// SPDX-License-Identifier: BSD-2-Clause
/// @file  Thread control blocks on the host: the test maps those that it uses.
#pragma once

#include <l4/thread_id.hpp>

#include <machine/memory_layout.hpp>

namespace kernel {
class Quota;
struct Tcb;
}

namespace machine::tcb_area {

[[nodiscard]] inline kernel::Tcb& tcb (l4::ThreadId id)
{
    return *reinterpret_cast<kernel::Tcb*> (tcb_area_begin
                                            | (id.low () & l4::ThreadId::index_mask));
}

/// The running thread's; the test says which that is.
[[nodiscard]] kernel::Tcb& current ();

/// Whether there is memory for the block of `id`; a test sees to it that there is.
[[nodiscard]] bool provide (l4::ThreadId id, kernel::Quota& quota);

}  // namespace machine::tcb_area
