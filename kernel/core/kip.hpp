// SPDX-License-Identifier: BSD-2-Clause
/// @file  The kernel info page: read at the start, rewritten for users; then its
/// clock runs, and it says how much kernel memory is free.
#pragma once

#include <l4/kip.hpp>

#include <string_view>

namespace kernel {

/// In the image, where the loader has filled it in.
extern l4::KernelInfoPage kip;

namespace info_page {

/// The highest `size` bytes of RAM below `limit` that nobody uses yet, page-aligned. Empty if
/// there is no such place.
[[nodiscard]] l4::MemoryRange find_free (l4::Word size, l4::Address limit);

/// RAM that the loader described, in bytes.
[[nodiscard]] l4::Word total_ram ();

/// Rewrite the loader's 2007 form to the classic form.
/// @param pool  kernel memory taken by `find_free`
void publish_classic (l4::MemoryRange image, l4::MemoryRange pool);

/// Complete the loader's 2007 form.
void publish_2007 (l4::MemoryRange pool);

/// Append a string: the version string first, then features.
void add_string (std::string_view text);

}  // namespace info_page

}  // namespace kernel
