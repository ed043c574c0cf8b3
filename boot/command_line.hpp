// SPDX-License-Identifier: BSD-2-Clause
/// @file  From the loader's command line to the boot options, and to the kernel's name.
#pragma once

#include <string_view>

#include <cpu_model.hpp>
#include <lib/options.hpp>

namespace boot {

/// The options in `line`. Some loaders put the name of the image in front, others do not: a
/// first word that contains a slash or begins with "boot" is a name, which no option does or
/// will; and the loader called "qemu" always passes one.
[[nodiscard]] std::string_view without_image_name (std::string_view line,
                                                   std::string_view loader);

/// The kernel image that the options demand, or else the one made for the processor.
[[nodiscard]] std::string_view kernel_for (lib::BootOptions const& options,
                                           ia32::CpuModel const& cpu);

}  // namespace boot
