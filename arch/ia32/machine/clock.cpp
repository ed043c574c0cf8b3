// SPDX-License-Identifier: BSD-2-Clause
#include <machine/clock.hpp>

#include <core/time.hpp>

#include <device/pic8259.hpp>
#include <device/pit8254.hpp>

namespace machine {

using ia32::Pic8259;
using ia32::Pit8254;

namespace {

/// 0.15 per mille fast: the nearest divisor of the PIT's clock.
constexpr std::uint16_t tick_divisor
    = (Pit8254::frequency + kernel::tick_microseconds / 2) / kernel::tick_microseconds;
constexpr std::uint16_t measured_milliseconds = 10;

std::uint32_t time_stamp_low ()
{
    std::uint32_t low;
    asm volatile (".byte 0x0F, 0x31" : "=a"(low) : : "edx");    // RDTSC
    return low;
}

}  // namespace

void start_clock ()
{
    Pit8254::start_periodic (tick_divisor);
    Pic8259::unmask (Pic8259::timer_line);
}

l4::Word measure_processor_khz ()
{
    Pit8254::start_measurement (measured_milliseconds * tick_divisor);
    std::uint32_t const begin = time_stamp_low ();
    // A dead timer must not hang the machine; 2^22 reads of the port take some seconds.
    for (unsigned n = 0; n < 1U << 22; ++n)
        if (Pit8254::is_over ())
            return (time_stamp_low () - begin) / measured_milliseconds;
    return 0;
}

}  // namespace machine
