// SPDX-License-Identifier: BSD-2-Clause
/// @file  How a handler begins and ends: the frame on the process's stack that keeps its registers,
///        laid out as Linux does, because handlers look into it and C libraries know its size.
///
/// Context: pure; host tests in tests/host/unix.
/// Source: Linux, arch/x86/kernel/signal_32.c (6.1) for what registers a handler begins with.
#pragma once

#include "../process/address_space.hpp"
#include "../trap/call_page.hpp"
#include "signals.hpp"

namespace unix_server {

/// The process as a frame sees it.
struct Interrupted {
    CallPage& page;                 ///< registers, and the floating-point state
    AddressSpace& space;
    Frames& frames;
    Signals& signals;
};

/// Let `page` begin the handler of `delivery`, with a clean floating-point unit.
/// @return false: there is no room on the stack
[[nodiscard]] bool enter_handler (Interrupted process, Delivery const& delivery);

/// The handler has returned: load `page` from the frame at `frame`.
/// @return false: no frame can be read there
[[nodiscard]] bool leave_handler (Interrupted process, Address frame);
[[nodiscard]] bool leave_handler_with_info (Interrupted process, Address frame);

/// The alternative stack, as the process is told.
[[nodiscard]] AlternativeStack stack_now (Interrupted process);

/// Where the two frames begin when `int 80h` is executed to return.
[[nodiscard]] constexpr Address frame_of (Address esp) { return esp - 8; }
[[nodiscard]] constexpr Address info_frame_of (Address esp) { return esp - 4; }

}  // namespace unix_server
