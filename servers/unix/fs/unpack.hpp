// SPDX-License-Identifier: BSD-2-Clause
/// @file  From the archive to the file system: files' data stays where it is.
///
/// Context: pure; host tests in tests/host/unix.
#pragma once

#include "archive.hpp"
#include "file_system.hpp"

namespace unix_server {

/// Add all members. Directories that no member makes are made; a member that cannot be, such as
/// one below a file, is left out; what comes last counts.
/// @return false: no memory, or the archive is damaged; what is there can be used
[[nodiscard]] bool unpack (ArchiveReader::Bytes archive, FileSystem& files);

/// /dev with the devices that the server has, as far as they are not there.
[[nodiscard]] bool make_devices (FileSystem& files);

}  // namespace unix_server
