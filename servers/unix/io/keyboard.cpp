// SPDX-License-Identifier: BSD-2-Clause
#include "keyboard.hpp"

#include <runtime/info_page.hpp>
#include <runtime/thread.hpp>

namespace unix_server {

namespace {

constinit rt::Stack<1024> stack {};

void bring_keys (void*)
{
    l4::ThreadId const server = rt::myself ().with_lthread (0);
    l4::ThreadId const console = rt::info_page ().console.with_lthread (rt::keyboard_thread);
    for (;;) {
        rt::IpcResult const keys = rt::call (console, {});
        rt::Words const message { keys.w0, keys.w1 };
        if (!keys.dope.ok () || typed_keys (message).count == 0)
            rt::sleep_forever ();
        rt::call (server, message);
    }
}

}  // namespace

void start_keyboard () { rt::start_thread (keyboard_thread, stack.top (), bring_keys); }

}  // namespace unix_server
