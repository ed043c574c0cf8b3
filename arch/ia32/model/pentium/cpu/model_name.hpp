// SPDX-License-Identifier: BSD-2-Clause
/// @file  Which kernel this is, and which processors it runs on: those with what every Pentium
/// has, and 4 MB pages.
#pragma once

#include <cpu_model.hpp>

#include <string_view>

namespace cpu {

constexpr std::string_view model_name = "pentium";

[[nodiscard]] inline bool is_supported (ia32::CpuModel const& model)
{
    return model.runs_pentium_image () && model.pse;
}

}  // namespace cpu
