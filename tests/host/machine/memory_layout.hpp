// SPDX-License-Identifier: BSD-2-Clause
/// @file  The host's memory layout: what the core wants to know of it. The addresses are the
///        kernel's, so that ids lead to thread control blocks by the same arithmetic.
#pragma once

#include <l4/word.hpp>

namespace machine {

using l4::Address;
using l4::Word;

constexpr Address tcb_area_begin = 0xE0000000;
constexpr Word tcb_size = 1024;

}  // namespace machine
