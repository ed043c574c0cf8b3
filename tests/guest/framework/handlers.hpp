// SPDX-License-Identifier: BSD-2-Clause
/// @file  Lines and their handlers: attaching, raising, serving.
#pragma once

#include <runtime/info_page.hpp>

#include "check.hpp"
#include "devices.hpp"
#include "exchange.hpp"
#include "probes.hpp"
#include "task_numbers.hpp"

namespace guest {

constexpr unsigned passing_task = 2;                        ///< a partner task of one case only

/// Attach `id`'s line to the caller, or with nil detach. @return the result code
inline Word associate (l4::ThreadId id) { return rt::receive (id, no_waiting).dope.raw (); }
inline Word attach (unsigned line) { return associate (l4::interrupt_id (line)); }
inline void detach ()
{
    CHECK_EQUAL (associate (l4::ThreadId::nil ()), l4::IpcError::receive_timeout);
}

/// The case begins without a line and with a keyboard that is quiet.
inline void prepare_keyboard ()
{
    detach ();
    Keyboard::acquire ();
    REQUIRE_EQUAL (attach (Keyboard::line), l4::IpcError::receive_timeout);
}

inline void check_is_interrupt (rt::IpcResult const& message, unsigned line)
{
    CHECK_EQUAL (message.dope.raw (), 0u);
    CHECK_EQUAL (message.source.low (), line + 1);
    CHECK_EQUAL (message.source.high (), 0u);
}

/// Raise line 1 and wait until it must be pending, without receiving it.
inline void raise_and_wait ()
{
    Keyboard::raise ();
    settle ();
}

inline rt::IpcResult send_to (l4::ThreadId interrupt, Word w0,
                       l4::SendDescriptor message = l4::SendDescriptor::registers ())
{
    return rt::ipc (message, l4::ReceiveDescriptor::nil (), interrupt, l4::Timeouts::never (), w0,
                    0);
}

/// What another thread gets when it tries to attach.
struct Attempt {
    unsigned line;
    Word volatile result { ~Word { 0 } };
};

inline void attempt (void* order)
{
    auto& self = *static_cast<Attempt*> (order);
    self.result = attach (self.line);
}

[[nodiscard]] inline Word attach_in_task (unsigned n, unsigned line)
{
    Attempt order { line };
    Partner& partner = partner_task (n).start (attempt, &order);
    CHECK (partner.finish ());
    partner.release ();
    return order.result;
}

/// A thread that serves a line until the case is over.
struct Handler {
    unsigned line;
    Word attached { 0 };
    unsigned volatile served { 0 };
    Word volatile last_dope { ~Word { 0 } };
    bool volatile reads_device { true };
};

inline void handle_keyboard (void* order)
{
    auto& self = *static_cast<Handler*> (order);
    self.attached = attach (self.line);
    for (;;) {
        self.last_dope = rt::receive (l4::interrupt_id (self.line)).dope.raw ();
        self.served = self.served + 1;
    }
}

[[nodiscard]] inline l4::ScheduleParameter parameters_of (l4::ThreadId thread)
{
    return rt::thread_schedule (thread, l4::ScheduleParameter { l4::unchanged }).old;
}

inline void change_priority (l4::ThreadId thread, int difference)
{
    Word const own = parameters_of (rt::myself ()).priority ();
    rt::thread_schedule (thread, { own + static_cast<Word> (difference),
                                   parameters_of (thread).slice () });
}

/// Start `handler` with a priority next to the caller's, waiting for its line.
inline Partner& begin_handler (Handler& handler, int priority)
{
    Partner& partner = partner_task (passing_task).start (handle_keyboard, &handler);
    settle ();
    CHECK_EQUAL (handler.attached, l4::IpcError::receive_timeout);
    change_priority (partner.id (), priority);
    return partner;
}

/// Without a system call, so that nothing but an interrupt lets others run.
inline void spin (Microseconds duration)
{
    Microseconds const limit = now () + duration;
    while (now () < limit)
        ;
}

}  // namespace guest
