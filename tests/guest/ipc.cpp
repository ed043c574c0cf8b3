// SPDX-License-Identifier: BSD-2-Clause
/// @file  Register messages: the shapes of a call, and what arrives.
#include <runtime/info_page.hpp>

#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/probes.hpp>

using namespace guest;

namespace {

constexpr rt::Words some_words { 0x12345678, 0x9ABCDEF0 };
constexpr rt::Words other_words { 0xFFFFFFFF, 0x00000001 };

void check_message (rt::IpcResult const& result, rt::Words words, l4::ThreadId source)
{
    CHECK_EQUAL (result.dope.raw (), 0x00004000u);
    CHECK_EQUAL (result.w0, words.w0);
    CHECK_EQUAL (result.w1, words.w1);
    CHECK_EQUAL (result.source, source);
}

void send_to_waiting (Space space)
{
    Exchange order = Exchange::wait ();
    Partner& partner = begin (order, space);
    auto const sent = rt::send (partner.id (), some_words, bounded);
    CHECK_EQUAL (sent.raw (), 0u);
    REQUIRE (partner.finish ());
    check_message (order.result, some_words, rt::myself ());
}

void receive_from_waiting (Space space)
{
    Exchange order = Exchange::to (rt::myself (), some_words);
    Partner& partner = begin (order, space);
    check_message (rt::receive (partner.id (), bounded), some_words, partner.id ());
    REQUIRE (partner.finish ());
    CHECK_EQUAL (order.result.dope.raw (), 0u);
}

/// Answers calls with their words exchanged and inverted.
void serve (void*)
{
    rt::IpcResult request = rt::wait ();
    for (;;) {
        request = rt::reply_and_wait (request.source, { ~request.w1, ~request.w0 });
        if (!request.dope.ok ())
            request = rt::wait ();
    }
}

void call_server (Space space)
{
    Partner& server = start_in (space, serve, nullptr);
    auto const answer = rt::call (server.id (), some_words, bounded);
    check_message (answer, { ~some_words.w1, ~some_words.w0 }, server.id ());
}

void call_often (Space space)
{
    constexpr unsigned rounds = 1000;
    Partner& server = start_in (space, serve, nullptr);
    rt::Words words { 1, 0x80000000 };
    for (unsigned round = 0; round < rounds; ++round) {
        auto const answer = rt::call (server.id (), words, bounded);
        REQUIRE_EQUAL (answer.dope.raw (), 0x00004000u);
        REQUIRE_EQUAL (answer.w0, ~words.w1);
        REQUIRE_EQUAL (answer.w1, ~words.w0);
        words = { answer.w0 + round, answer.w1 ^ round };
    }
}

}  // namespace

TEST_CASE ("IPC-001", "a waiting thread of the same task gets words and sender",
           "V2-113 V2-063 V2-062 V2-052")
{
    send_to_waiting (Space::own);
}

TEST_CASE ("IPC-002", "a waiting thread of another task gets words and sender", "V2-113 V2-063")
{
    send_to_waiting (Space::other);
}

TEST_CASE ("IPC-003", "a closed receive takes a pending message of the same task", "V2-051 V2-113")
{
    receive_from_waiting (Space::own);
}

TEST_CASE ("IPC-004", "a closed receive takes a pending message of another task", "V2-051 V2-113")
{
    receive_from_waiting (Space::other);
}

TEST_CASE ("IPC-005", "a call in the same task returns the answer", "V2-051 V2-071")
{
    call_server (Space::own);
}

TEST_CASE ("IPC-006", "a call to another task returns the answer", "V2-051 V2-071")
{
    call_server (Space::other);
}

TEST_CASE ("IPC-007", "reply and wait answers one thread and takes the next", "V2-051 V2-127")
{
    Exchange first = Exchange::call (rt::myself (), some_words);
    Partner& client = begin (first, Space::other);
    auto const request = rt::wait (bounded);
    REQUIRE_EQUAL (request.source, client.id ());
    Exchange second = Exchange::to (rt::myself (), other_words);
    Partner& sender = begin (second);
    auto const next = rt::reply_and_wait (client.id (), { 5, 6 }, bounded);
    check_message (next, other_words, sender.id ());
    REQUIRE (client.finish ());
    check_message (first.result, { 5, 6 }, rt::myself ());
}

TEST_CASE ("IPC-008", "an open wait takes a pending message of either task", "V2-126 V2-055")
{
    Exchange near = Exchange::to (rt::myself (), some_words);
    Partner& near_partner = begin (near);
    check_message (rt::wait (bounded), some_words, near_partner.id ());
    Exchange far = Exchange::to (rt::myself (), other_words);
    Partner& far_partner = begin (far, Space::other);
    check_message (rt::wait (bounded), other_words, far_partner.id ());
}

TEST_CASE ("IPC-009", "a thousand calls in the same task keep their words", "V2-051 V2-113")
{
    call_often (Space::own);
}

TEST_CASE ("IPC-010", "a thousand calls to another task keep their words", "V2-051 V2-113")
{
    call_often (Space::other);
}

TEST_CASE ("IPC-011", "two threads of another task talk to each other", "V2-113 V2-051")
{
    Exchange receiver = Exchange::wait ();
    Partner& waiting = begin (receiver, Space::other);
    Exchange sender = Exchange::to (waiting.id (), some_words);
    Partner& sending = begin (sender, Space::other);
    REQUIRE (waiting.finish ());
    REQUIRE (sending.finish ());
    check_message (receiver.result, some_words, sending.id ());
    CHECK_EQUAL (sender.result.dope.raw (), 0u);
}

TEST_CASE ("IPC-012", "threads of two sibling tasks talk to each other", "V2-113 V2-078")
{
    Exchange receiver = Exchange::wait ();
    Partner& waiting = begin (receiver, Space::other);
    Exchange sender = Exchange::to (waiting.id (), some_words);
    Partner& sending = partner_task (1).start (exchange, &sender);
    REQUIRE (waiting.finish ());
    REQUIRE (sending.finish ());
    check_message (receiver.result, some_words, sending.id ());
    CHECK_EQUAL (sender.result.dope.raw (), 0u);
}

TEST_CASE ("IPC-013", "an open wait ignores ESI and EDI", "V2-126 V2-055")
{
    Exchange order = Exchange::wait ();
    order.partner = { 0x0BADBAD0, 0xDEADBEEF };
    Partner& partner = begin (order);
    CHECK (rt::send (partner.id (), some_words, bounded).ok ());
    REQUIRE (partner.finish ());
    check_message (order.result, some_words, rt::myself ());
}

TEST_CASE ("IPC-014", "a call with both descriptors nil does nothing", "V2-121")
{
    RegisterImage in = distinct_registers;
    in.eax = ~Word { 0 };
    in.ebp = ~Word { 0 };
    in.ecx = 0;
    CHECK_EQUAL (raw_call (l4::SystemCall::ipc, in).eax, 0u);
}

TEST_CASE ("IPC-015", "ESP, segment registers and flags survive a call", "V2-125 V2-005 V2-006")
{
    Partner& server = start_in (Space::other, serve, nullptr);
    RegisterImage in = distinct_registers;
    in.eax = in.ecx = in.ebp = 0;
    in.esi = server.id ().low ();
    in.edi = server.id ().high ();
    RegisterImage const before = raw_call (l4::SystemCall::id_nearest, in);
    for (Word flag : { 0u, flag_carry, flag_direction, flag_nested_task, flag_alignment_check }) {
        in.eflags = distinct_registers.eflags | flag;
        RegisterImage const out = raw_call (l4::SystemCall::ipc, in);
        CHECK_EQUAL (out.eax, 0x00004000u);
        CHECK_EQUAL (out.edx, ~in.ebx);
        CHECK_EQUAL (out.eflags & ~flag_io_privilege, in.eflags);
        CHECK_EQUAL (out.moved, 0u);
        CHECK (out.cs == before.cs && out.ss == before.ss && out.ds == before.ds
               && out.es == before.es && out.fs == before.fs && out.gs == before.gs);
    }
}

TEST_CASE ("IPC-016", "the receiver runs before the sender goes on", "V2-072")
{
    // A tick may put the sender in front now and then, but not in most rounds.
    constexpr unsigned rounds = 20;
    unsigned receiver_first = 0;
    for (unsigned round = 0; round < rounds; ++round) {
        Exchange order = Exchange::wait ();
        Partner& partner = begin (order);
        CHECK (rt::send (partner.id (), some_words, bounded).ok ());
        if (!order.pending ())
            ++receiver_first;
        REQUIRE (partner.finish ());
        partner.release ();
    }
    CHECK (receiver_first > rounds / 2);
}

TEST_CASE ("IPC-017", "a server answers many clients of two tasks", "V2-051 V2-126 V2-127")
{
    constexpr unsigned clients = 6;
    Exchange orders[clients];
    Partner* partners[clients];
    for (unsigned i = 0; i < clients; ++i) {
        orders[i] = Exchange::call (rt::myself (), { i, 100 + i });
        partners[i] = &start_in (i % 2 == 0 ? Space::own : Space::other, exchange, &orders[i]);
    }
    for (unsigned i = 0; i < clients; ++i) {
        auto const request = rt::wait (bounded);
        REQUIRE (request.dope.ok ());
        CHECK (rt::send (request.source, { request.w1, request.w0 }, no_waiting).ok ());
    }
    for (unsigned i = 0; i < clients; ++i) {
        REQUIRE (partners[i]->finish ());
        check_message (orders[i].result, { 100 + i, i }, rt::myself ());
    }
}
