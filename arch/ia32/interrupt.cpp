// SPDX-License-Identifier: BSD-2-Clause
#include <interrupt.hpp>

#include <core/interrupt.hpp>
#include <core/kernel.hpp>

#include <device/pic8259.hpp>

void handle_interrupt (machine::TrapFrame& frame)
{
    using ia32::Pic8259;
    unsigned const line = frame.vector - Pic8259::first_vector;
    if (line == Pic8259::timer_line) {
        Pic8259::acknowledge (line);
        return kernel::clock_tick (frame.from_user ());
    }
    if (!Pic8259::end_spurious (line))
        kernel::interrupt::occurred (line);
}
