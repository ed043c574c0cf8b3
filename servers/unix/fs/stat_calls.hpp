// SPDX-License-Identifier: BSD-2-Clause
/// @file  System calls that tell about files, and those that change what is told.
#pragma once

#include "../trap/call.hpp"

namespace unix_server::calls {

[[nodiscard]] Result stat (Call& call, Address path, Address to);
[[nodiscard]] Result lstat (Call& call, Address path, Address to);
[[nodiscard]] Result fstat (Call& call, Word descriptor, Address to);
[[nodiscard]] Result stat64 (Call& call, Address path, Address to);
[[nodiscard]] Result lstat64 (Call& call, Address path, Address to);
[[nodiscard]] Result fstat64 (Call& call, Word descriptor, Address to);
[[nodiscard]] Result fstatat64 (Call& call, Word directory, Address path, Address to, Word flags);
[[nodiscard]] Result statx (Call& call, Word directory, Address path, Word flags, Word mask,
                            Address to);
[[nodiscard]] Result statfs (Call& call, Address path, Address to);
[[nodiscard]] Result fstatfs (Call& call, Word descriptor, Address to);
[[nodiscard]] Result statfs64 (Call& call, Address path, Word size, Address to);
[[nodiscard]] Result fstatfs64 (Call& call, Word descriptor, Word size, Address to);

[[nodiscard]] Result access (Call& call, Address path, Word mode);
[[nodiscard]] Result faccessat (Call& call, Word directory, Address path, Word mode);
[[nodiscard]] Result faccessat2 (Call& call, Word directory, Address path, Word mode, Word flags);

[[nodiscard]] Result chmod (Call& call, Address path, Word mode);
[[nodiscard]] Result fchmod (Call& call, Word descriptor, Word mode);
[[nodiscard]] Result fchmodat (Call& call, Word directory, Address path, Word mode);
[[nodiscard]] Result chown32 (Call& call, Address path, Word user, Word group);
[[nodiscard]] Result lchown32 (Call& call, Address path, Word user, Word group);
[[nodiscard]] Result fchown32 (Call& call, Word descriptor, Word user, Word group);
[[nodiscard]] Result fchownat (Call& call, Word directory, Address path, Word user, Word group,
                               Word flags);
[[nodiscard]] Result umask (Call& call, Word mask);

[[nodiscard]] Result utime (Call& call, Address path, Address times);
[[nodiscard]] Result utimes (Call& call, Address path, Address times);
[[nodiscard]] Result utimensat (Call& call, Word directory, Address path, Address times,
                                Word flags);
[[nodiscard]] Result utimensat_time64 (Call& call, Word directory, Address path, Address times,
                                       Word flags);

[[nodiscard]] Result truncate (Call& call, Address path, Word size);
[[nodiscard]] Result truncate64 (Call& call, Address path, Word low, Word high);

}  // namespace unix_server::calls
