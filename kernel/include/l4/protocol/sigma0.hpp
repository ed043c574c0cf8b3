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
constexpr Word w1_kernel_pages = 0x00;      ///< recommended number of kernel pages (kernel only)
constexpr Word w1_kernel_info_page = 0x01;  ///< map the kernel info page read-only

/// w0 = address | 1, w1 = this: the 4 MB page around the address, or else its 4 KB page.
constexpr Word w1_superpage = 22 << 2;

/// w0 from here up to 3 GB, bit 0 = 0: 4 MB of device memory at w0 + device_offset, uncached.
constexpr Address device_window = 0x40000000;
constexpr Address device_offset = 0x40000000;

/// w0 = I/O fpage: these ports, if they are free or the requester's already.

}  // namespace l4::sigma0
