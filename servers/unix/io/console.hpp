// SPDX-License-Identifier: BSD-2-Clause
/// @file  The console as a device: what is written is printed; there is nothing to be read.
#pragma once

#include "open_file.hpp"

namespace unix_server {

extern FileOperations const console_operations;

}  // namespace unix_server
