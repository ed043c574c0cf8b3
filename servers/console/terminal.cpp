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

/// What was typed while a program ran.
struct TypeAhead {
    std::size_t first { 0 };
    std::size_t count { 0 };
    char characters[64] {};
};
constinit TypeAhead type_ahead {};

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

/// A port without FIFO holds one character: while the user types, look all the time. Else look
/// once per tick, and leave the processor to others, or idle, in between.
char read_terminal ()
{
    constexpr std::uint64_t alert_microseconds = 4000;
    constexpr Word poll_microseconds = 1000;
    static constinit std::uint64_t alert_until = 0;
    if (type_ahead.first < type_ahead.count)
        return type_ahead.characters[type_ahead.first++];
    for (;;) {
        if (serial.has_input ()) {
            alert_until = rt::clock () + alert_microseconds;
            return serial.get ();
        }
        if (rt::clock () < alert_until)
            rt::thread_switch (l4::ThreadId::nil ());
        else
            rt::sleep_microseconds (poll_microseconds);
    }
}

bool interrupt_typed ()
{
    constexpr char control_c = 3;
    if (type_ahead.first == type_ahead.count)
        type_ahead.first = type_ahead.count = 0;
    while (serial.has_input ()) {
        char const c = serial.get ();
        if (c == control_c)
            return true;
        if (type_ahead.count < sizeof type_ahead.characters)
            type_ahead.characters[type_ahead.count++] = c;
    }
    return false;
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
