// SPDX-License-Identifier: BSD-2-Clause
#include <interrupt.hpp>

#include <core/fault_ipc.hpp>
#include <core/interrupt.hpp>
#include <core/kernel.hpp>

#include <device/pic8259.hpp>
#include <machine/tcb_area.hpp>
#include <virtual_8086.hpp>

namespace {

void serve (unsigned line, bool from_user)
{
    using ia32::Pic8259;
    if (line == Pic8259::timer_line) {
        Pic8259::acknowledge (line);
        return kernel::clock_tick (from_user);
    }
    if (!Pic8259::end_spurious (line))
        kernel::interrupt::occurred (line);
}

}  // namespace

void handle_interrupt (machine::TrapFrame& frame)
{
    unsigned const line = frame.vector - ia32::Pic8259::first_vector;
    if (!frame.is_virtual_8086 ())
        return serve (line, frame.from_user ());
    kernel::Tcb& self = machine::tcb_area::current ();
    ia32::leave_virtual_8086 (self, frame);     // before others run
    serve (line, true);
    kernel::fault_ipc::shut_down (self);
}
