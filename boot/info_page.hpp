// SPDX-License-Identifier: BSD-2-Clause
/// @file  The kernel info page inside a kernel image: finding it, and what boot writes into it.
///
/// The page is found as any loader would: by its magic on a page boundary of the loaded image.
#pragma once

#include <span>

#include <l4/kip.hpp>

#include "elf32.hpp"
#include "failure.hpp"
#include "memory_map.hpp"

namespace boot {

struct InfoPageSlot {
    Address at { 0 };               ///< physical address after loading
    Word descriptors_offset { 0 };  ///< of the memory descriptors in the page
    Word descriptors { 0 };         ///< how many fit
};

/// @return nullptr, or why this is no kernel for us
[[nodiscard]] char const* find_info_page (Elf32 const& kernel, InfoPageSlot& slot);

/// Whose memory is whose when the kernel starts. All page granular.
struct MemoryUse {
    RangeSet const* usable { nullptr };
    Range kernel {};
    Range sigma0 {};
    Range root {};
    RangeSet modules {};            ///< and their description
};

constexpr Failure too_scattered { "modules", "too scattered for the kernel info page" };

/// Writes the descriptors of `use`: conventional memory first, then, taking precedence over it,
/// the adapter area, what kernel and sigma0 occupy, and what belongs to the root task: its image,
/// which is never joined with what adjoins it, and the modules.
/// @param omitted  bytes of the smallest regions, left out because too few descriptors fit
Failure describe_memory (MemoryUse const& use, std::span<l4::MemoryDescriptor> table,
                         std::size_t& count, Word& omitted);

struct ServerStarts {
    l4::ServerStart sigma0;
    l4::ServerStart root;
};

/// Fills everything but the descriptors themselves into the page of a loaded kernel.
void fill_info_page (l4::KernelInfoPage& page, ServerStarts const& starts, Address user_ptr,
                     Word descriptor_count);

}  // namespace boot
