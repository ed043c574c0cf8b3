// SPDX-License-Identifier: BSD-2-Clause
/// @file  A partner task that takes the pages it is sent.
#pragma once

#include <framework/pager.hpp>
#include <framework/partner_task.hpp>

#include "bench.hpp"

namespace bench {

/// Where it has them; the send base counts from here.
constexpr l4::Address page_receiver_window = guest::window_region;

/// Partner function: take what comes, answer, wait.
inline void receive_pages (void*)
{
    rt::Window const window { l4::Fpage::memory (page_receiver_window, l4::superpage_bits) };
    rt::IpcResult message = rt::wait (l4::Timeouts::never (), window);
    for (;;)
        message = rt::reply_and_wait (message.source, {}, rt::reply_timeouts, window);
}

/// Send it `fpage`.
inline void send_page (l4::ThreadId receiver, l4::Fpage fpage, Word send_base = 0)
{
    rt::IpcResult const answer
        = rt::ipc (l4::SendDescriptor::short_fpage (), l4::ReceiveDescriptor::registers (),
                   receiver, l4::Timeouts::never (), send_base, fpage.raw ());
    if (!answer.dope.ok ())
        fail ("a message with pages fails");
}

}  // namespace bench
