// SPDX-License-Identifier: BSD-2-Clause
#include <machine/idle.hpp>

#include <control.hpp>

namespace machine {

void idle (kernel::Tcb& idle)
{
    asm volatile ("movl %0, %%esp\n"
                  "1: sti\n\t"
                  "hlt\n\t"
                  "cli\n\t"
                  "jmp 1b"
                  :
                  : "r"(idle.stack_end ())
                  : "memory");
    __builtin_unreachable ();
}

}  // namespace machine
