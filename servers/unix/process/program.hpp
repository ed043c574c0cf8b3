// SPDX-License-Identifier: BSD-2-Clause
/// @file  A program from the file system into a process.
#pragma once

#include "../fs/path.hpp"
#include "initial_stack.hpp"
#include "process.hpp"

namespace unix_server {

/// Everything that a program takes; nothing of the process has been touched yet.
struct LoadOrder {
    Node* file { nullptr };
    ElfProgram program {};
    Node* interpreter_file { nullptr };
    ElfProgram interpreter {};

    [[nodiscard]] bool has_interpreter () const { return interpreter_file != nullptr; }
};

/// Find the program and its interpreter, and check both. A script's interpreter takes its place,
/// and the script's name a place among the arguments.
/// @param path  the text is changed
/// @return 0 or the error
[[nodiscard]] Result find_program (FileSystem const& files, Node& start, Path& path,
                                   StringList& arguments, LoadOrder& order);

/// Put the program into the empty space of `process`, with its stack and first registers.
/// @return false: no memory; the process cannot go on
[[nodiscard]] bool load_program (Process& process, LoadOrder const& order,
                                 Arguments const& arguments, Frames& frames);

}  // namespace unix_server
