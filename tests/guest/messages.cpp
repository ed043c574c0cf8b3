// SPDX-License-Identifier: BSD-2-Clause
/// @file  Messages in memory: words.
#include <framework/check.hpp>
#include <framework/memory.hpp>
#include <framework/message.hpp>
#include <framework/pager.hpp>
#include <framework/random.hpp>

using namespace guest;

namespace {

constexpr unsigned most_dwords = 64;

Word out_memory[Message::words (most_dwords, 4)];
Word in_memory[Message::words (most_dwords, 4)];

[[nodiscard]] constexpr Word sent_word (unsigned n) { return 0xA0000000 + n * 0x01010101; }

/// A message of `dwords` numbered words.
[[nodiscard]] Message numbered (unsigned dwords)
{
    Message message { out_memory, dwords };
    for (unsigned n = 2; n < dwords; ++n)
        message.word (n) = sent_word (n);
    return message;
}

void check_words (Message& in, unsigned dwords)
{
    for (unsigned n = 2; n < dwords; ++n)
        CHECK_EQUAL (in.word (n), sent_word (n));
}

void send_ten (Space space)
{
    Message out = numbered (10);
    Message in { in_memory, 10 };
    in.word (0) = 0x600D0000;
    in.word (1) = 0x600D0001;
    check_arrived (transfer (out.sending (), in.receiving (), space), 10);
    check_words (in, 10);
    CHECK_EQUAL (in.word (0), 0x600D0000u);
    CHECK_EQUAL (in.word (1), 0x600D0001u);
}

}  // namespace

TEST_CASE ("MSG-001", "ten dwords arrive within a task, w0 and w1 not in memory",
           "V2-141 V2-164 V2-057")
{
    send_ten (Space::own);
}

TEST_CASE ("MSG-002", "ten dwords arrive in another task, w0 and w1 not in memory", "V2-141 V2-057")
{
    send_ten (Space::other);
}

TEST_CASE ("MSG-003", "w0 and w1 come from the registers", "V2-142 V2-051")
{
    Message out = numbered (4);
    out.word (0) = 0xBAD00000;
    out.word (1) = 0xBAD00001;
    Message in { in_memory, 4 };
    check_arrived (transfer (out.sending (), in.receiving (), Space::other), 4);
}

TEST_CASE ("MSG-004", "the dopes of a receive buffer stay as they are", "V2-143 V2-057")
{
    Message out = numbered (6);
    Message in { in_memory, 10 };
    in.send_dope () = 0x12345678;
    Word const size = in.size_dope ();
    check_arrived (transfer (out.sending (), in.receiving (), Space::other), 6);
    CHECK_EQUAL (in.send_dope (), 0x12345678u);
    CHECK_EQUAL (in.size_dope (), size);
}

TEST_CASE ("MSG-005", "the low eight bits of the dopes do not matter", "V2-144 V2-058")
{
    Message out = numbered (6);
    out.size_dope () |= 0xFF;
    out.send_dope () |= 0xF5;
    Message in { in_memory, 6 };
    in.size_dope () |= 0xAA;
    check_arrived (transfer (out.sending (), in.receiving (), Space::other), 6);
    check_words (in, 6);
}

TEST_CASE ("MSG-006", "ten dwords into a buffer of eight are cut", "V2-145 V2-067 V2-069")
{
    Message out = numbered (10);
    Message in { in_memory, 8 };
    in_memory[3 + 8] = 0x600D600D;
    Transfer const t = transfer (out.sending (), in.receiving (), Space::other);
    check_failed (t, l4::IpcError::receive_cut);
    CHECK_EQUAL (t.receiver.dope.dwords (), 8u);
    CHECK_EQUAL (t.receiver.w0, transfer_words.w0);
    CHECK_EQUAL (t.receiver.source, rt::myself ());
    check_words (in, 8);
    CHECK_EQUAL (in_memory[3 + 8], 0x600D600Du);
}

TEST_CASE ("MSG-007", "a message of two dwords in memory is a register message", "V2-146")
{
    Message out = numbered (2);
    check_arrived (transfer (out.sending (), l4::ReceiveDescriptor::registers (), Space::other), 2);
    auto const window = l4::Fpage::memory (fresh_window (), l4::page_bits);
    check_arrived (transfer (out.sending (), l4::ReceiveDescriptor::map_window (window),
                             Space::other), 2);
}

TEST_CASE ("MSG-008", "three dwords to a register receiver are cut", "V2-147 V2-069")
{
    Message out = numbered (3);
    Transfer const plain
        = transfer (out.sending (), l4::ReceiveDescriptor::registers (), Space::other);
    check_failed (plain, l4::IpcError::receive_cut);
    CHECK_EQUAL (plain.receiver.dope.dwords (), 2u);
    CHECK_EQUAL (plain.receiver.w1, transfer_words.w1);
    auto const window = l4::Fpage::memory (fresh_window (), l4::page_bits);
    check_failed (transfer (out.sending (), l4::ReceiveDescriptor::map_window (window),
                            Space::other), l4::IpcError::receive_cut);
}

TEST_CASE ("MSG-009", "a register message to a buffer arrives as two dwords", "V2-148")
{
    Message in { in_memory, 10 };
    in.word (2) = 0x600D600D;
    check_arrived (transfer (l4::SendDescriptor::registers (), in.receiving (), Space::other), 2);
    CHECK_EQUAL (in.word (2), 0x600D600Du);
}

TEST_CASE ("MSG-010", "a dope with fewer than two dwords counts as two", "V2-058")
{
    Message out = numbered (4);
    out.send_only (0);
    Message in { in_memory, 4 };
    check_arrived (transfer (out.sending (), in.receiving (), Space::other), 2);
    in.size_dope () = 0;
    check_arrived (transfer (out.sending (), in.receiving (), Space::other), 2);
}

TEST_CASE ("MSG-011", "the send dope says how much is sent", "V2-057 V2-069")
{
    Message out = numbered (10);
    out.send_only (5);
    Message in { in_memory, 10 };
    in.word (5) = 0x600D600D;
    check_arrived (transfer (out.sending (), in.receiving (), Space::other), 5);
    check_words (in, 5);
    CHECK_EQUAL (in.word (5), 0x600D600Du);
}

TEST_CASE ("MSG-012", "4,096 dwords arrive", "V2-149")
{
    constexpr unsigned dwords = 4096;
    Word* const from = reinterpret_cast<Word*> (take_pages (l4::page_bits + 3));
    Word* const to = reinterpret_cast<Word*> (take_pages (l4::page_bits + 3));
    for (Space space : { Space::own, Space::other }) {
        Message out { from + 5, dwords };
        Random random { 4096 };
        for (unsigned n = 2; n < dwords; ++n)
            out.word (n) = random.next ();
        Message in { to + 9, dwords };
        check_arrived (transfer (out.sending (), in.receiving (), space), dwords);
        for (unsigned n = 2; n < dwords; ++n)
            REQUIRE_EQUAL (in.word (n), out.word (n));
    }
}

TEST_CASE ("MSG-013", "a message crosses borders of pages and of 4 MB on both sides", "V2-150")
{
    constexpr unsigned dwords = 600;
    constexpr Address into = 300 * sizeof (Word);       // of the message, before the border
    Straddle const from = straddle (0);
    Straddle const to = straddle (1);
    Message out { reinterpret_cast<Word*> (from.own - into), dwords };
    for (unsigned n = 2; n < dwords; ++n)
        out.word (n) = sent_word (n);
    Message in { reinterpret_cast<Word*> (to.own - into - 8), dwords };
    Exchange receiver = Exchange::wait (bounded);
    receiver.receive = l4::ReceiveDescriptor { to.border - into - 8 }.open ();
    Partner& receiving = partner_task (1).start (exchange, &receiver);
    Exchange sender = Exchange::to (receiving.id (), transfer_words, bounded);
    sender.send = l4::SendDescriptor { from.border - into };
    Partner& sending = partner_task (0).start (exchange, &sender);
    REQUIRE (receiving.finish () && sending.finish ());
    CHECK_EQUAL (sender.result.dope.raw (), 0u);
    CHECK_EQUAL (receiver.result.dope, (l4::MessageDope { dwords, 0 }));
    check_words (in, dwords);
    CHECK_EQUAL (window_faults (), 0u);
}

TEST_CASE ("MSG-014", "a call sends from memory and receives into memory", "V2-051 V2-071 V2-141")
{
    constexpr unsigned dwords = 7;
    Message request = numbered (dwords);
    Word answer_memory[Message::words (dwords)];
    Message answer { answer_memory, dwords };
    Exchange client = Exchange::call (rt::myself (), transfer_words);
    client.send = request.sending ();
    client.receive = answer.receiving ();
    Partner& partner = start_in (Space::other, exchange, &client);
    Message in { in_memory, dwords };
    auto const received = rt::ipc (l4::SendDescriptor::nil (), in.receiving (), partner.id (),
                                   bounded);
    CHECK_EQUAL (received.dope, (l4::MessageDope { dwords, 0 }));
    check_words (in, dwords);
    Message reply { out_memory, dwords };
    for (unsigned n = 2; n < dwords; ++n)
        reply.word (n) = ~sent_word (n);
    auto const sent = rt::ipc (reply.sending (), l4::ReceiveDescriptor::nil (), partner.id (),
                               no_waiting, 1, 2);
    CHECK_EQUAL (sent.dope.raw (), 0u);
    REQUIRE (partner.finish ());
    CHECK_EQUAL (client.result.dope, (l4::MessageDope { dwords, 0 }));
    CHECK_EQUAL (client.result.w0, 1u);
    for (unsigned n = 2; n < dwords; ++n)
        CHECK_EQUAL (answer.word (n), ~sent_word (n));
}

TEST_CASE ("MSG-015", "a send descriptor beyond 3 GB fails before anybody is looked for",
           "V2-280 V2-053 V2-158")
{
    Exchange receiver = Exchange::wait ();
    Partner& partner = begin (receiver, Space::other);
    constexpr Word descriptors[] = { 0xBFFFFFF0, 0xBFFFFFFC, 0xC0000000, 0xC0000002, 0xE0000000,
                                     0xEFFFFFFE, 0xF0000000, 0xFFFFFFEC, 0xFFFFFFFC };
    for (Word descriptor : descriptors)
        for (l4::ThreadId to : { partner.id (), l4::ThreadId::nil () }) {
            auto const sent = rt::ipc (l4::SendDescriptor { descriptor },
                                       l4::ReceiveDescriptor::nil (), to, bounded);
            CHECK_EQUAL (sent.dope.raw (), l4::IpcError::send_aborted);
        }
    CHECK (receiver.pending ());
}

TEST_CASE ("MSG-016", "a receive buffer beyond 3 GB fails when its phase begins", "V2-281 V2-158")
{
    Exchange sender = Exchange::to (rt::myself (), transfer_words);
    begin (sender, Space::other);
    constexpr Word descriptors[] = { 0xBFFFFFF0, 0xBFFFFFFC, 0xC0000000, 0xC0000001, 0xE0000000,
                                     0xF0000000, 0xFFFFFFFC, 0xFFFFFFFD };
    for (Word descriptor : descriptors) {
        auto const received = rt::ipc (l4::SendDescriptor::nil (),
                                       l4::ReceiveDescriptor { descriptor }.open (),
                                       l4::ThreadId::nil (), bounded);
        CHECK_EQUAL (received.dope.raw (), l4::IpcError::receive_aborted);
    }
    CHECK (sender.pending ());
}

TEST_CASE ("MSG-017", "words that reach beyond 3 GB abort both sides", "V2-283 V2-158")
{
    constexpr Address last_page = 0xBFFFF000;
    constexpr unsigned too_many = 2000;
    Address const own = take_pages ();
    static_cast<void> (map_into (l4::Fpage::memory (last_page, l4::page_bits), 0,
                                 l4::Fpage::memory (own, l4::page_bits)));
    Word const dope = l4::MessageDope { too_many, 0 }.raw ();
    word_at (own) = 0;
    word_at (own + 4) = dope;
    word_at (own + 8) = dope;
    Message in { reinterpret_cast<Word*> (take_pages (l4::page_bits + 2)), 4000 };
    Exchange receiver = Exchange::wait (bounded);
    receiver.receive = in.receiving ().open ();
    Partner& receiving = partner_task (1).start (exchange, &receiver);
    Exchange sender = Exchange::to (receiving.id (), transfer_words, bounded);
    sender.send = l4::SendDescriptor { last_page };
    Partner& sending = partner_task (0).start (exchange, &sender);
    REQUIRE (receiving.finish () && sending.finish ());
    CHECK_EQUAL (sender.result.dope.raw (), l4::IpcError::send_aborted);
    CHECK_EQUAL (receiver.result.dope.error (), l4::IpcError::receive_aborted);
}

TEST_CASE ("MSG-018", "a dope that claims everything is cut to the buffer", "V2-145 V2-069")
{
    Message out = numbered (10);
    out.send_dope () = 0xFFFFE000;
    Message in { in_memory, 8 };
    Transfer const t = transfer (out.sending (), in.receiving (), Space::other);
    check_failed (t, l4::IpcError::receive_cut);
    CHECK_EQUAL (t.receiver.dope.dwords (), 8u);
    check_words (in, 8);
}

TEST_CASE ("MSG-019", "a transfer within one buffer is harmless", "V2-282 V2-164")
{
    for (unsigned shift : { 0u, 1u, 4u }) {
        Message out = numbered (32);
        Message in { out_memory + shift, 32 };
        out.size_dope () = out.send_dope () = l4::MessageDope { 32, 0 }.raw ();
        Transfer const t = transfer (out.sending (), in.receiving (), Space::own);
        CHECK (t.received);
        CHECK_EQUAL (l4::sender_code (static_cast<l4::IpcError> (t.receiver.dope.error ())),
                     t.sender.error ());
    }
}

TEST_CASE ("MSG-020", "memory messages wait in the queue like others", "V2-087 V2-141")
{
    constexpr unsigned senders = 3;
    Word memories[senders][Message::words (4)];
    Exchange orders[senders];
    for (unsigned i = 0; i < senders; ++i) {
        Message out { memories[i], 4 };
        out.word (2) = 100 + i;
        orders[i] = Exchange::to (rt::myself (), { i, 0 });
        orders[i].send = out.sending ();
        begin (orders[i], i % 2 == 0 ? Space::other : Space::own);
    }
    for (unsigned i = 0; i < senders; ++i) {
        Message in { in_memory, 4 };
        auto const received = rt::ipc (l4::SendDescriptor::nil (), in.receiving ().open (),
                                       l4::ThreadId::nil (), bounded);
        CHECK_EQUAL (received.w0, i);
        CHECK_EQUAL (received.dope, (l4::MessageDope { 4, 0 }));
        CHECK_EQUAL (in.word (2), 100 + i);
    }
}

TEST_CASE ("MSG-021", "what was transferred is counted exactly, whatever had room",
           "V2-067 V2-069 V2-070 V2-145 V2-153")
{
    static Word text[8];
    constexpr unsigned sizes[] = { 2, 3, 5 };
    for (unsigned sent : sizes)
        for (unsigned room : sizes)
            for (unsigned strings = 0; strings <= 2; ++strings)
                for (unsigned places = 0; places <= 2; ++places) {
                    Message out { out_memory, sent, strings };
                    for (unsigned n = 0; n < strings; ++n)
                        out.string (n) = { 8, reinterpret_cast<Address> (text), 0, 0 };
                    Message in { in_memory, room, places };
                    for (unsigned n = 0; n < places; ++n)
                        in.string (n) = { 0, 0, 8, reinterpret_cast<Address> (text + 4) };
                    Transfer const t = transfer (out.sending (), in.receiving (), Space::other);
                    REQUIRE (t.received);
                    bool const words_cut = sent > room;
                    bool const cut = words_cut || strings > places;
                    unsigned const arrived = words_cut ? 0 : strings < places ? strings : places;
                    auto const code = static_cast<Word> (cut ? l4::IpcError::receive_cut
                                                             : l4::IpcError::none);
                    l4::MessageDope const counted { words_cut ? room : sent, arrived };
                    CHECK_EQUAL (t.receiver.dope.raw (), counted.raw () | code);
                    CHECK_EQUAL (t.sender.raw (), cut ? code + 0x10 : 0);
                }
}
