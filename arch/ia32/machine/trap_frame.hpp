// SPDX-License-Identifier: BSD-2-Clause
/// @file  What lies at the end of a TCB while its thread is in the kernel: the user's registers.
#pragma once

#include <cstddef>

#include <l4/word.hpp>

namespace machine {

using l4::Word;

struct TrapFrame {
    Word ds, es;                                ///< entry/traps.asm reloads flat ones
    Word edi, esi, ebp, ebx, edx, ecx, eax;
    Word vector;
    Word error_code;                            ///< 0 where the processor pushes none
    Word eip, cs, eflags;
    Word esp, ss;                               ///< only for entries from user mode

    /// Have the thread execute the `int` of its system call once more: two bytes.
    void repeat_system_call () { eip -= 2; }

    [[nodiscard]] bool from_user () const { return (cs & 3) == 3 || is_virtual_8086 (); }
    [[nodiscard]] bool is_virtual_8086 () const { return (eflags & 0x20000) != 0; }
};

static_assert (sizeof (TrapFrame) == 64);
static_assert (offsetof (TrapFrame, eip) == 44);

}  // namespace machine
