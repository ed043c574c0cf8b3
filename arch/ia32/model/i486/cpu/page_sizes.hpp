// SPDX-License-Identifier: BSD-2-Clause
/// @file  Sizes of user pages: 4 KB.
#pragma once

#include <l4/fpage.hpp>

namespace cpu {

constexpr unsigned largest_page_bits = l4::page_bits;

}  // namespace cpu
