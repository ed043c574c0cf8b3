// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a Linux system call returns in EAX: a value, or the negative of an error number.
///
/// Source: Linux, include/uapi/asm-generic/errno-base.h and errno.h.
#pragma once

#include <cstdint>

#include <l4/word.hpp>

namespace unix_server {

using l4::Address;
using l4::Word;

enum class Errno : Word {
    not_permitted = 1,          // EPERM
    no_entry = 2,               // ENOENT
    no_process = 3,             // ESRCH
    interrupted = 4,            // EINTR
    input_output = 5,           // EIO
    no_device = 6,              // ENXIO
    too_big = 7,                // E2BIG
    no_exec = 8,                // ENOEXEC
    bad_descriptor = 9,         // EBADF
    no_child = 10,              // ECHILD
    again = 11,                 // EAGAIN
    no_memory = 12,             // ENOMEM
    access = 13,                // EACCES
    fault = 14,                 // EFAULT
    busy = 16,                  // EBUSY
    exists = 17,                // EEXIST
    other_device = 18,          // EXDEV
    not_mappable = 19,          // ENODEV
    not_a_directory = 20,       // ENOTDIR
    is_a_directory = 21,        // EISDIR
    invalid = 22,               // EINVAL
    table_full = 23,            // ENFILE
    too_many_files = 24,        // EMFILE
    not_a_terminal = 25,        // ENOTTY
    text_busy = 26,             // ETXTBSY
    file_too_big = 27,          // EFBIG
    no_space = 28,              // ENOSPC
    not_seekable = 29,          // ESPIPE
    read_only = 30,             // EROFS
    too_many_links = 31,        // EMLINK
    broken_pipe = 32,           // EPIPE
    range = 34,                 // ERANGE
    name_too_long = 36,         // ENAMETOOLONG
    no_system_call = 38,        // ENOSYS
    not_empty = 39,             // ENOTEMPTY
    too_many_symlinks = 40,     // ELOOP
    overflow = 75,              // EOVERFLOW
    not_supported = 95,         // EOPNOTSUPP
};

/// What goes into EAX.
class Result {
public:
    constexpr Result (Word value) : raw_ { value } {}                   // NOLINT: a value is one
    constexpr Result (Errno error) : raw_ { 0 - static_cast<Word> (error) } {}  // NOLINT

    [[nodiscard]] constexpr Word raw () const { return raw_; }
    /// The highest 4,095 values are errors.
    [[nodiscard]] constexpr bool ok () const { return raw_ < 0xFFFFF001; }
    friend constexpr bool operator== (Result, Result) = default;

private:
    Word raw_;
};

static_assert (!Result { Errno::no_system_call }.ok () && Result { Word { 0xBFFFE000 } }.ok ());

}  // namespace unix_server
