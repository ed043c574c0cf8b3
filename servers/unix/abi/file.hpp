// SPDX-License-Identifier: BSD-2-Clause
/// @file  What Linux/i386 says about files: modes, flags, and the structures that describe them.
///
/// Source: Linux, include/uapi/asm-generic/fcntl.h, linux/stat.h, linux/fcntl.h, linux/dirent.h;
/// arch/x86/include/uapi/asm/stat.h, statfs.h.
#pragma once

#include <cstdint>

#include <l4/word.hpp>

namespace unix_server {

using l4::Address;
using l4::Word;

namespace mode {

constexpr Word type = 0170000;
constexpr Word fifo = 0010000;
constexpr Word character = 0020000;
constexpr Word directory = 0040000;
constexpr Word block = 0060000;
constexpr Word regular = 0100000;
constexpr Word symlink = 0120000;
constexpr Word socket = 0140000;
constexpr Word permissions = 07777;
constexpr Word execute = 0111;

}  // namespace mode

namespace open_flag {

constexpr Word access = 3;                  ///< the first two bits: 0 read, 1 write, 2 both
constexpr Word write_only = 1;
constexpr Word read_write = 2;
constexpr Word create = 0100;
constexpr Word exclusive = 0200;
constexpr Word truncate = 01000;
constexpr Word append = 02000;
constexpr Word nonblock = 04000;
constexpr Word large_file = 0100000;
constexpr Word directory = 0200000;
constexpr Word no_follow = 0400000;
constexpr Word close_on_exec = 02000000;
/// What F_GETFL tells of an open file; F_SETFL changes the second group.
constexpr Word kept = access | append | nonblock | large_file | directory | no_follow | 0070000;
constexpr Word changeable = append | nonblock;

}  // namespace open_flag

namespace at_flag {

constexpr Word working_directory = 0 - Word { 100 };    ///< as the descriptor
constexpr Word no_follow = 0x100;
constexpr Word remove_directory = 0x200;
constexpr Word effective_access = 0x200;
constexpr Word follow = 0x400;
constexpr Word no_automount = 0x800;
constexpr Word empty_path = 0x1000;
constexpr Word statx_sync = 0x6000;

}  // namespace at_flag

enum class Control : Word {                 // commands of fcntl
    duplicate = 0, get_descriptor = 1, set_descriptor = 2, get_flags = 3, set_flags = 4,
    duplicate_close_on_exec = 1030, get_pipe_size = 1032,
};

constexpr Word descriptor_close_on_exec = 1;    ///< of F_GETFD and F_SETFD

namespace request {                         // requests of ioctl for all files

constexpr Word bytes_to_read = 0x541B;
constexpr Word set_nonblock = 0x5421;
constexpr Word clear_close_on_exec = 0x5450;
constexpr Word set_close_on_exec = 0x5451;

}  // namespace request

constexpr Word longest_path = 4096;         ///< with its zero
constexpr Word longest_name = 255;
constexpr Word most_symlinks = 40;          ///< in one path

/// The number of a device, in the form that stat64 and mknod have.
[[nodiscard]] constexpr Word device_number (Word major, Word minor)
{
    return (minor & 0xFF) | major << 8 | (minor & ~Word { 0xFF }) << 12;
}
[[nodiscard]] constexpr Word device_major (Word device) { return device >> 8 & 0xFFF; }
[[nodiscard]] constexpr Word device_minor (Word device)
{
    return (device & 0xFF) | (device >> 12 & 0xFFF00);
}

struct [[gnu::packed]] Stat {
    Word device;
    Word number;
    std::uint16_t mode;
    std::uint16_t links;
    std::uint16_t user;
    std::uint16_t group;
    Word special_device;
    Word size;
    Word block_size;
    Word blocks;
    Word accessed, accessed_nanoseconds;
    Word modified, modified_nanoseconds;
    Word changed, changed_nanoseconds;
    Word unused[2];
};

struct [[gnu::packed]] Stat64 {
    std::uint64_t device;
    Word unused;
    Word short_number;
    Word mode;
    Word links;
    Word user;
    Word group;
    std::uint64_t special_device;
    Word unused2;
    std::uint64_t size;
    Word block_size;
    std::uint64_t blocks;
    Word accessed, accessed_nanoseconds;
    Word modified, modified_nanoseconds;
    Word changed, changed_nanoseconds;
    std::uint64_t number;
};

struct [[gnu::packed]] StatxTime {
    std::int64_t seconds;
    Word nanoseconds;
    Word unused;
};

struct [[gnu::packed]] Statx {
    static constexpr Word basic = 0x7FF;    ///< all but the time of birth

    Word mask;
    Word block_size;
    std::uint64_t attributes;
    Word links;
    Word user;
    Word group;
    std::uint16_t mode;
    std::uint16_t unused;
    std::uint64_t number;
    std::uint64_t size;
    std::uint64_t blocks;
    std::uint64_t attributes_mask;
    StatxTime accessed, born, changed, modified;
    Word special_major, special_minor;
    Word device_major, device_minor;
    std::uint64_t unused2[14];
};

struct [[gnu::packed]] StatFs {
    Word type;
    Word block_size;
    Word blocks, free_blocks, available_blocks;
    Word nodes, free_nodes;
    Word id[2];
    Word longest_name;
    Word fragment_size;
    Word flags;
    Word unused[4];
};

struct [[gnu::packed]] StatFs64 {
    Word type;
    Word block_size;
    std::uint64_t blocks, free_blocks, available_blocks;
    std::uint64_t nodes, free_nodes;
    Word id[2];
    Word longest_name;
    Word fragment_size;
    Word flags;
    Word unused[4];
};

/// Heads of what getdents64 and getdents write; the name follows.
struct [[gnu::packed]] Entry64 {
    std::uint64_t number;
    std::uint64_t next;
    std::uint16_t size;
    std::uint8_t type;
};

struct [[gnu::packed]] EntryOld {
    Word number;
    Word next;
    std::uint16_t size;
};

static_assert (sizeof (Stat) == 64 && sizeof (Stat64) == 96 && sizeof (Statx) == 256);
static_assert (sizeof (StatFs) == 64 && sizeof (StatFs64) == 84);
static_assert (sizeof (Entry64) == 19 && sizeof (EntryOld) == 10);

}  // namespace unix_server
