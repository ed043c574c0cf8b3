// SPDX-License-Identifier: BSD-2-Clause
/// @file  Open files of the file system: bytes at an offset; and directories, which have none.
#pragma once

#include "open_file.hpp"

namespace unix_server {

extern FileOperations const regular_file_operations;
extern FileOperations const directory_operations;

}  // namespace unix_server
