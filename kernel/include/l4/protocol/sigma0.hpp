// SPDX-License-Identifier: BSD-2-Clause
/// @file  Requests to sigma0: register messages (w0, w1); the reply is a short map message
/// (send base, fpage) or the plain words 0, 0 for "no".
#pragma once

#include <l4/word.hpp>

namespace l4::sigma0 {

/// w0: any free 4 KB page of RAM, writable. The reply's send base is its physical address.
constexpr Word any_page = 0xFFFFFFFC;

/// w0 of the requests told apart by w1 below.
constexpr Word extended = 1;
constexpr Word w1_kernel_info_page = 0x01;  ///< map the kernel info page read-only

/// w0 = address | 1, w1 = this: the 4 MB page around the address, or else its 4 KB page.
constexpr Word w1_superpage = 22 << 2;

/// w0 from here up to 3 GB, bit 0 = 0: 4 MB of device memory at w0 + device_offset, uncached.
constexpr Address device_window = 0x40000000;
constexpr Address device_offset = 0x40000000;

/// In an fpage that an l4env sigma0 sends: bits 11..9 ask the kernel for an uncached mapping.
constexpr Word attribute_mask = 0xE00;
constexpr Word attribute_uncached = 0x200;

/// w0 = I/O fpage: these ports, if they are free or the requester's already.

/// w0 of the later form of the requests. w1 = fpage of size 22, or below for 4 KB.
constexpr Word later_memory = 0xFFFFFF60;           ///< RAM at this address
constexpr Word later_device_uncached = 0xFFFFFF70;  ///< device memory at this address
constexpr Word later_device = 0xFFFFFF80;
constexpr Word later_any = 0xFFFFFF90;              ///< free RAM of this size
constexpr Word later_kernel_info_page = 0xFFFFFFA0; ///< w1 is ignored

}  // namespace l4::sigma0
