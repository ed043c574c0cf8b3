// SPDX-License-Identifier: BSD-2-Clause
#include "console.hpp"

#include <instructions.hpp>

namespace boot {

namespace {

/// QEMU's isa-debug-exit: the value n ends it with status 2n + 1, here 99.
constexpr ia32::Port qemu_exit_port = 0xF4;
constexpr std::uint8_t qemu_error = 0x31;

/// Bochs and old QEMUs end when this word is written here.
constexpr ia32::Port shutdown_port = 0x8900;
constexpr char shutdown_word[] = "Shutdown";

}  // namespace

constinit Console console;

void Console::start (lib::BootOptions::Serial serial)
{
    screen_.init (reinterpret_cast<std::uint16_t volatile*> (ia32::VgaText::physical_buffer));
    static_cast<void> (serial_.init (serial.port, serial.baud));
}

void Console::put (char c)
{
    if (c == '\n')
        serial_.put ('\r');
    serial_.put (c);
    screen_.put (c);
}

void stop ()
{
    ia32::out8 (qemu_exit_port, qemu_error);
    for (char const* c = shutdown_word; *c != '\0'; ++c)
        ia32::out8 (shutdown_port, static_cast<std::uint8_t> (*c));
    for (;;) {
        ia32::cli ();
        ia32::hlt ();
    }
}

}  // namespace boot
