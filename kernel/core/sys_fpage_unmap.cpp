// SPDX-License-Identifier: BSD-2-Clause
/// @file  fpage_unmap, int 32h.
///
///     in   EAX fpage, ECX mask
///
/// The kernel does not remember yet who received a page from whom, so nothing can be taken back:
/// the call does nothing. It has no error code to say so; the README's status table does.
#include <core/system_calls.hpp>

void sys_fpage_unmap (machine::TrapFrame&) {}
