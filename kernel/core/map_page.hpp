// SPDX-License-Identifier: BSD-2-Clause
/// @file  The most common mappings: pages of 4 KB, not granted, between two page tables, to where
/// nothing is or the same page already.
#pragma once

#include <core/tcb.hpp>

namespace kernel {

/// Part of a MapOperation.
struct SmallPages {
    Space& from;
    Space& to;
    Address source;
    Address destination;
    Word size;
    bool writable;
};

/// Enter the first of them, as many as a short step may. @return bytes dealt with, mapped or found
/// empty; 0: it is not that simple, or memory is used up
/// @param mapped  set if something was entered, or there already
[[nodiscard]] Word map_small_pages (SmallPages const& pages, bool& mapped);

}  // namespace kernel

/// Enter the page that the words in `sender.ipc` name into the space of `receiver`, which waits
/// with a window. For the fast path of ipc, entry/ipc_memory.asm, and for short messages.
/// @return 0: it is not that simple; nothing was done, and kernel/core/map.hpp does it. Else 1
extern "C" l4::Word map_page (kernel::Tcb& sender, kernel::Tcb& receiver);
