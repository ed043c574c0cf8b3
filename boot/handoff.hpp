// SPDX-License-Identifier: BSD-2-Clause
/// @file  The Multiboot information that kernel and root task get.
///
/// One block, whatever the loader's looked like: the structure, the module table, the strings.
/// Modules: [0] the kernel that was started, [1] sigma0, [2] the root task, then the programs in
/// the order of the bundle. The string of each is its name and arguments.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "memory_map.hpp"
#include "modules.hpp"

namespace boot {

struct Handoff {
    ModuleList const& modules;
    Selection const& selection;
    std::string_view command_line;
    MemoryMap const& memory;
};

[[nodiscard]] Word handoff_size (Handoff const& handoff);

/// @param block  of `handoff_size` bytes or more, aligned to 4
/// @param at     the physical address of `block`
void write_handoff (Handoff const& handoff, std::span<std::byte> block, Address at);

}  // namespace boot
