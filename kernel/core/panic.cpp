// SPDX-License-Identifier: BSD-2-Clause
#include <core/panic.hpp>

#include <core/tcb.hpp>
#include <lib/assert.hpp>
#include <lib/format.hpp>

#include <machine/console.hpp>
#include <machine/stop.hpp>
#include <machine/tcb_area.hpp>

namespace kernel {

using lib::hex;
using machine::console;

namespace {

bool panicking;

void print_registers (machine::TrapFrame const& f)
{
    lib::print (console, "  vector ", f.vector, " error ", hex (f.error_code, 8), " cr2 ",
                hex (machine::fault_address (), 8), '\n');
    lib::print (console, "  cs:eip ", hex (f.cs, 4), ':', hex (f.eip, 8), " eflags ",
                hex (f.eflags, 8), '\n');
    lib::print (console, "  eax ", hex (f.eax, 8), " ebx ", hex (f.ebx, 8), " ecx ",
                hex (f.ecx, 8), " edx ", hex (f.edx, 8), '\n');
    lib::print (console, "  esi ", hex (f.esi, 8), " edi ", hex (f.edi, 8), " ebp ",
                hex (f.ebp, 8), " ds ", hex (f.ds, 4), " es ", hex (f.es, 4), '\n');
}

/// Words on the stack that point into the kernel's code: without frame pointers the call chain
/// is among them. tools/symbolize turns them into names.
void print_backtrace ()
{
    lib::print (console, "  stack:");
    unsigned shown = 0;
    Word const* const end = machine::stack_end ();
    for (Word const* p = machine::stack_pointer (); p < end && shown < 16; ++p)
        if (machine::is_kernel_code (*p)) {
            lib::print (console, ' ', hex (*p, 8));
            ++shown;
        }
    lib::print (console, '\n');
}

}  // namespace

void panic (char const* reason, machine::TrapFrame const* frame)
{
    machine::disable_interrupts ();
    if (!panicking) {                   // a panic while reporting one stops at once
        panicking = true;
        lib::print (console, "\nPANIC: ", reason, '\n');
        if (machine::on_thread_stack ()) {
            Tcb const& self = machine::tcb_area::current ();
            lib::print (console, "  thread ", self.id.task (), '.', self.id.lthread (), " id ",
                        hex (self.id.high (), 8), hex (self.id.low (), 8), '\n');
        }
        if (frame != nullptr)
            print_registers (*frame);
        print_backtrace ();
    }
    machine::stop_with_failure ();
}

}  // namespace kernel

void lib::assertion_failed (char const* expression, char const* file, int line)
{
    lib::print (machine::console, '\n', file, ':', line, ": ");
    kernel::panic (expression);
}
