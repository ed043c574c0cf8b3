// SPDX-License-Identifier: BSD-2-Clause
/// @file  Which physical memory there is, from what the loader says.
///
/// With the BIOS's map: its RAM entries minus all its other entries (maps of old machines overlap
/// themselves). Without: the two numbers that every BIOS knows, memory below 640 KB and memory
/// from 1 MB up to the first hole.
///
/// Usable is what is RAM but not the first page (BIOS data), the adapter area (640 KB to 1 MB)
/// or above 3 GB (no address space has room for it).
#pragma once

#include <cstdint>
#include <span>

#include "range.hpp"

namespace boot {

constexpr Address adapter_begin = 0xA0000;
constexpr Address adapter_end = 0x100000;
constexpr Address usable_limit = 0xC0000000;

struct MemoryMap {
    RangeSet ram;                   ///< whole pages of RAM below 4 GB
    RangeSet usable;
    std::uint64_t dropped { 0 };    ///< bytes of RAM above 3 GB
    bool from_bios { false };       ///< `ram` is all there is; otherwise there may be more
};

/// What the loader says about memory.
struct MemoryReport {
    bool has_sizes { false };
    Word lower_kb { 0 };            ///< from 0
    Word upper_kb { 0 };            ///< from 1 MB
    bool has_map { false };
    std::span<std::byte const> map {};  ///< Multiboot memory map entries
};

/// @return nullptr, or why `report` cannot be used
[[nodiscard]] char const* read_memory_map (MemoryReport const& report, MemoryMap& map);

}  // namespace boot
