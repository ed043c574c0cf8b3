// SPDX-License-Identifier: BSD-2-Clause
/// @file  System calls about names: making, removing, listing; working directories.
#pragma once

#include "../trap/call.hpp"

namespace unix_server::calls {

[[nodiscard]] Result mkdir (Call& call, Address path, Word mode);
[[nodiscard]] Result mkdirat (Call& call, Word directory, Address path, Word mode);
[[nodiscard]] Result mknod (Call& call, Address path, Word mode, Word device);
[[nodiscard]] Result mknodat (Call& call, Word directory, Address path, Word mode, Word device);
[[nodiscard]] Result symlink (Call& call, Address target, Address path);
[[nodiscard]] Result symlinkat (Call& call, Address target, Word directory, Address path);
[[nodiscard]] Result link (Call& call, Address from, Address to);
[[nodiscard]] Result linkat (Call& call, Word from_directory, Address from, Word to_directory,
                             Address to, Word flags);

[[nodiscard]] Result unlink (Call& call, Address path);
[[nodiscard]] Result rmdir (Call& call, Address path);
[[nodiscard]] Result unlinkat (Call& call, Word directory, Address path, Word flags);
[[nodiscard]] Result rename (Call& call, Address from, Address to);
[[nodiscard]] Result renameat (Call& call, Word from_directory, Address from, Word to_directory,
                               Address to);
[[nodiscard]] Result renameat2 (Call& call, Word from_directory, Address from, Word to_directory,
                                Address to, Word flags);

[[nodiscard]] Result readlink (Call& call, Address path, Address to, Word size);
[[nodiscard]] Result readlinkat (Call& call, Word directory, Address path, Address to, Word size);
[[nodiscard]] Result getdents (Call& call, Word descriptor, Address to, Word size);
[[nodiscard]] Result getdents64 (Call& call, Word descriptor, Address to, Word size);

[[nodiscard]] Result chdir (Call& call, Address path);
[[nodiscard]] Result fchdir (Call& call, Word descriptor);
[[nodiscard]] Result getcwd (Call& call, Address to, Word size);
/// There is nothing but memory.
[[nodiscard]] Result sync (Call& call);

}  // namespace unix_server::calls
