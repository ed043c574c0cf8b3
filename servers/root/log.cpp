// SPDX-License-Identifier: BSD-2-Clause
#include "log.hpp"

#include <l4/ipc.hpp>
#include <runtime/exception.hpp>
#include <runtime/ia32/ports.hpp>
#include <runtime/kip.hpp>
#include <runtime/service.hpp>
#include <runtime/uart.hpp>

#include "memory.hpp"

namespace root {

namespace {

struct DirectIo {
    static std::uint8_t in8 (Word port) { return rt::in8 (port); }
    static void out8 (Word port, std::uint8_t value) { rt::out8 (port, value); }
};

using SerialPort = rt::Uart<DirectIo>;

constinit l4::ThreadId log_console {};
constinit SerialPort serial {};
constinit bool serial_ready = false;

/// Serial port of the kernel's choice, with its ports in our hands; absent if there is none.
SerialPort open_serial ()
{
    l4::KernelInfoPage const* const kip = kernel_info_page ();
    if (kip == nullptr)
        return SerialPort {};
    Word const port = rt::serial_port (rt::kip_feature ("serial", *kip).value);
    constexpr unsigned log2_registers = 3;
    if (port == 0 || !claim_ports (l4::Fpage::io (port, log2_registers)))
        return SerialPort {};
    return SerialPort { port };
}

void put_serial (char c)
{
    // About ten characters at 1200 baud on a slow machine; then the line is dead.
    constexpr unsigned patience = 1'000'000;
    for (unsigned i = 0; i < patience; ++i)
        if (serial.can_put ())
            return serial.put (c);
}

void write_serial (std::string_view text)
{
    if (!serial_ready) {
        serial = open_serial ();
        serial_ready = true;
    }
    if (!serial.present ())
        return;
    for (char const c : text) {
        if (c == '\n')
            put_serial ('\r');
        put_serial (c);
    }
}

/// At most seven characters through the console. @return whether it took them
bool write_console (std::string_view piece)
{
    constexpr l4::Timeout patience = l4::Timeout::at_least (1'000'000);
    if (log_console.is_nil ())
        return false;
    rt::IpcResult const result
        = rt::call (log_console, rt::pack_text (piece), l4::Timeouts { patience, patience });
    // Its thread may not be there yet. But one that does not listen now never will.
    bool const absent = result.dope.error () == static_cast<Word> (l4::IpcError::not_existent);
    if (!result.dope.ok () && !absent)
        set_log_console (l4::ThreadId::nil ());
    return result.dope.ok ();
}

}  // namespace

void set_log_console (l4::ThreadId console) { log_console = console; }

}  // namespace root

void rt::write (std::string_view text)
{
    using namespace root;
    while (!text.empty ()) {
        std::string_view const piece = text.substr (0, text_message_capacity);
        if (!write_console (piece))
            return write_serial (text);
        text.remove_prefix (piece.size ());
    }
}

/// There is nobody to tell, and what the thread was for is not done any more: say so at least.
void rt::end_by_exception (Exception const& exception)
{
    print ("root: error: exception ", exception.number, " at ", hex (exception.instruction),
           ", code ", hex (exception.code, 4), "\n");
    sleep_forever ();
}
