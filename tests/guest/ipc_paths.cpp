// SPDX-License-Identifier: BSD-2-Clause
/// @file  Calls of servers that wait: what a kernel has fast paths for, at the edges of these.
///
/// Nothing here may depend on a path: the suite runs with and without them, and both reports must
/// be equal.
#include <framework/call.hpp>
#include <framework/check.hpp>
#include <framework/memory.hpp>
#include <framework/pager.hpp>

using namespace guest;

namespace {

constexpr unsigned most_dwords = 2100;

Word own_memory[Message::words (most_dwords)];
Word server_memory[Message::words (most_dwords)];

/// Messages of many sizes into buffers that fit, are too large, and are one dword too small.
void check_sizes (Space space)
{
    constexpr unsigned sizes[] = { 2, 3, 4, 5, 9, 513, 514, 515, 516, 1023, 1024, 1025, 1026, 1027,
                                   1028, 1538, 2049, most_dwords - 1 };
    CallServer server { Message { server_memory, most_dwords }.receiving () };
    Partner& partner = start_server (server, space);
    for (unsigned dwords : sizes)
        for (unsigned room : { dwords, dwords + 1, dwords - 1 }) {
            Message there { server_memory, most_dwords };
            there.size_dope () = l4::MessageDope { room, 0 }.raw ();
            Message here { own_memory, dwords };
            mark_words (here, dwords, room);
            unsigned const fitting = room < 2 ? 2 : room;
            bool const cut = dwords > fitting;
            unsigned const arrived = cut ? fitting : dwords;
            Word const dope = l4::MessageDope { arrived, 0 }.raw ()
                              | (cut ? static_cast<Word> (l4::IpcError::receive_cut) : 0);
            rt::IpcResult const answer = call (partner.id (), here.sending ());
            if (cut) {
                CHECK_EQUAL (answer.dope.raw (), l4::sender_code (l4::IpcError::receive_cut));
                rt::thread_switch (partner.id ());
                CHECK_EQUAL (server.last_dope, dope);
            } else {
                check_answer (answer, dope);
            }
            CHECK (has_marks (there, 2, arrived, room));
            REQUIRE_EQUAL (there.word (arrived), 0u);
            REQUIRE_EQUAL (there.word (0) | there.word (1), 0u);
        }
}

/// A page of the test program at an address of the partner task's.
struct SharedPage {
    Address own { take_pages () };
    Address there { fresh_window () };

    explicit SharedPage (l4::Access access = l4::Access::read_write)
    {
        map_page (own, there, 0, access);
    }
    /// The last `dwords` of the page as a message.
    [[nodiscard]] static constexpr Word offset (unsigned dwords)
    {
        return l4::page_size - Message::words (dwords) * sizeof (Word);
    }
    [[nodiscard]] Message message (unsigned dwords) const
    {
        return Message { reinterpret_cast<Word*> (own + offset (dwords)), dwords };
    }
    [[nodiscard]] Address message_there (unsigned dwords) const
    {
        return there + offset (dwords);
    }
};

}  // namespace

TEST_CASE ("PTH-001", "messages of every size near a limit arrive in full or cut, within a task",
           "V2-141 V2-145 V2-067 V2-057")
{
    check_sizes (Space::own);
}

TEST_CASE ("PTH-002", "messages of every size near a limit arrive in full or cut, in another task",
           "V2-141 V2-145 V2-067 V2-057")
{
    check_sizes (Space::other);
}

TEST_CASE ("PTH-003", "a buffer may end with its page; one dword more is a fault on the next",
           "V2-164 V2-160 V2-077")
{
    constexpr unsigned dwords = 20;
    SharedPage const page;
    Message there = page.message (dwords);
    CallServer server { l4::ReceiveDescriptor { page.message_there (dwords) } };
    Partner& partner = start_server (server);
    Message exact { own_memory, dwords };
    mark_words (exact, dwords, 1);
    check_answer (call (partner.id (), exact.sending ()), l4::MessageDope { dwords, 0 }.raw ());
    CHECK (has_marks (there, 2, dwords, 1));
    CHECK_EQUAL (window_faults (), 0u);

    there.size_dope () = l4::MessageDope { dwords + 1, 0 }.raw ();
    Message longer { own_memory, dwords + 1 };
    mark_words (longer, dwords + 1, 2);
    check_answer (call (partner.id (), longer.sending ()),
                  l4::MessageDope { dwords + 1, 0 }.raw ());
    CHECK (has_marks (there, 2, dwords, 2));
    REQUIRE_EQUAL (window_faults (), 1u);
    CHECK_EQUAL (window_fault (0).w0, (page.there + l4::page_size) | 2);
    CHECK_EQUAL (window_fault (0).w1, ~Word { 0 });
}

TEST_CASE ("PTH-004", "a message may end with its page; one dword more is a fault on the next",
           "V2-164 V2-159 V2-077")
{
    constexpr unsigned dwords = 20;
    SharedPage const page { l4::Access::read_only };
    Message there = page.message (dwords);
    mark_words (there, dwords, 3);
    CallServer server { Message { server_memory, dwords + 1 }.receiving () };
    Partner& partner = start_server (server, Space::own);
    CallClient client { partner.id (), l4::SendDescriptor { page.message_there (dwords) } };
    check_answer (client.perform (), l4::MessageDope { dwords, 0 }.raw ());
    CHECK_EQUAL (window_faults (), 0u);

    there.send_dope () = l4::MessageDope { dwords + 1, 0 }.raw ();
    check_answer (client.perform (), l4::MessageDope { dwords + 1, 0 }.raw ());
    REQUIRE_EQUAL (window_faults (), 1u);
    CHECK_EQUAL (window_fault (0).w0, page.there + l4::page_size);
}

TEST_CASE ("PTH-005", "a buffer that may only be read is a write fault, and the page stays",
           "V2-160 V2-077 V2-166")
{
    constexpr unsigned dwords = 20;
    SharedPage const page { l4::Access::read_only };
    Message there = page.message (dwords);
    mark_words (there, dwords, 4);
    CallServer server { l4::ReceiveDescriptor { page.message_there (dwords) } };
    Partner& partner = start_server (server);
    Message here { own_memory, dwords };
    mark_words (here, dwords, 5);
    check_answer (call (partner.id (), here.sending ()), l4::MessageDope { dwords, 0 }.raw ());
    REQUIRE_EQUAL (window_faults (), 1u);
    CHECK_EQUAL (window_fault (0).w0 & ~(l4::page_size - 1), page.there);
    CHECK_EQUAL (window_fault (0).w0 & 3, 2u);
    CHECK (has_marks (there, 2, dwords, 4));
}

TEST_CASE ("PTH-006", "a message crosses a border of 4 MB, also where nothing is behind it",
           "V2-150 V2-160")
{
    constexpr unsigned dwords = 40, before = 16;
    Straddle const pages = straddle (0);
    auto* const memory = reinterpret_cast<Word*> (pages.own - before * sizeof (Word));
    Address const there = pages.border - before * sizeof (Word);
    Message buffer { memory, dwords };
    CallServer server { l4::ReceiveDescriptor { there } };
    Partner& partner = start_server (server);
    Message here { own_memory, dwords };
    mark_words (here, dwords, 6);
    check_answer (call (partner.id (), here.sending ()), l4::MessageDope { dwords, 0 }.raw ());
    CHECK (has_marks (buffer, 2, dwords, 6));
    CHECK_EQUAL (window_faults (), 0u);

    take_back (pages.own);
    check_answer (call (partner.id (), here.sending ()), l4::MessageDope { dwords, 0 }.raw ());
    REQUIRE_EQUAL (window_faults (), 1u);
    CHECK_EQUAL (window_fault (0).w0, pages.border | 2);
}

TEST_CASE ("PTH-007", "buffers end at 3 GB, and a message never goes beyond",
           "V2-283 V2-281 V2-001")
{
    constexpr unsigned dwords = 600;
    constexpr Address last = l4::user_limit - l4::page_size;
    Address const own = take_pages ();
    map_page (own, last);
    Word const offset = SharedPage::offset (dwords);
    Message there { reinterpret_cast<Word*> (own + offset), dwords };
    CallServer server { l4::ReceiveDescriptor { last + offset } };
    Partner& partner = start_server (server);
    Message here { own_memory, dwords + 1 };
    mark_words (here, dwords, 7);
    here.send_only (dwords);
    check_answer (call (partner.id (), here.sending ()), l4::MessageDope { dwords, 0 }.raw ());
    CHECK (has_marks (there, 2, dwords, 7));

    there.size_dope () = here.send_dope () = l4::MessageDope { dwords + 1, 0 }.raw ();
    CHECK_EQUAL (call (partner.id (), here.sending ()).dope.raw (),
                 l4::sender_code (l4::IpcError::receive_aborted));
    CHECK_EQUAL (window_faults (), 0u);
    take_back (own);
}

TEST_CASE ("PTH-008", "a buffer in the last 4 MB but one may reach into the last", "V2-150")
{
    constexpr unsigned dwords = 1026, before = 100;
    constexpr Address border = l4::user_limit - l4::superpage_size;
    constexpr Address first = border - l4::page_size;
    Address const own = take_pages (l4::page_bits + 2);
    for (unsigned n = 0; n < 3; ++n)
        map_page (own + n * l4::page_size, first + n * l4::page_size);
    Word const offset = l4::page_size - before * sizeof (Word);
    Message there { reinterpret_cast<Word*> (own + offset), dwords };
    CallServer server { l4::ReceiveDescriptor { first + offset } };
    Partner& partner = start_server (server);
    Message here { own_memory, dwords };
    mark_words (here, dwords, 8);
    check_answer (call (partner.id (), here.sending ()), l4::MessageDope { dwords, 0 }.raw ());
    CHECK (has_marks (there, 2, dwords, 8));
    CHECK_EQUAL (window_faults (), 0u);
    for (unsigned n = 0; n < 3; ++n)
        take_back (own + n * l4::page_size);
}

TEST_CASE ("PTH-009", "answers come in memory, too", "V2-051 V2-071 V2-141")
{
    for (Space space : { Space::own, Space::other })
        for (unsigned dwords : { 2u, 3u, 700u, 1026u, 1027u }) {
            Message there { server_memory, dwords };
            mark_words (there, dwords, 9);
            CallServer server { there.receiving (), there.sending () };
            Partner& partner = start_server (server, space);
            Message here { own_memory, dwords };
            rt::IpcResult const answer
                = call (partner.id (), l4::SendDescriptor::registers (), here.receiving ());
            CHECK_EQUAL (answer.dope, (l4::MessageDope { dwords, 0 }));
            CHECK_EQUAL (answer.w0, two_words);
            CHECK_EQUAL (answer.w1, question.w0 + question.w1);
            CHECK (has_marks (here, 2, dwords, 9));
            partner.release ();
        }
}

TEST_CASE ("PTH-010", "receivers without a buffer and with a window get words, or are cut",
           "V2-069 V2-147 V2-146")
{
    l4::Fpage const window = l4::Fpage::memory (fresh_window (), l4::page_bits);
    for (auto receive : { l4::ReceiveDescriptor::registers (),
                          l4::ReceiveDescriptor::map_window (window) }) {
        CallServer server { receive };
        Partner& partner = start_server (server);
        check_answer (call (partner.id ()), two_words);
        check_answer (call (partner.id (), Message { own_memory, 2 }.sending ()), two_words);
        CHECK_EQUAL (call (partner.id (), Message { own_memory, 3 }.sending ()).dope.raw (),
                     l4::sender_code (l4::IpcError::receive_cut));
        rt::thread_switch (partner.id ());
        CHECK_EQUAL (server.last_dope,
                     two_words | static_cast<Word> (l4::IpcError::receive_cut));
        check_answer (call (partner.id ()), two_words);
        partner.release ();
    }
}

TEST_CASE ("PTH-011", "a call waits for its answer past those in the queue; an open wait does not",
           "V2-087 V2-055 V2-130")
{
    constexpr unsigned dwords = 4;
    Message message { own_memory, dwords };
    for (auto send : { l4::SendDescriptor::registers (), message.sending () }) {
        CallServer server { Message { server_memory, dwords }.receiving () };
        Partner& partner = start_server (server);
        Exchange early = Exchange::to (rt::myself (), { 1, 2 });
        Partner& waiting = begin (early, Space::other);
        Word const dope = send.raw () == 0 ? two_words : l4::MessageDope { dwords, 0 }.raw ();
        check_answer (call (partner.id (), send), dope);
        CHECK (early.pending ());
        rt::IpcResult const r
            = call (partner.id (), send, l4::ReceiveDescriptor::registers ().open ());
        CHECK_EQUAL (r.source, waiting.id ());
        CHECK_EQUAL (r.dope.raw (), two_words);
        CHECK (r.w0 == 1 && r.w1 == 2);
        CHECK_EQUAL (server.served, 2u);
        partner.release ();
        waiting.release ();
    }
}

TEST_CASE ("PTH-012", "only the complete id of a waiting thread is called", "V2-030 V2-111 V2-118")
{
    CallServer server { Message { server_memory, 4 }.receiving () };
    Partner& partner = start_server (server);
    l4::ThreadId const id = partner.id ();
    l4::ThreadId const own = rt::myself ();
    constexpr Word version_bit = 1, high_version_bit = 1u << 28, site_bit = 1, nest_bit = 1u << 28;
    l4::ThreadId const wrong[] = {
        { id.low () ^ version_bit, id.high () },
        { id.low () ^ high_version_bit, id.high () },
        { id.low (), id.high () ^ site_bit },
        { id.low (), id.high () ^ nest_bit },
        id.with_lthread (101),
        own,
        { own.low () ^ version_bit, own.high () },
        { own.low () ^ high_version_bit, own.high () },
    };
    Message message { own_memory, 4 };
    for (l4::ThreadId destination : wrong)
        for (auto send : { l4::SendDescriptor::registers (), message.sending () })
            CHECK_EQUAL (call (destination, send).dope.raw (), l4::IpcError::not_existent);
    CHECK_EQUAL (server.served, 0u);
    check_answer (call (id, message.sending ()), (l4::MessageDope { 4, 0 }.raw ()));
}

TEST_CASE ("PTH-013", "chief, child and siblings call each other", "V2-078 V2-113 V2-141")
{
    Message there { server_memory, 30 };
    CallServer server { there.receiving () };
    Partner& own = start_server (server, Space::own);
    CallClient up { own.id (), Message { own_memory, 30 }.sending () };
    check_answer (up.perform (), l4::MessageDope { 30, 0 }.raw ());
    up.send = l4::SendDescriptor::registers ();
    check_answer (up.perform (), two_words);
    own.release ();

    Partner& sibling = partner_task (1).start (CallServer::run, &server);
    settle ();
    CallClient across { sibling.id (), Message { own_memory, 30 }.sending () };
    check_answer (across.perform (), l4::MessageDope { 30, 0 }.raw ());
    across.send = l4::SendDescriptor::registers ();
    check_answer (across.perform (), two_words);
}
