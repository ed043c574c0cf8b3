// SPDX-License-Identifier: BSD-2-Clause
#include <machine/stop.hpp>

#include <instructions.hpp>

#include <string_view>

namespace machine {

void stop_with_failure ()
{
    constexpr std::uint8_t qemu_status = 0x32;      // QEMU exits with 2 * status + 1
    constexpr ia32::Port qemu_exit = 0xF4, bochs_exit = 0x8900;
    ia32::out8 (qemu_exit, qemu_status);
    for (char const c : std::string_view { "Shutdown" })
        ia32::out8 (bochs_exit, static_cast<std::uint8_t> (c));
    ia32::stop ();
}

}  // namespace machine
