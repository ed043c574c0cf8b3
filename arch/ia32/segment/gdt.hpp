// SPDX-License-Identifier: BSD-2-Clause
/// @file  Global descriptor table and task register.
///
/// Segments of large spaces end at 3 GB: the limit, not the page tables, is what keeps a user
/// program away from small spaces and the kernel.
#pragma once

#include <l4/exception.hpp>

#include <segment/descriptor.hpp>
#include <segment/tss.hpp>

namespace ia32 {

/// The TSS that is loaded. Lies at the end of a page so that the I/O bitmap can follow it.
[[nodiscard]] Tss& task_state_segment ();

/// Load the table, the segment registers and the task register.
void load_segments ();

/// Put a thread's own descriptors in place; FS and GS keep what they were loaded with.
void set_tls_descriptors (Descriptor const (&descriptors)[l4::tls_descriptors]);

/// The user's segments are where data segment `data` is. @return whether that was news
[[nodiscard]] bool set_user_segments (Descriptor data);

/// Whether this processor (or emulator) enforces segment limits. Call after `load_segments` and
/// `load_vectors`; takes one deliberate protection fault.
[[nodiscard]] bool probe_limit_enforcement ();

}  // namespace ia32
