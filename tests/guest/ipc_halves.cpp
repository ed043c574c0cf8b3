// SPDX-License-Identifier: BSD-2-Clause
/// @file  Sends and receives by themselves, and waits with a limit of time: what a kernel has fast
///        paths for, at the edges of these.
///
/// Nothing here may depend on a path: the suite runs with and without them, and both reports must
/// be equal.
#include <framework/call.hpp>
#include <framework/check.hpp>
#include <framework/exchange.hpp>

using namespace guest;
using l4::IpcError;

namespace {

constexpr auto anyone = l4::ReceiveDescriptor::registers ().open ();

/// Counts what it receives; answers nothing.
struct Sink {
    l4::ThreadId from {};                       ///< nil: anyone
    l4::Timeouts timeouts { l4::Timeouts::never () };
    bool computes { false };                    ///< has something in the floating-point unit
    unsigned volatile received { 0 };
    rt::IpcResult last { l4::MessageDope { ~Word { 0 } }, 0, 0, {}, {} };

    static void run (void* sink)
    {
        auto& self = *static_cast<Sink*> (sink);
        for (;;) {
            if (self.computes)
                asm volatile ("fninit");
            rt::IpcResult const r = self.from.is_nil () ? rt::wait (self.timeouts)
                                                        : rt::receive (self.from, self.timeouts);
            self.last = r;
            self.received = self.received + r.dope.ok ();
        }
    }
};

[[nodiscard]] Word own_priority ()
{
    constexpr l4::ScheduleParameter read_only { l4::unchanged };
    return rt::thread_schedule (rt::myself (), read_only).old.priority ();
}

void set_priority (l4::ThreadId thread, Word priority)
{
    constexpr l4::ScheduleParameter read_only { l4::unchanged };
    rt::thread_schedule (thread,
                         { priority, rt::thread_schedule (thread, read_only).old.slice () });
}

Partner& start_sink (Sink& sink, Space space, int above = 0)
{
    Partner& partner = start_in (space, Sink::run, &sink);
    set_priority (partner.id (), own_priority () + static_cast<Word> (above));
    settle ();
    return partner;
}

/// Send `count` messages, each of which has arrived, and been waited behind, when the send returns.
void check_sends (Partner& partner, Sink& sink, unsigned count)
{
    for (Word n = 0; n < count; ++n) {
        unsigned const before = sink.received;
        Word const result = rt::send (partner.id (), { n, ~n }).raw ();
        CHECK_EQUAL (result, 0u);
        CHECK_EQUAL (sink.received, before + 1);
        CHECK_EQUAL (sink.last.dope.raw (), two_words);
        CHECK (sink.last.w0 == n && sink.last.w1 == ~n);
        CHECK_EQUAL (sink.last.source, rt::myself ());
    }
}

/// Takes messages and sends w0 + 1 back by another call, waiting for the partner to receive.
void answer_later (void* turns)
{
    for (unsigned n = *static_cast<unsigned*> (turns); n != 0; --n) {
        rt::IpcResult const r = rt::wait ();
        static_cast<void> (rt::send (r.source, { r.w0 + 1, r.w1 }));
    }
}

/// A server that answers odd questions and forgets the others.
void answer_odd (void*)
{
    for (rt::IpcResult r = rt::wait ();;)
        r = (r.w0 & 1) != 0 ? rt::reply_and_wait (r.source, { r.w0, r.w1 }) : rt::wait ();
}

/// Call with a limit, beginning at a tick. @return the code of the result
[[nodiscard]] Word call_within (l4::ThreadId server, Word w0, l4::Timeout limit)
{
    Word code = 0;
    Microseconds const before = now ();
    while (now () == before)
        ;
    auto const duration = duration_of ([&] {
        auto const r = rt::call (server, { w0, 0 }, { l4::Timeout::never (), limit });
        code = static_cast<Word> (r.dope.error ());
        CHECK (!r.dope.ok () || r.w0 == w0);
    });
    if (code != 0) {
        CHECK (duration >= limit.microseconds ());
        CHECK (duration < limit.microseconds () + 3 * kernel_tick);
    }
    return code;
}

constexpr auto limit_passed = static_cast<Word> (IpcError::receive_timeout);

}  // namespace

TEST_CASE ("HLV-001", "a send to a thread that waits runs that at once, and then goes on",
           "V2-072 V2-052 V2-055")
{
    for (Space space : { Space::own, Space::other })
        for (int above : { 0, -1, +1 })
            for (auto timeouts : { l4::Timeouts::never (), bounded })
                for (l4::ThreadId from : { l4::ThreadId::nil (), rt::myself () }) {
                    Sink sink { from, timeouts };
                    Partner& partner = start_sink (sink, space, above);
                    check_sends (partner, sink, above < 0 ? 1 : 3);
                    partner.release ();
                }
}

TEST_CASE ("HLV-002", "send and receive as two calls exchange messages", "V2-072 V2-055 V2-087")
{
    for (Space space : { Space::own, Space::other }) {
        unsigned turns = 20;
        Partner& partner = start_in (space, answer_later, &turns);
        for (Word n = 0; n < turns; ++n) {
            CHECK (rt::send (partner.id (), { n, 5 }).ok ());
            rt::IpcResult const r = n % 2 == 0 ? rt::receive (partner.id ()) : rt::wait ();
            CHECK (r.w0 == n + 1 && r.w1 == 5);
            CHECK_EQUAL (r.source, partner.id ());
        }
        CHECK (partner.finish ());
        partner.release ();
    }
}

TEST_CASE ("HLV-003", "a receive phase that cannot be fails behind a send that was",
           "V2-066 V2-054")
{
    Sink sink;
    Partner& partner = start_sink (sink, Space::other);
    for (Word receive : { 0xFFFFFFF0u, 0xFFFFFFF1u, 0xC0000000u, 0xBFFFFFFCu }) {
        unsigned const before = sink.received;
        CHECK_EQUAL (call (partner.id (), l4::SendDescriptor::registers (),
                           l4::ReceiveDescriptor { receive }).dope.raw (),
                     IpcError::receive_aborted);
        settle ();
        CHECK_EQUAL (sink.received, before + 1);
        CHECK_EQUAL (call (partner.id (), l4::SendDescriptor::nil (),
                           l4::ReceiveDescriptor { receive }).dope.raw (),
                     IpcError::receive_aborted);
    }
}

TEST_CASE ("HLV-004", "a closed receive wants the complete id of a thread that exists",
           "V2-030 V2-065 V2-056")
{
    Sink sink;
    l4::ThreadId const id = start_sink (sink, Space::other).id ();
    l4::ThreadId const wrong[] = {
        { id.low () ^ 1, id.high () },
        { id.low () ^ 1u << 28, id.high () },
        { id.low (), id.high () ^ 1 },
        { id.low (), id.high () ^ 1u << 28 },
        id.with_lthread (101),
    };
    for (l4::ThreadId source : wrong)
        for (auto timeouts : { l4::Timeouts::never (), bounded })
            CHECK_EQUAL (rt::receive (source, timeouts).dope.raw (), IpcError::not_existent);
    CHECK_EQUAL (rt::receive (rt::myself (), within (2)).dope.raw (), IpcError::receive_timeout);
    CHECK_EQUAL (rt::receive (id, within (2)).dope.raw (), IpcError::receive_timeout);
}

TEST_CASE ("HLV-005", "a receive finds those who already wait to send", "V2-087 V2-055 V2-075")
{
    for (auto timeouts : { l4::Timeouts::never (), bounded }) {
        Exchange first = Exchange::to (rt::myself (), { 1, 0 });
        Exchange second = Exchange::to (rt::myself (), { 2, 0 });
        Partner& one = begin (first, Space::other);
        Partner& two = begin (second, Space::own);
        CHECK_EQUAL (rt::receive (two.id (), timeouts).w0, 2u);
        CHECK_EQUAL (rt::receive (two.id (), within (2)).dope.raw (), IpcError::receive_timeout);
        CHECK_EQUAL (rt::wait (timeouts).w0, 1u);
        CHECK_EQUAL (rt::wait (within (2)).dope.raw (), IpcError::receive_timeout);
        one.release ();
        two.release ();
    }
}

TEST_CASE ("HLV-006", "each wait has its own limit, shorter or longer than the one before",
           "V2-076 V2-074 V2-140")
{
    Partner& server = start_in (Space::other, answer_odd, nullptr);
    settle ();
    constexpr l4::Timeout seconds { 5, 2 }, milliseconds { 12, 78 };    // 2.1 s, 5 ms
    constexpr l4::Timeout longer { 11, 117 }, endless { 1, 255 };       // 30 ms, 19 hours
    for (unsigned round = 0; round < 3; ++round) {
        CHECK_EQUAL (call_within (server.id (), 1, seconds), 0u);
        CHECK_EQUAL (call_within (server.id (), 3, bounded.receive ()), 0u);
        CHECK_EQUAL (call_within (server.id (), 2, milliseconds), limit_passed);
        CHECK_EQUAL (call_within (server.id (), 5, milliseconds), 0u);
        CHECK_EQUAL (call_within (server.id (), 7, endless), 0u);
        CHECK_EQUAL (call_within (server.id (), 4, longer), limit_passed);
        CHECK_EQUAL (call_within (server.id (), 6, l4::Timeout::zero ()), limit_passed);
        CHECK_EQUAL (call_within (server.id (), 8, { 15, 255 }), limit_passed);
    }
}

TEST_CASE ("HLV-007", "threads that compute receive and are sent to like others",
           "V2-015 V2-055 V2-072")
{
    Sink sink { .computes = true };
    Partner& partner = start_sink (sink, Space::other);
    check_sends (partner, sink, 3);
    int const number = 12345;
    int result = 0;
    asm volatile ("fninit\n\tfildl %0" : : "m"(number));
    check_sends (partner, sink, 3);
    CHECK_EQUAL (rt::receive (partner.id (), within (2)).dope.raw (), IpcError::receive_timeout);
    asm volatile ("fistpl %0" : "=m"(result));
    CHECK_EQUAL (result, number);
}

TEST_CASE ("HLV-008", "a waiting thread can be thrown out, and its sender gone",
           "V2-088 V2-209 V2-055")
{
    for (bool is_open : { true, false }) {
        Exchange order = is_open ? Exchange::wait (bounded)
                                 : Exchange::from (rt::myself (), bounded);
        Partner& partner = begin (order, Space::other);
        auto const state = rt::thread_schedule (partner.id (),
                                                l4::ScheduleParameter { l4::unchanged });
        CHECK_EQUAL (state.old.state (), l4::ThreadStateCode::waiting);
        CHECK_EQUAL (state.partner, is_open ? l4::ThreadId::invalid () : rt::myself ());
        partner.restart ();
        settle ();
        CHECK (order.pending ());
        CHECK (rt::send (partner.id (), { 3, 4 }).ok ());
        CHECK (partner.finish ());
        CHECK (order.result.w0 == 3 && order.result.w1 == 4);
        partner.release ();
    }
}
