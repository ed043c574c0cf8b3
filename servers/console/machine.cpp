// SPDX-License-Identifier: BSD-2-Clause
#include "machine.hpp"

#include <string_view>

#include <runtime/ia32/ports.hpp>
#include <runtime/ipc.hpp>

namespace console {

namespace {

constexpr l4::Word keyboard_command = 0x64;
constexpr std::uint8_t keyboard_busy = 0x02;
constexpr std::uint8_t pulse_reset_line = 0xFE;

constexpr l4::Word reset_control = 0xCF9;
constexpr std::uint8_t select_hard_reset = 0x02;
constexpr std::uint8_t perform_reset = 0x06;

constexpr l4::Word bochs_shutdown = 0x8900;
constexpr l4::Word qemu_debug_exit = 0xF4;
constexpr std::uint8_t clean_halt = 0x10;

constexpr l4::Word reset_time = 50'000;     // microseconds

}  // namespace

void reset_machine ()
{
    constexpr unsigned patience = 100'000;
    for (unsigned i = 0; i < patience && (rt::in8 (keyboard_command) & keyboard_busy) != 0; ++i)
        ;
    rt::out8 (keyboard_command, pulse_reset_line);
    rt::sleep_microseconds (reset_time);

    rt::out8 (reset_control, select_hard_reset);
    rt::out8 (reset_control, perform_reset);
    rt::sleep_microseconds (reset_time);
}

void leave_emulator ()
{
    for (char const c : std::string_view { "Shutdown" })
        rt::out8 (bochs_shutdown, static_cast<std::uint8_t> (c));
    rt::out8 (qemu_debug_exit, clean_halt);
}

}  // namespace console
