// SPDX-License-Identifier: BSD-2-Clause
/// @file  Selectors of the global descriptor table. User selectors are the same in every thread.
#pragma once

#include <cstdint>

namespace ia32 {

constexpr std::uint16_t kernel_code = 0x08;
constexpr std::uint16_t kernel_data = 0x10;
constexpr std::uint16_t user_code = 0x18 | 3;
constexpr std::uint16_t user_data = 0x20 | 3;
constexpr std::uint16_t task_state = 0x28;
/// The first of three that belong to the running thread: docs/abi.md 11.
constexpr std::uint16_t first_tls_selector = 0x30 | 3;
constexpr std::uint16_t double_fault_task = 0x48;
constexpr std::uint16_t limit_probe = 0x50;

constexpr unsigned gdt_entries = 11;

}  // namespace ia32
