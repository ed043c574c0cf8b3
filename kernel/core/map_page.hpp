// SPDX-License-Identifier: BSD-2-Clause
/// @file  The most common mapping: one page of 4 KB to where nothing is.
#pragma once

#include <core/tcb.hpp>

/// Enter the page that the words in `sender.ipc` name into the space of `receiver`, which waits
/// with a window. For the fast path of ipc, entry/ipc_memory.asm, and for short messages.
/// @return 0: it is not that simple; nothing was done, and kernel/core/map.hpp does it. Else 1
extern "C" l4::Word map_page (kernel::Tcb& sender, kernel::Tcb& receiver);
