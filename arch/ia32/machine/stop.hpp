// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a panic needs of the machine.
#pragma once

#include <core/tcb.hpp>
#include <l4/word.hpp>

#include <machine/kernel_image.hpp>
#include <machine/memory_layout.hpp>
#include <machine/tcb_area.hpp>

#include <control.hpp>
#include <init.hpp>

namespace machine {

using l4::Word;

inline void disable_interrupts () { ia32::disable_interrupts (); }
[[nodiscard]] inline Word fault_address () { return ia32::read_cr2 (); }

[[nodiscard]] inline Word const* stack_pointer ()
{
    Word const* p;
    asm ("movl %%esp, %0" : "=r"(p));
    return p;
}

/// Whether the stack in use is a thread's, and so tells the running thread.
[[nodiscard]] inline bool on_thread_stack ()
{
    auto const p = reinterpret_cast<Address> (stack_pointer ());
    return p >= tcb_area_begin && p < tcb_area_end;
}

/// First address behind the stack in use, or a little above where it is not known.
[[nodiscard]] inline Word const* stack_end ()
{
    auto const p = reinterpret_cast<Address> (stack_pointer ());
    return reinterpret_cast<Word const*> (
        on_thread_stack () ? tcb_area::current ().stack_end () : (p & ~Word { 3 }) + 256);
}

[[nodiscard]] inline bool is_kernel_code (Word address)
{
    return address >= reinterpret_cast<Word> (kernel_begin)
           && address < reinterpret_cast<Word> (kernel_end);
}

/// Tell an emulator to leave with a failure status; on a real machine, halt.
[[noreturn]] void stop_with_failure ();

}  // namespace machine
