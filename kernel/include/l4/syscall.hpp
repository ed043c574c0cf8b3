// SPDX-License-Identifier: BSD-2-Clause
/// @file  The seven system calls: software interrupts, arguments in registers.
///
/// docs/abi.md lists each call's registers; `servers/runtime/ia32/syscalls.hpp` binds them.
#pragma once

#include <l4/word.hpp>

namespace l4 {

enum class SystemCall : Word {
    ipc = 0x30,
    id_nearest = 0x31,
    fpage_unmap = 0x32,
    thread_switch = 0x33,
    thread_schedule = 0x34,
    lthread_ex_regs = 0x35,
    task_new = 0x36,
};

/// EAX of id_nearest on return.
enum class Nearest : Word {
    same_clan = 0,          ///< reached directly
    outside = 4,            ///< the invoker's own chief is returned
    inner_clan = 0xC,       ///< the chief of the inner clan is returned
};

/// ECX of fpage_unmap.
enum UnmapMask : Word {
    unmap_remap_read_only = 0,
    unmap_completely = 2,
    unmap_in_own_space_too = 0x80000000,
};

/// Which of the two traditions of Version 2 a task follows (docs/abi.md, 2). Also bits 9..8 of EAX
/// of task_new, where 0 means the creator's.
enum class Profile : std::uint8_t {
    strict = 1,             ///< ids in full, clans and chiefs, ports one by one
    l4env = 2,              ///< ids name task and thread, messages are direct, I/O privilege
};

/// EAX, ECX or EDX: "leave unchanged", "read only", "failed", depending on the call.
constexpr Word unchanged = ~Word { 0 };

}  // namespace l4
