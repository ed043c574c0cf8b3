// SPDX-License-Identifier: BSD-2-Clause
/// @file  One ipc of a partner, as data: what it shall do and what came out.
///
///     Exchange order = Exchange::wait ();
///     Partner& partner = start_in (Space::other, exchange, &order);
///     CHECK (rt::send (partner.id (), { 1, 2 }, bounded).ok ());
///     REQUIRE (partner.finish ());
///     CHECK_EQUAL (order.result.w0, 1u);
#pragma once

#include "partner.hpp"
#include "partner_task.hpp"
#include "probes.hpp"
#include "time.hpp"

namespace guest {

struct Exchange {
    l4::SendDescriptor send { l4::SendDescriptor::nil () };
    l4::ReceiveDescriptor receive { l4::ReceiveDescriptor::nil () };
    l4::ThreadId partner {};
    l4::Timeouts timeouts { l4::Timeouts::never () };
    rt::Words words {};
    l4::ThreadId virtual_source {};     ///< used if `send` deceives
    rt::IpcResult result { l4::MessageDope { ~Word { 0 } }, 0, 0, {}, {} };
    Microseconds ended { 0 };

    /// Send two words.
    [[nodiscard]] static Exchange to (l4::ThreadId receiver, rt::Words words,
                                      l4::Timeouts timeouts = l4::Timeouts::never ())
    {
        return { .send = l4::SendDescriptor::registers (), .partner = receiver,
                 .timeouts = timeouts, .words = words };
    }
    /// Receive two words from one thread.
    [[nodiscard]] static Exchange from (l4::ThreadId sender,
                                        l4::Timeouts timeouts = l4::Timeouts::never ())
    {
        return { .receive = l4::ReceiveDescriptor::registers (), .partner = sender,
                 .timeouts = timeouts };
    }
    /// Receive two words from anybody.
    [[nodiscard]] static Exchange wait (l4::Timeouts timeouts = l4::Timeouts::never ())
    {
        return { .receive = l4::ReceiveDescriptor::registers ().open (), .timeouts = timeouts };
    }
    /// Send two words and receive the answer.
    [[nodiscard]] static Exchange call (l4::ThreadId server, rt::Words words,
                                        l4::Timeouts timeouts = l4::Timeouts::never ())
    {
        return { .send = l4::SendDescriptor::registers (),
                 .receive = l4::ReceiveDescriptor::registers (), .partner = server,
                 .timeouts = timeouts, .words = words };
    }

    /// The same message in another thread's name.
    [[nodiscard]] Exchange as (l4::ThreadId source) const
    {
        Exchange deceiving = *this;
        deceiving.send = l4::SendDescriptor { send.raw () | 1 };
        deceiving.virtual_source = source;
        return deceiving;
    }

    /// Not ended yet: no result has these bits.
    [[nodiscard]] bool pending () const { return result.dope.raw () == ~Word { 0 }; }

    void perform ()
    {
        bool const deceives = !send.is_nil () && send.deceives ();
        rt::IpcResult const r = deceives ? deceive ()
                                         : rt::ipc (send, receive, partner, timeouts, words.w0,
                                                    words.w1);
        ended = now ();
        result = r;
    }

    [[nodiscard]] rt::IpcResult deceive () const
    {
        RegisterImage in = distinct_registers;
        in.eax = send.raw ();
        in.ecx = timeouts.raw ();
        in.edx = words.w0;
        in.ebx = words.w1;
        in.ebp = receive.raw ();
        in.esi = partner.low ();
        in.edi = partner.high ();
        RegisterImage out {};
        guest_deceiving_ipc (&in, &out, &virtual_source);
        return { l4::MessageDope { out.eax }, out.edx, out.ebx, { out.esi, out.edi },
                 { out.ecx, out.ebp } };
    }
};

/// Partner function: performs the Exchange that is its argument.
inline void exchange (void* order)
{
    static_cast<Exchange*> (order)->perform ();
}

/// The test program's own task, or the first partner task.
enum class Space { own, other };

inline Partner& start_in (Space space, PartnerFunction function, void* argument)
{
    return space == Space::own ? start_partner (function, argument)
                               : partner_task ().start (function, argument);
}

/// Start `order` and give it time to block.
inline Partner& begin (Exchange& order, Space space = Space::own)
{
    Partner& partner = start_in (space, exchange, &order);
    settle ();
    return partner;
}

}  // namespace guest
