// SPDX-License-Identifier: BSD-2-Clause
/// @file  Who is served when several threads want something.
#include <framework/check.hpp>
#include <framework/exchange.hpp>

using namespace guest;

namespace {

constexpr unsigned senders = 4;

/// `senders` threads, of both tasks by turns, pending at the case in this order.
struct Queue {
    Exchange orders[senders];
    Partner* partners[senders];

    void fill ()
    {
        for (unsigned i = 0; i < senders; ++i) {
            orders[i] = Exchange::to (rt::myself (), { i, ~i });
            partners[i] = &begin (orders[i], i % 2 == 0 ? Space::own : Space::other);
        }
    }

    void expect_next (unsigned i) const
    {
        auto const message = rt::wait (bounded);
        CHECK (message.dope.ok ());
        CHECK_EQUAL (message.source, partners[i]->id ());
        CHECK_EQUAL (message.w0, i);
    }
};

}  // namespace

TEST_CASE ("ORD-001", "pending senders are served in the order of their arrival", "V2-128 V2-087")
{
    Queue queue;
    queue.fill ();
    for (unsigned i = 0; i < senders; ++i)
        queue.expect_next (i);
    CHECK_EQUAL (rt::wait (no_waiting).dope.raw (), l4::IpcError::receive_timeout);
}

TEST_CASE ("ORD-002", "a closed receive takes its partner out of the middle", "V2-129")
{
    Queue queue;
    queue.fill ();
    auto const middle = rt::receive (queue.partners[2]->id (), bounded);
    CHECK (middle.dope.ok ());
    CHECK_EQUAL (middle.w0, 2u);
    queue.expect_next (0);
    queue.expect_next (1);
    queue.expect_next (3);
}

TEST_CASE ("ORD-003", "a closed receive takes the first or the last of the queue", "V2-129")
{
    Queue queue;
    queue.fill ();
    CHECK_EQUAL (rt::receive (queue.partners[3]->id (), bounded).w0, 3u);
    CHECK_EQUAL (rt::receive (queue.partners[0]->id (), bounded).w0, 0u);
    queue.expect_next (1);
    queue.expect_next (2);
}

TEST_CASE ("ORD-004", "while a thread waits for an answer, others stay pending", "V2-114")
{
    Exchange call = Exchange::call (rt::myself (), { 1, 1 });
    Partner& client = begin (call);
    REQUIRE_EQUAL (rt::receive (client.id (), bounded).w0, 1u);
    Exchange intruder = Exchange::to (client.id (), { 66, 66 });
    Partner& third = begin (intruder, Space::other);
    CHECK (call.pending ());
    CHECK (intruder.pending ());
    CHECK (rt::send (client.id (), { 2, 2 }, bounded).ok ());
    REQUIRE (client.finish ());
    CHECK_EQUAL (call.result.w0, 2u);
    CHECK_EQUAL (call.result.source, rt::myself ());
    settle ();
    CHECK (intruder.pending ());
    CHECK (!third.done ());
}

TEST_CASE ("ORD-005", "a zero timeout does not reach a thread that waits for another", "V2-075")
{
    Exchange closed = Exchange::from (start_partner ([] (void*) {}, nullptr).id ());
    Partner& partner = begin (closed);
    CHECK_EQUAL (rt::send (partner.id (), {}, no_waiting).raw (), l4::IpcError::send_timeout);
    CHECK (closed.pending ());
}

TEST_CASE ("ORD-006", "an answer without waiting always finds its client", "V2-127 V2-071")
{
    constexpr unsigned rounds = 200;
    struct Client {
        l4::ThreadId server;
        unsigned volatile answers { 0 };
    } clients[2] { { rt::myself () }, { rt::myself () } };
    auto const call_often = [] (void* argument) {
        auto& self = *static_cast<Client*> (argument);
        for (unsigned i = 0; i < rounds; ++i)
            if (rt::call (self.server, { i, 0 }).dope.ok ())
                self.answers = self.answers + 1;
    };
    Partner& near = start_partner (call_often, &clients[0]);
    Partner& far = start_in (Space::other, call_often, &clients[1]);
    rt::IpcResult request = rt::wait (bounded);
    for (unsigned i = 1; i < 2 * rounds; ++i) {
        REQUIRE (request.dope.ok ());
        request = rt::reply_and_wait (request.source, { request.w0, 0 }, { l4::Timeout::zero (),
                                                                           bounded.receive () });
    }
    CHECK (rt::send (request.source, {}, no_waiting).ok ());
    REQUIRE (near.finish () && far.finish ());
    CHECK_EQUAL (clients[0].answers, rounds);
    CHECK_EQUAL (clients[1].answers, rounds);
}

TEST_CASE ("ORD-007", "a sender that gave up leaves no trace in the queue", "V2-087 V2-065")
{
    Exchange first = Exchange::to (rt::myself (), { 1, 0 });
    Exchange second = Exchange::to (rt::myself (), { 2, 0 }, within (10));
    Exchange third = Exchange::to (rt::myself (), { 3, 0 });
    begin (first);
    Partner& impatient = begin (second);
    begin (third);
    REQUIRE (impatient.finish ());
    CHECK_EQUAL (second.result.dope.raw (), l4::IpcError::send_timeout);
    CHECK_EQUAL (rt::wait (bounded).w0, 1u);
    CHECK_EQUAL (rt::wait (bounded).w0, 3u);
    CHECK_EQUAL (rt::wait (no_waiting).dope.raw (), l4::IpcError::receive_timeout);
}
