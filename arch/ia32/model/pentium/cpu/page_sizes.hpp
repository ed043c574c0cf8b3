// SPDX-License-Identifier: BSD-2-Clause
/// @file  Sizes of user pages: 4 KB and 4 MB. A 4 MB page is one TLB entry and one mapping.
#pragma once

#include <l4/fpage.hpp>

namespace cpu {

constexpr unsigned largest_page_bits = l4::superpage_bits;

}  // namespace cpu
