// SPDX-License-Identifier: BSD-2-Clause
/// @file  The devices that have nodes: memory devices here, terminals in a file of their own.
#pragma once

#include "open_file.hpp"

namespace unix_server {

/// What stands behind a character device's number; nullptr: nothing
[[nodiscard]] FileOperations const* find_device (Word number);

}  // namespace unix_server
