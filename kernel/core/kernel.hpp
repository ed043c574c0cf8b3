// SPDX-License-Identifier: BSD-2-Clause
/// @file  Start-up: kernel memory, first threads, and the idle loop.
#pragma once

#include <l4/word.hpp>
#include <lib/options.hpp>

#include <string_view>

namespace kernel {

/// What the processor's part of the start-up has found out.
struct MachineFacts {
    lib::BootOptions options;
    std::string_view image;             ///< name of the model that this kernel is made for
    std::string_view processor;         ///< class of the processor
    bool enforces_limits;
    bool has_small_spaces;
    bool has_time_stamp_counter;
    l4::Word processor_khz;
};

/// Take memory for the kernel from RAM. Panics if there is too little.
void take_memory (lib::BootOptions const& options);

/// Start sigma0 and the root task and run threads for ever. The machine is complete, but its
/// clock does not tick yet.
[[noreturn]] void run (MachineFacts const& facts);

/// The clock interrupt.
/// @param in_user_mode  what it interrupted
void clock_tick (bool in_user_mode);

}  // namespace kernel
