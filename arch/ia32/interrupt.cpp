// SPDX-License-Identifier: BSD-2-Clause
#include <interrupt.hpp>

#include <core/kernel.hpp>

#include <device/pic8259.hpp>

void handle_interrupt (machine::TrapFrame& frame)
{
    using ia32::Pic8259;
    unsigned const line = frame.vector - Pic8259::first_vector;
    if (Pic8259::is_spurious (line))
        return;
    if (line != Pic8259::timer_line) {
        Pic8259::mask (line);           // nobody has attached it
        return Pic8259::acknowledge (line);
    }
    Pic8259::acknowledge (line);
    kernel::clock_tick ();
}
