// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the kernel sends to a thread's pager on behalf of the faulting thread.
///
/// Any reply restarts the instruction; mappings in it enter the whole user space at their send
/// base (memory) or their own ports (I/O).
#pragma once

#include <l4/fpage.hpp>

namespace l4 {

/// w0: fault address, bit 1 = write access, bit 0 = 0. w1: EIP.
struct PageFaultMessage {
    Word w0;
    Word w1;

    [[nodiscard]] constexpr bool is_io () const { return Fpage { w0 }.is_io (); }
    [[nodiscard]] constexpr Fpage ports () const { return Fpage { w0 }; }
    [[nodiscard]] constexpr Address address () const { return w0 & ~Word { 3 }; }
    [[nodiscard]] constexpr bool is_write () const { return (w0 & 2) != 0; }
    [[nodiscard]] constexpr Address instruction () const { return w1; }
};

/// w1 if the kernel met the fault while copying a message.
constexpr Word fault_in_kernel = ~Word { 0 };

}  // namespace l4
