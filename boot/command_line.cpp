// SPDX-License-Identifier: BSD-2-Clause
#include "command_line.hpp"

namespace boot {

std::string_view without_image_name (std::string_view line, std::string_view loader)
{
    while (line.starts_with (' '))
        line.remove_prefix (1);
    std::size_t word = 0;
    bool is_name = line.starts_with ("boot") || loader == "qemu";
    for (; word < line.size () && line[word] != ' '; ++word)
        is_name = is_name || line[word] == '/';
    if (is_name)
        line.remove_prefix (word);
    while (line.starts_with (' '))
        line.remove_prefix (1);
    return line;
}

std::string_view kernel_for (lib::BootOptions const& options, ia32::CpuModel const& cpu)
{
    using Kernel = lib::BootOptions::Kernel;
    bool const pentium = options.kernel == Kernel::automatic ? cpu.runs_pentium_image ()
                                                              : options.kernel == Kernel::pentium;
    return pentium ? "kernel-pentium" : "kernel-i486";
}

}  // namespace boot
