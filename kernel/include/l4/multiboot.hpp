// SPDX-License-Identifier: BSD-2-Clause
/// @file  Multiboot 1 structures: loader -> boot, boot -> kernel, and `user_ptr` -> root task.
///
/// Source: Multiboot Specification version 0.6.96, sections 3.1 to 3.3.
#pragma once

#include <l4/word.hpp>

namespace l4::multiboot {

constexpr Word header_magic = 0x1BADB002;
constexpr Word loader_magic = 0x2BADB002;       ///< EAX at the entry of boot and of the kernel

/// Bits of Info::flags.
enum InfoFlag : Word {
    info_memory = 1 << 0,
    info_command_line = 1 << 2,
    info_modules = 1 << 3,
    info_memory_map = 1 << 6,
};

struct Module {
    Address begin;
    Address end;            ///< first byte behind
    Address string;         ///< zero-terminated: name, then arguments
    Word reserved;
};

/// An entry of the memory map. `size` does not count itself.
struct [[gnu::packed]] MemoryMapEntry {
    Word size;
    std::uint64_t base;
    std::uint64_t length;
    Word type;              ///< 1: RAM
};

struct Info {
    Word flags;
    Word memory_lower;      ///< KB from 0
    Word memory_upper;      ///< KB from 1 MB to the first hole
    Word boot_device;
    Address command_line;
    Word modules_count;
    Address modules;
    Word symbols[4];
    Word memory_map_length; ///< bytes
    Address memory_map;
    Word unused[9];
};

static_assert (sizeof (Module) == 16);
static_assert (sizeof (MemoryMapEntry) == 24);
static_assert (sizeof (Info) == 88);

}  // namespace l4::multiboot
