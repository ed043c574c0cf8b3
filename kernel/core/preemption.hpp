// SPDX-License-Identifier: BSD-2-Clause
/// @file  Preempters: threads that are told when another's time is over.
///
/// The internal preempter of a thread hears that its time slice has ended, the external one that
/// the time which somebody handed over to it has. The message is an RPC like a page fault; whatever
/// comes back, the thread goes on when it is its turn. Off unless the boot option `preempters` is
/// given: programs that only store ids there, as they may, shall not wait for an answer.
///
/// Source: L4 Reference Manual 486/Pentium, version 2.0, preemption RPC.
/// Tests:  guest PRE-*.
#pragma once

#include <core/tcb.hpp>

namespace kernel::preemption {

/// Once, at start-up.
void enable ();

/// The clock has ended the time slice of `owner`, which the running thread `self` was using up in
/// user mode. Tell the preempter, if there is one. Others run meanwhile.
void report (Tcb& self, Tcb const& owner);

}  // namespace kernel::preemption
