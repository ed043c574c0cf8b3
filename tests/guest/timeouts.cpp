// SPDX-License-Identifier: BSD-2-Clause
/// @file  Timeouts: coding, accuracy, and what they leave alone.
#include <framework/check.hpp>
#include <framework/exchange.hpp>

using namespace guest;

namespace {

constexpr Microseconds at_once = 3 * kernel_tick;
constexpr Microseconds latest = 3 * kernel_tick;       ///< a timeout is late by less than this

constexpr Word receive_timeout = static_cast<Word> (l4::IpcError::receive_timeout);
constexpr Word send_timeout = static_cast<Word> (l4::IpcError::send_timeout);

/// A thread that exists and does not receive.
[[nodiscard]] l4::ThreadId busy_thread ()
{
    return start_partner ([] (void*) {}, nullptr).id ();
}

void await_tick ()
{
    Microseconds const before = now ();
    while (now () == before)
        ;
}

/// Receive from nobody with `timeout`, beginning at a tick.
void check_sleep (l4::Timeout timeout)
{
    await_tick ();
    auto const slept = duration_of ([timeout] {
        l4::Timeouts const timeouts { l4::Timeout::never (), timeout };
        CHECK_EQUAL (rt::receive (l4::ThreadId::nil (), timeouts).dope.raw (), receive_timeout);
    });
    CHECK (slept >= timeout.microseconds ());
    CHECK (slept < timeout.microseconds () + latest);
}

}  // namespace

TEST_CASE ("TMO-001", "a send without waiting to a busy thread fails at once", "V2-131")
{
    l4::ThreadId const busy = busy_thread ();
    settle ();
    auto const duration = duration_of ([busy] {
        CHECK_EQUAL (rt::send (busy, {}, l4::Timeouts { 0x10 }).raw (), send_timeout);
    });
    CHECK (duration < at_once);
}

TEST_CASE ("TMO-002", "a receive without waiting from nobody fails at once", "V2-132")
{
    auto const duration = duration_of ([] {
        CHECK_EQUAL (rt::wait (l4::Timeouts { 1 }).dope.raw (), receive_timeout);
    });
    CHECK (duration < at_once);
}

TEST_CASE ("TMO-003", "a receive without waiting takes a pending message", "V2-133 V2-075")
{
    Exchange open = Exchange::to (rt::myself (), { 7, 8 });
    begin (open);
    auto const message = rt::wait (l4::Timeouts { 1 });
    CHECK (message.dope.ok ());
    CHECK_EQUAL (message.w0, 7u);
    Exchange closed = Exchange::to (rt::myself (), { 9, 8 });
    Partner& partner = begin (closed, Space::other);
    CHECK_EQUAL (rt::receive (partner.id (), l4::Timeouts { 1 }).w0, 9u);
}

TEST_CASE ("TMO-004", "102.4 ms are 102.4 ms", "V2-134 V2-076")
{
    check_sleep ({ 10, 100 });
}

TEST_CASE ("TMO-005", "a timeout never ends early and less than three ticks late", "V2-076 V2-073")
{
    check_sleep ({ 15, 1 });
    check_sleep ({ 14, 250 });
    check_sleep ({ 13, 63 });
    check_sleep ({ 11, 9 });
    check_sleep ({ 10, 7 });
    check_sleep ({ 9, 5 });
    check_sleep ({ 8, 2 });
    check_sleep ({ 7, 1 });
}

TEST_CASE ("TMO-006", "exponent 0 is infinite whatever the mantissa is", "V2-135")
{
    Exchange receiver = Exchange::wait (l4::Timeouts { 0xFFFF0000 });
    Partner& waiting = begin (receiver);
    Exchange sender = Exchange::to (busy_thread (), {}, l4::Timeouts { 0x00010000 });
    begin (sender);
    sleep_milliseconds (50);
    CHECK (receiver.pending ());
    CHECK (sender.pending ());
    CHECK (rt::send (waiting.id (), { 3, 4 }, bounded).ok ());
    REQUIRE (waiting.finish ());
    CHECK_EQUAL (receiver.result.w0, 3u);
}

TEST_CASE ("TMO-007", "a call without waiting to send waits for its answer", "V2-136")
{
    auto const receive_and_be_silent = [] (void*) {
        static_cast<void> (rt::wait ());
        rt::sleep_forever ();
    };
    Partner& server = start_in (Space::other, receive_and_be_silent, nullptr);
    settle ();
    l4::Timeout const fifty = l4::Timeout::at_least (50'000);
    auto const duration = duration_of ([&server, fifty] {
        auto const answer = rt::call (server.id (), {}, { l4::Timeout::zero (), fifty });
        CHECK_EQUAL (answer.dope.raw (), receive_timeout);
    });
    CHECK (duration >= 50 * kernel_tick);
    CHECK (duration < fifty.microseconds () + latest + kernel_tick);
}

TEST_CASE ("TMO-008", "a mantissa need not be normalised", "V2-137")
{
    check_sleep ({ 6, 1 });
}

TEST_CASE ("TMO-009", "255 microseconds end at a tick", "V2-138")
{
    check_sleep ({ 15, 255 });
}

TEST_CASE ("TMO-010", "a timeout that did not fire does not end a later wait", "V2-140")
{
    struct Order {
        Exchange first { Exchange::wait (within (30)) };
        Exchange second { Exchange::wait () };
    } order;
    auto const receive_twice = [] (void* argument) {
        auto& self = *static_cast<Order*> (argument);
        self.first.perform ();
        self.second.perform ();
    };
    Partner& partner = start_partner (receive_twice, &order);
    settle ();
    CHECK (rt::send (partner.id (), { 1, 0 }, bounded).ok ());
    sleep_milliseconds (60);
    CHECK (!order.first.pending ());
    CHECK (order.second.pending ());
    CHECK (rt::send (partner.id (), { 2, 0 }, bounded).ok ());
    REQUIRE (partner.finish ());
    CHECK_EQUAL (order.first.result.w0, 1u);
    CHECK_EQUAL (order.second.result.w0, 2u);
}

TEST_CASE ("TMO-011", "sleepers wake in the order of their deadlines", "V2-076")
{
    Exchange orders[4];
    unsigned const milliseconds[4] { 40, 10, 30, 20 };
    for (unsigned i = 0; i < 4; ++i) {
        orders[i] = Exchange::from (l4::ThreadId::nil (), within (milliseconds[i]));
        static_cast<void> (start_in (i % 2 == 0 ? Space::own : Space::other, exchange, &orders[i]));
    }
    sleep_milliseconds (80);
    for (Exchange const& order : orders)
        CHECK_EQUAL (order.result.dope.raw (), receive_timeout);
    CHECK (orders[1].ended < orders[3].ended);
    CHECK (orders[3].ended < orders[2].ended);
    CHECK (orders[2].ended < orders[0].ended);
}

TEST_CASE ("TMO-012", "a finite send timeout runs while the receiver is busy", "V2-065 V2-076")
{
    l4::ThreadId const busy = busy_thread ();
    await_tick ();
    auto const duration = duration_of ([busy] {
        CHECK_EQUAL (rt::send (busy, {}, within (20)).raw (), send_timeout);
    });
    CHECK (duration >= 20 * kernel_tick);
    CHECK (duration < within (20).send ().microseconds () + latest);
}

TEST_CASE ("TMO-013", "a receiver that gave up takes no message", "V2-075")
{
    Exchange order = Exchange::wait (within (5));
    Partner& partner = begin (order);
    REQUIRE (partner.finish ());
    CHECK_EQUAL (order.result.dope.raw (), receive_timeout);
    CHECK_EQUAL (rt::send (partner.id (), {}, no_waiting).raw (), send_timeout);
}

TEST_CASE ("TMO-014", "mantissa 0 is zero with every exponent but 0", "V2-073 V2-075")
{
    l4::ThreadId const busy = busy_thread ();
    for (Word exponent = 1; exponent < 16; ++exponent) {
        l4::Timeouts const timeouts { { exponent, 0 }, { exponent, 0 } };
        auto const duration = duration_of ([busy, timeouts] {
            CHECK_EQUAL (rt::wait (timeouts).dope.raw (), receive_timeout);
            CHECK_EQUAL (rt::send (busy, {}, timeouts).raw (), send_timeout);
        });
        CHECK (duration < at_once);
    }
}

TEST_CASE ("TMO-015", "the receive timeout runs from the end of the send", "V2-074")
{
    auto const receive_late = [] (void*) {
        sleep_milliseconds (40);
        static_cast<void> (rt::wait ());
        rt::sleep_forever ();
    };
    Partner& server = start_partner (receive_late, nullptr);
    auto const duration = duration_of ([&server] {
        l4::Timeouts const timeouts { bounded.send (), l4::Timeout::at_least (20'000) };
        CHECK_EQUAL (rt::call (server.id (), {}, timeouts).dope.raw (), receive_timeout);
    });
    CHECK (duration >= 58 * kernel_tick);
}

TEST_CASE ("TMO-016", "a message at the moment of the timeout arrives for both or for none",
           "V2-075 V2-065")
{
    for (unsigned round = 0; round < 20; ++round) {
        await_tick ();
        Exchange order = Exchange::wait (within (5));
        Partner& partner = start_partner (exchange, &order);
        sleep_milliseconds (round % 2 == 0 ? 4 : 5);
        auto const sent = rt::send (partner.id (), { round, 0 }, no_waiting);
        REQUIRE (partner.finish ());
        CHECK_EQUAL (sent.ok (), order.result.dope.ok ());
        CHECK_EQUAL (order.result.dope.raw (), sent.ok () ? 0x00004000u : receive_timeout);
        partner.release ();
    }
}

TEST_CASE ("TMO-017", "a send without waiting reaches a thread that waits", "V2-075")
{
    Exchange open = Exchange::wait ();
    Partner& near = begin (open);
    CHECK (rt::send (near.id (), { 1, 1 }, no_waiting).ok ());
    REQUIRE (near.finish ());
    CHECK_EQUAL (open.result.w0, 1u);
    Exchange closed = Exchange::from (rt::myself ());
    Partner& far = begin (closed, Space::other);
    CHECK (rt::send (far.id (), { 2, 1 }, no_waiting).ok ());
    REQUIRE (far.finish ());
    CHECK_EQUAL (closed.result.w0, 2u);
}
