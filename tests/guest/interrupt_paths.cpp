// SPDX-License-Identifier: BSD-2-Clause
/// @file  Handlers that are servers, too, and whom they interrupt: what a kernel has a fast path
///        for, at its edges.
#include <framework/handlers.hpp>

using namespace guest;
using l4::interrupt_id;
using l4::IpcError;

namespace {

/// A server with a line: one open wait for calls and interrupts, and perhaps a call of its own
/// for each of the latter.
struct DriverServer {
    unsigned line;
    l4::ThreadId asks {};           ///< whom it calls when it is interrupted; nil: nobody
    unsigned volatile calls { 0 };
    unsigned volatile interrupts { 0 };
    Word volatile answer { 0 };

    static void run (void* order)
    {
        auto& self = *static_cast<DriverServer*> (order);
        static_cast<void> (attach (self.line));
        for (rt::IpcResult r = rt::wait ();;)
            if (r.source == interrupt_id (self.line)) {
                self.interrupts = self.interrupts + 1;
                if (!self.asks.is_nil ())
                    self.answer = rt::call (self.asks, { 40, 2 }).w0;
                r = rt::wait ();
            } else {
                self.calls = self.calls + 1;
                r = rt::reply_and_wait (r.source, { r.w0 + 1, self.interrupts });
            }
    }
};

Partner& begin_server (DriverServer& server, int priority)
{
    Partner& partner = partner_task (passing_task).start (DriverServer::run, &server);
    settle ();
    change_priority (partner.id (), priority);
    return partner;
}

}  // namespace

TEST_CASE ("INT-030", "one open wait serves callers and the line, in any order",
           "V2-310 V2-055 V2-313 V2-241")
{
    detach ();
    Keyboard::acquire ();
    DriverServer server { Keyboard::line };
    Partner& partner = begin_server (server, +1);
    unsigned raised = 0;
    for (unsigned const calls : { 0u, 1u, 2u, 0u, 3u, 0u, 1u }) {
        for (unsigned n = 0; n < calls; ++n) {
            auto const answer = rt::call (partner.id (), { n, 0 });
            CHECK_EQUAL (answer.w0, n + 1);
            CHECK_EQUAL (answer.w1, raised);
        }
        Keyboard::raise ();
        spin (kernel_tick);
        CHECK_EQUAL (server.interrupts, ++raised);
        Keyboard::serve ();
    }
    CHECK_EQUAL (server.calls, 7u);
}

TEST_CASE ("INT-031", "a handler that waits for somebody else gets its interrupt afterwards",
           "V2-242 V2-309 V2-055")
{
    detach ();
    Keyboard::acquire ();
    DriverServer server { Keyboard::line, rt::myself () };
    Partner& partner = begin_server (server, +1);
    Keyboard::raise ();
    rt::IpcResult const question = rt::receive (partner.id (), bounded);
    CHECK_EQUAL (question.w0, 40u);
    Keyboard::serve ();
    CHECK_EQUAL (send_to (interrupt_id (Keyboard::line), 0).dope.raw (), IpcError::not_existent);
    raise_and_wait ();                  // masked: it waits in the controller
    CHECK_EQUAL (server.interrupts, 1u);
    CHECK (rt::send (partner.id (), { 17, 0 }, bounded).ok ());
    CHECK_EQUAL (rt::receive (partner.id (), bounded).w0, 40u);
    CHECK_EQUAL (server.answer, 17u);
    CHECK_EQUAL (server.interrupts, 2u);
    Keyboard::serve ();
    CHECK (rt::send (partner.id (), { 18, 0 }, bounded).ok ());
    settle ();
    CHECK_EQUAL (server.answer, 18u);
}

TEST_CASE ("INT-032", "interrupts of an idle machine, of a thread and of a system call arrive",
           "V2-310 V2-313")
{
    detach ();
    RealTimeClock::acquire ();
    Handler handler { RealTimeClock::line };
    begin_handler (handler, +1);
    RealTimeClock::start (10);          // 64 per second
    auto const arrives = [&] (auto&& pass_time) {
        unsigned const before = handler.served;
        RealTimeClock::serve ();
        Microseconds const limit = now () + 100 * kernel_tick;
        while (handler.served == before && now () < limit)
            pass_time ();
        return handler.served == before + 1;
    };
    for (unsigned n = 0; n < 3; ++n) {
        CHECK (arrives ([] { sleep_milliseconds (1); }));
        CHECK (arrives ([] {}));
        CHECK (arrives ([] { rt::thread_switch (l4::ThreadId::nil ()); }));
    }
    RealTimeClock::stop ();
}

TEST_CASE ("INT-033", "an interrupted thread goes on with all its registers",
           "V2-310 V2-015")
{
    detach ();
    Keyboard::acquire ();
    Handler handler { Keyboard::line };
    begin_handler (handler, +1);
    for (Word n = 1; n < 4; ++n) {
        Word a = 0x01010101 * n, b = ~a, c = a * 3, d = a * 5, si = a * 7, di = a * 9;
        Word flags_before = 0, flags_behind = 0;
        asm volatile ("std\n\tpushfl\n\tpopl %6\n\t"
                      "pushl %%eax\n\tmovb $0xEE, %%al\n\toutb %%al, $0x60\n\tnop\n\t"
                      "popl %%eax\n\tpushfl\n\tpopl %7\n\tcld"
                      : "+a"(a), "+b"(b), "+c"(c), "+d"(d), "+S"(si), "+D"(di),
                        "=m"(flags_before), "=m"(flags_behind)
                      :
                      : "memory");
        CHECK_EQUAL (a, 0x01010101 * n);
        CHECK (b == ~a && c == a * 3 && d == a * 5 && si == a * 7 && di == a * 9);
        CHECK_EQUAL (flags_before, flags_behind);
        spin (kernel_tick);
        CHECK_EQUAL (handler.served, n);
        Keyboard::serve ();
    }
}

TEST_CASE ("INT-034", "a handler without a time slice waits for somebody to lend it one",
           "V2-310 V2-295")
{
    detach ();
    Keyboard::acquire ();
    Handler handler { Keyboard::line };
    Partner& partner = begin_handler (handler, +1);
    Word const priority = parameters_of (rt::myself ()).priority () + 1;
    rt::thread_schedule (partner.id (), { priority, l4::Timeout::zero () });
    Keyboard::raise ();
    spin (kernel_tick);
    CHECK_EQUAL (handler.served, 0u);
    rt::thread_switch (partner.id ());
    CHECK_EQUAL (handler.served, 1u);
    Keyboard::serve ();
}

namespace {

/// Asks somebody before it serves its line, which is open meanwhile.
struct Asker {
    l4::ThreadId asks;
    Word volatile answer { 0 };
    Word volatile answers_source { 0 };
    unsigned volatile interrupts { 0 };

    static void run (void* order)
    {
        auto& self = *static_cast<Asker*> (order);
        static_cast<void> (attach (Keyboard::line));
        rt::IpcResult const r = rt::call (self.asks, { 40, 2 });
        self.answers_source = r.source.low ();
        self.answer = r.w0;
        for (;;) {
            static_cast<void> (rt::receive (interrupt_id (Keyboard::line)));
            self.interrupts = self.interrupts + 1;
        }
    }
};

}  // namespace

TEST_CASE ("INT-035", "a line that is open does not interrupt its handler's call", "V2-242 V2-055")
{
    detach ();
    Keyboard::acquire ();
    Asker asker { .asks = rt::myself () };
    Partner& partner = partner_task (passing_task).start (Asker::run, &asker);
    CHECK_EQUAL (rt::receive (partner.id (), bounded).w0, 40u);
    change_priority (partner.id (), +1);
    Keyboard::raise ();
    spin (kernel_tick);
    CHECK_EQUAL (asker.interrupts, 0u);
    CHECK (rt::send (partner.id (), { 17, 0 }).ok ());
    settle ();
    CHECK_EQUAL (asker.answer, 17u);
    CHECK_EQUAL (asker.answers_source, rt::myself ().low ());
    CHECK_EQUAL (asker.interrupts, 1u);
    Keyboard::serve ();
}

TEST_CASE ("INT-036", "a handler whose line is closed finds those who wait to send to it",
           "V2-087 V2-055 V2-313")
{
    prepare_keyboard ();
    Keyboard::raise ();
    check_is_interrupt (rt::receive (interrupt_id (Keyboard::line)), Keyboard::line);
    Keyboard::serve ();
    Exchange first = Exchange::to (rt::myself (), { 7, 8 }), second = first;
    second.words = { 9, 10 };
    Partner& one = begin (first, Space::other);
    Partner& two = begin (second, Space::own);
    CHECK_EQUAL (rt::wait ().w0, 7u);
    CHECK_EQUAL (rt::receive (two.id ()).w0, 9u);
    Keyboard::raise ();
    check_is_interrupt (rt::wait (), Keyboard::line);
    Keyboard::serve ();
    one.release ();
    two.release ();
    detach ();
}
