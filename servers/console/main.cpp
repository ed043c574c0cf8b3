// SPDX-License-Identifier: BSD-2-Clause
/// @file  The console: a prompt on the serial line, mirrored on the screen. Thread 0 reads and
///        executes commands; thread 1 prints for other programs; thread 2 gives keys to the one in
///        the foreground.
#include <runtime/kip.hpp>
#include <runtime/main.hpp>
#include <runtime/print.hpp>
#include <runtime/service.hpp>
#include <runtime/thread.hpp>

#include "keyboard.hpp"
#include "line_editor.hpp"
#include "shell.hpp"
#include "terminal.hpp"

namespace {

constexpr std::string_view prompt = "pecan> ";

rt::Stack<2048> output_stack;
constinit console::LineEditor editor {};

/// Serves the text protocol of runtime/service.hpp.
void serve_output (void*)
{
    rt::IpcResult request = rt::wait ();
    for (;;) {
        if (!request.dope.ok ()) {
            request = rt::wait ();
            continue;
        }
        rt::UnpackedText const unpacked = rt::unpack_text ({ request.w0, request.w1 });
        if (unpacked.count == 0)
            console::drain_terminal ();
        else
            console::write_terminal (unpacked.text (), unpacked.is_exact);
        request = rt::reply_and_wait (request.source, {});
    }
}

struct Echo {
    static void put (char c) { console::write_terminal ({ &c, 1 }); }
};

/// A line of input. @return false: given up by ^C
bool read_line ()
{
    Echo echo;
    editor.clear ();
    for (;;)
        switch (editor.feed (console::read_key (), echo)) {
        case console::LineEditor::Event::none: break;
        case console::LineEditor::Event::line: return true;
        case console::LineEditor::Event::cancelled: return false;
        }
}

}  // namespace

int main (std::string_view)
{
    console::open_terminal ();
    rt::start_thread (1, output_stack.top (), serve_output);
    console::start_keyboard ();
    rt::print (rt::kip_version_string (), "\nType help for the commands.\n");
    for (;;) {
        rt::print (prompt);
        if (read_line ())
            console::run_command (console::parse_command (editor.text ()));
    }
}
