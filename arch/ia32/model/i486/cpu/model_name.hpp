// SPDX-License-Identifier: BSD-2-Clause
/// @file  Which kernel this is, and which processors it runs on: all from the 486 on.
#pragma once

#include <cpu_model.hpp>

#include <string_view>

namespace cpu {

constexpr std::string_view model_name = "i486";

[[nodiscard]] inline bool is_supported (ia32::CpuModel const& model)
{
    return model.processor_class >= ia32::ProcessorClass::i486;
}

}  // namespace cpu
