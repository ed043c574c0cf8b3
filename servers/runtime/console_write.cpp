// SPDX-License-Identifier: BSD-2-Clause
/// @file  The ordinary `write`: text to the console program. Linked unless a program has its own.
#include <runtime/info_page.hpp>
#include <runtime/print.hpp>
#include <runtime/service.hpp>

void rt::write (std::string_view text)
{
    l4::ThreadId const console = info_page ().console;
    while (!text.empty ()) {
        std::string_view const piece = text.substr (0, text_message_capacity);
        call (console, pack_text (piece));
        text.remove_prefix (piece.size ());
    }
}
