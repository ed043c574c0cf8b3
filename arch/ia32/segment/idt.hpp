// SPDX-License-Identifier: BSD-2-Clause
/// @file  Interrupt descriptor table.
#pragma once

extern "C" {

/// The complete path of ipc: entry/traps.asm.
void sys_ipc_entry ();
/// The fast path: ipc_fast.asm of the model. It leaves what is not common to the other.
void ipc_fast ();
/// The part of it that is for threads with machine::Resources, too: entry/ipc_receive.asm.
void ipc_receive ();

/// The same for page faults: entry/traps.asm, entry/page_fault.asm.
void page_fault_entry ();
void page_fault_fast ();

/// The same for vectors without a meaning: entry/traps.asm, entry/unused_vector.asm. Their stubs
/// go where `unused_vector_route` says, which is the complete path at first.
void unused_vector_fast ();
extern void (*unused_vector_route) ();

}

namespace ia32 {

constexpr unsigned vectors = 256;

/// From here up vectors have no meaning to the kernel, but programs may like to use them as their
/// system calls: `int n` is delivered to the thread as if its gate were empty. Their stubs are
/// small, and lie one behind the other in groups.
constexpr unsigned first_unused_vector = 0x38;
constexpr unsigned unused_stub_size = 4;
constexpr unsigned unused_stubs_in_group = 25;

static_assert ((vectors - first_unused_vector) % unused_stubs_in_group == 0);

/// Fill the table from the rows that entry/traps.asm emitted, and load it. Vectors without a row
/// stay empty: `int n` for them is a general protection fault with error code 8n + 2.
void load_vectors ();

/// Have ipc, int 30h, enter the kernel at `entry`.
void route_ipc (void (*entry) ()) asm ("route_ipc");
void route_page_faults (void (*entry) ()) asm ("route_page_faults");

}  // namespace ia32
