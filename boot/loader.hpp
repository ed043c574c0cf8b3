// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the Multiboot loader tells: read once, before anything is overwritten.
#pragma once

#include <string_view>

#include <l4/multiboot.hpp>

#include "memory_map.hpp"
#include "modules.hpp"

namespace boot {

constexpr std::size_t command_line_capacity = 1024;     ///< with the final zero

class Loader {
public:
    explicit Loader (l4::multiboot::Info const& info) : info_ { info } {}

    /// Copies the command line, without the name of the image, to `buffer`.
    /// @param line  the copy
    Failure command_line (char (&buffer)[command_line_capacity], std::string_view& line) const;

    /// @param use_map  false: as if the loader had no memory map
    [[nodiscard]] MemoryReport memory (bool use_map) const;

    /// Adds all modules; a single one that is a bundle is taken apart.
    /// @param memory  where modules can be
    /// @param bundle  where it lies; empty if there is none
    Failure modules (MemoryMap const& memory, ModuleList& modules, Range& bundle) const;

private:
    [[nodiscard]] bool has (Word flag) const { return (info_.flags & flag) != 0; }

    l4::multiboot::Info const& info_;
};

}  // namespace boot
