// SPDX-License-Identifier: BSD-2-Clause
#include <machine/console.hpp>

#include <machine/memory_layout.hpp>

namespace machine {

constinit Console console;

void Console::initialise (lib::BootOptions::Serial serial)
{
    screen_.init (static_cast<std::uint16_t volatile*> (
        to_virtual (ia32::VgaText::physical_buffer)));
    if (serial.is_on ())
        uart_.init (serial.port, serial.baud);
}

void Console::put (char c)
{
    if (c == '\n')
        uart_.put ('\r');
    uart_.put (c);
    screen_.put (c);
}

}  // namespace machine
