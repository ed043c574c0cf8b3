// SPDX-License-Identifier: BSD-2-Clause
/// @file  System calls about descriptors and open files.
#pragma once

#include "../trap/call.hpp"

namespace unix_server::calls {

[[nodiscard]] Outcome open (Call& call, Address path, Word flags, Word mode);
[[nodiscard]] Outcome openat (Call& call, Word directory, Address path, Word flags, Word mode);
[[nodiscard]] Outcome creat (Call& call, Address path, Word mode);
[[nodiscard]] Result close (Call& call, Word descriptor);

[[nodiscard]] Result pipe (Call& call, Address to);
[[nodiscard]] Result pipe2 (Call& call, Address to, Word flags);

[[nodiscard]] Outcome read (Call& call, Word descriptor, Address to, Word size);
[[nodiscard]] Outcome write (Call& call, Word descriptor, Address from, Word size);
[[nodiscard]] Outcome readv (Call& call, Word descriptor, Address vectors, Word count);
[[nodiscard]] Outcome writev (Call& call, Word descriptor, Address vectors, Word count);
[[nodiscard]] Outcome pread64 (Call& call, Word descriptor, Address to, Word size, Word low,
                               Word high);
[[nodiscard]] Outcome pwrite64 (Call& call, Word descriptor, Address from, Word size, Word low,
                                Word high);
[[nodiscard]] Outcome sendfile (Call& call, Word to, Word from, Address offset, Word size);
[[nodiscard]] Outcome sendfile64 (Call& call, Word to, Word from, Address offset, Word size);

[[nodiscard]] Result lseek (Call& call, Word descriptor, Word offset, Word whence);
[[nodiscard]] Result llseek (Call& call, Word descriptor, Word high, Word low, Address result,
                             Word whence);
[[nodiscard]] Result dup (Call& call, Word descriptor);
[[nodiscard]] Result dup2 (Call& call, Word descriptor, Word wanted);
[[nodiscard]] Result dup3 (Call& call, Word descriptor, Word wanted, Word flags);
[[nodiscard]] Result fcntl (Call& call, Word descriptor, Word command, Word argument);
[[nodiscard]] Outcome ioctl (Call& call, Word descriptor, Word request, Address argument);
[[nodiscard]] Result ftruncate (Call& call, Word descriptor, Word size);
[[nodiscard]] Result ftruncate64 (Call& call, Word descriptor, Word low, Word high);
[[nodiscard]] Result fsync (Call& call, Word descriptor);

}  // namespace unix_server::calls
