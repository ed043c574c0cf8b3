// SPDX-License-Identifier: BSD-2-Clause
/// @file  A program from the file system into a process.
#pragma once

#include "../fs/archive.hpp"
#include "initial_stack.hpp"
#include "process.hpp"

namespace unix_server {

/// Everything that a program takes; nothing of the process has been touched yet.
struct LoadOrder {
    Archive::Bytes file {};
    ElfProgram program {};
    Archive::Bytes interpreter_file {};
    ElfProgram interpreter {};

    [[nodiscard]] bool has_interpreter () const { return !interpreter_file.empty (); }
};

/// Find the program and its interpreter, and check both. @return 0 or the error
[[nodiscard]] Result find_program (Archive const& root, std::string_view path, LoadOrder& order);

/// Put the program into the empty space of `process`, with its stack and first registers.
/// @return false: no memory; the process cannot go on
[[nodiscard]] bool load_program (Process& process, LoadOrder const& order,
                                 Arguments const& arguments, Frames& frames);

}  // namespace unix_server
