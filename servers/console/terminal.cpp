// SPDX-License-Identifier: BSD-2-Clause
#include "terminal.hpp"

#include <new>

#include <root/protocol.hpp>
#include <runtime/ia32/ports.hpp>
#include <runtime/kip.hpp>
#include <runtime/lock.hpp>
#include <runtime/print.hpp>
#include <runtime/uart.hpp>

#include "screen.hpp"

namespace console {

namespace {

struct DirectIo {
    static std::uint8_t in8 (Word port) { return rt::in8 (port); }
    static void out8 (Word port, std::uint8_t value) { rt::out8 (port, value); }
};

using SerialPort = rt::Uart<DirectIo>;
using TextScreen = Screen<DirectIo>;

constinit SerialPort serial {};
constinit TextScreen* screen = nullptr;
constinit rt::Lock output_lock {};
constinit bool at_line_start = true;

/// The screen is made at run time: it starts with what is on the adapter.
alignas (TextScreen) constinit std::byte screen_storage[sizeof (TextScreen)] {};

void put_serial (char c)
{
    while (!serial.can_put ())
        rt::thread_switch (l4::ThreadId::nil ());
    serial.put (c);
}

void write_serial (std::string_view text, bool is_exact)
{
    if (!serial.present ())
        return;
    for (char const c : text) {
        if (c == '\n' && !is_exact)
            put_serial ('\r');
        put_serial (c);
    }
}

}  // namespace

void open_terminal ()
{
    serial = SerialPort { rt::serial_port (rt::kip_feature ("serial").value) };
    if (root::map_device (rt::layout::vga_text, l4::page_bits, rt::layout::vga_text))
        screen = new (screen_storage)
            TextScreen { reinterpret_cast<TextScreen::Cell volatile*> (rt::layout::vga_text) };
}

void write_terminal (std::string_view text, bool is_exact)
{
    if (text.empty ())
        return;
    rt::Locked const locked { output_lock };
    write_serial (text, is_exact);
    if (screen != nullptr)
        screen->write (text);
    at_line_start = text.back () == '\n';
}

bool take_typed (char& key)
{
    if (!serial.has_input ())
        return false;
    key = serial.get ();
    return true;
}

void begin_line ()
{
    if (!at_line_start)
        write_terminal ("\n");
}

void drain_terminal ()
{
    while (serial.present () && !serial.is_idle ())
        rt::thread_switch (l4::ThreadId::nil ());
}

}  // namespace console

/// What this program prints itself.
void rt::write (std::string_view text) { console::write_terminal (text); }
