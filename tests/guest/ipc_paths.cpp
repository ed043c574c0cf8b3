// SPDX-License-Identifier: BSD-2-Clause
/// @file  Calls of servers that wait: what a kernel has fast paths for, at the edges of these.
///
/// Nothing here may depend on a path: the suite runs with and without them, and both reports must
/// be equal.
#include <runtime/info_page.hpp>

#include <framework/bytes.hpp>
#include <framework/check.hpp>
#include <framework/exceptions.hpp>
#include <framework/memory.hpp>
#include <framework/message.hpp>
#include <framework/pager.hpp>
#include <framework/ports.hpp>
#include <framework/probes.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

constexpr unsigned most_dwords = 2100;
constexpr Word two_words = 0x00004000;
constexpr rt::Words question { 0x0BADF00D, 0x5EED5EED };

Word own_memory[Message::words (most_dwords)];
Word server_memory[Message::words (most_dwords)];

/// Waits, answers with the dope it got and w0 + w1, and waits again, without limits of time.
struct Server {
    l4::ReceiveDescriptor receive { l4::ReceiveDescriptor::registers () };
    l4::SendDescriptor answer { l4::SendDescriptor::registers () };
    unsigned volatile served { 0 };
    Word volatile last_dope { 0 };

    static void run (void* server)
    {
        auto& self = *static_cast<Server*> (server);
        for (rt::IpcResult r = self.wait ();;) {
            self.last_dope = r.dope.raw ();
            self.served = self.served + r.dope.ok ();
            if (r.dope.ok ())
                r = rt::ipc (self.answer, self.receive.open (), r.source, rt::reply_timeouts,
                             r.dope.raw (), r.w0 + r.w1);
            else
                r = self.wait ();
        }
    }
    [[nodiscard]] rt::IpcResult wait () const
    {
        return rt::ipc (l4::SendDescriptor::nil (), receive.open (), {}, l4::Timeouts::never ());
    }
};

/// Without limits of time, as the fast paths want it.
[[nodiscard]] rt::IpcResult call (l4::ThreadId server, l4::SendDescriptor send,
                                  l4::ReceiveDescriptor receive
                                  = l4::ReceiveDescriptor::registers ())
{
    return rt::ipc (send, receive, server, l4::Timeouts::never (), question.w0, question.w1);
}

[[nodiscard]] rt::IpcResult call (l4::ThreadId server)
{
    return call (server, l4::SendDescriptor::registers ());
}

void check_answer (rt::IpcResult const& answer, Word dope_at_server)
{
    CHECK_EQUAL (answer.dope.raw (), two_words);
    CHECK_EQUAL (answer.w0, dope_at_server);
    CHECK_EQUAL (answer.w1, question.w0 + question.w1);
}

/// A server that waits.
Partner& start_server (Server& server, Space space = Space::other)
{
    Partner& partner = start_in (space, Server::run, &server);
    settle ();
    return partner;
}

void mark_words (Message& message, unsigned dwords, Word seed)
{
    for (unsigned n = 2; n < dwords; ++n)
        message.word (n) = n * 0x01010101 + seed;
}

[[nodiscard]] bool has_marks (Message& message, unsigned from, unsigned to, Word seed)
{
    for (unsigned n = from; n < to; ++n)
        if (message.word (n) != n * 0x01010101 + seed)
            return false;
    return true;
}

/// Messages of many sizes into buffers that fit, are too large, and are one dword too small.
void check_sizes (Space space)
{
    constexpr unsigned sizes[] = { 2, 3, 4, 5, 9, 513, 514, 515, 516, 1023, 1024, 1025, 1026, 1027,
                                   1028, 1538, 2049, most_dwords - 1 };
    Server server { Message { server_memory, most_dwords }.receiving () };
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

/// A call by a thread of the partner task, of a server of the test program's.
struct Client {
    l4::ThreadId server;
    l4::SendDescriptor send;
    l4::ReceiveDescriptor receive { l4::ReceiveDescriptor::registers () };
    rt::IpcResult result { l4::MessageDope { ~Word { 0 } }, 0, 0, {}, {} };

    static void run (void* client)
    {
        auto& self = *static_cast<Client*> (client);
        self.result = call (self.server, self.send, self.receive);
    }
    [[nodiscard]] rt::IpcResult perform ()
    {
        Partner& partner = partner_task ().start (run, this);
        CHECK (partner.finish ());
        partner.release ();
        return result;
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
    Server server { l4::ReceiveDescriptor { page.message_there (dwords) } };
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
    Server server { Message { server_memory, dwords + 1 }.receiving () };
    Partner& partner = start_server (server, Space::own);
    Client client { partner.id (), l4::SendDescriptor { page.message_there (dwords) } };
    check_answer (client.perform (), l4::MessageDope { dwords, 0 }.raw ());
    CHECK_EQUAL (window_faults (), 0u);

    there.send_dope () = l4::MessageDope { dwords + 1, 0 }.raw ();
    check_answer (client.perform (), l4::MessageDope { dwords + 1, 0 }.raw ());
    REQUIRE_EQUAL (window_faults (), 1u);
    CHECK_EQUAL (window_fault (0).w0, page.there + l4::page_size);
}

TEST_CASE ("PTH-005", "a buffer that may only be read is a write fault, and the page stays as it is",
           "V2-160 V2-077 V2-166")
{
    constexpr unsigned dwords = 20;
    SharedPage const page { l4::Access::read_only };
    Message there = page.message (dwords);
    mark_words (there, dwords, 4);
    Server server { l4::ReceiveDescriptor { page.message_there (dwords) } };
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
    Server server { l4::ReceiveDescriptor { there } };
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

TEST_CASE ("PTH-007", "buffers end at 3 GB, and a message never goes beyond", "V2-283 V2-281 V2-001")
{
    constexpr unsigned dwords = 600;
    constexpr Address last = l4::user_limit - l4::page_size;
    Address const own = take_pages ();
    map_page (own, last);
    Word const offset = SharedPage::offset (dwords);
    Message there { reinterpret_cast<Word*> (own + offset), dwords };
    Server server { l4::ReceiveDescriptor { last + offset } };
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
    Server server { l4::ReceiveDescriptor { first + offset } };
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
            Server server { there.receiving (), there.sending () };
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
        Server server { receive };
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
    Server server {};
    Partner& partner = start_server (server);
    Exchange early = Exchange::to (rt::myself (), { 1, 2 });
    Partner& waiting = begin (early, Space::other);
    check_answer (call (partner.id ()), two_words);
    CHECK (early.pending ());
    check_answer (call (partner.id (), Message { server_memory, 2 }.sending ()), two_words);
    CHECK (early.pending ());
    rt::IpcResult const r = call (partner.id (), l4::SendDescriptor::registers (),
                                  l4::ReceiveDescriptor::registers ().open ());
    CHECK_EQUAL (r.source, waiting.id ());
    CHECK_EQUAL (r.dope.raw (), two_words);
    CHECK (r.w0 == 1 && r.w1 == 2);
    CHECK_EQUAL (server.served, 3u);
}

TEST_CASE ("PTH-012", "only the complete id of a waiting thread is called", "V2-030 V2-111 V2-118")
{
    Server server { Message { server_memory, 4 }.receiving () };
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
    Server server { there.receiving () };
    Partner& own = start_server (server, Space::own);
    Client up { own.id (), Message { own_memory, 30 }.sending () };
    check_answer (up.perform (), l4::MessageDope { 30, 0 }.raw ());
    up.send = l4::SendDescriptor::registers ();
    check_answer (up.perform (), two_words);
    own.release ();

    Partner& sibling = partner_task (1).start (Server::run, &server);
    settle ();
    Client across { sibling.id (), Message { own_memory, 30 }.sending () };
    check_answer (across.perform (), l4::MessageDope { 30, 0 }.raw ());
    across.send = l4::SendDescriptor::registers ();
    check_answer (across.perform (), two_words);
}

namespace {

/// A client of the case that waits for its answer, in a task or thread of the case's choice.
struct WaitingClient {
    l4::SendDescriptor send;
    Client client { rt::myself (), send };

    /// Take its call. @return the client's id
    [[nodiscard]] l4::ThreadId accept () const
    {
        Message buffer { own_memory, 10 };
        rt::IpcResult const r = rt::ipc (l4::SendDescriptor::nil (), buffer.receiving ().open (),
                                         {}, l4::Timeouts::never ());
        CHECK_EQUAL (r.w0, question.w0);
        CHECK (client.result.dope.raw () == ~Word { 0 });
        return r.source;
    }
};

constexpr Address int_size = 2;

/// The bytes of `int 30h`, as a word.
constexpr Word ipc_instruction = 0x30CD;

}  // namespace

TEST_CASE ("PTH-014", "a caller that waits can be seen and exchanged, and its answer still comes",
           "V2-209 V2-229 V2-297 V2-226")
{
    for (bool in_memory : { false, true }) {
        Message message { server_memory, 10 };
        WaitingClient waiting { in_memory ? message.sending ()
                                          : l4::SendDescriptor::registers () };
        Partner& partner = start_partner (Client::run, &waiting.client);
        REQUIRE_EQUAL (waiting.accept (), partner.id ());
        auto const seen
            = rt::thread_schedule (partner.id (), l4::ScheduleParameter { l4::unchanged });
        CHECK_EQUAL (seen.old.state (), static_cast<Word> (l4::ThreadStateCode::waiting));
        CHECK_EQUAL (seen.partner, rt::myself ());
        auto const old = ex_regs (partner.id ().lthread (), l4::unchanged, l4::unchanged);
        CHECK_EQUAL (*reinterpret_cast<std::uint16_t*> (old.eip - int_size), ipc_instruction);
        CHECK_EQUAL (old.pager, l4::root_id);
        CHECK (rt::send (partner.id (), { 3, 4 }, no_waiting).ok ());
        REQUIRE (partner.finish ());
        CHECK_EQUAL (waiting.client.result.dope.raw (), two_words);
        CHECK (waiting.client.result.w0 == 3 && waiting.client.result.w1 == 4);
        CHECK_EQUAL (waiting.client.result.source, rt::myself ());
        partner.release ();
    }
}

TEST_CASE ("PTH-015", "a caller that waits can be cancelled; its answer comes too late",
           "V2-088 V2-223 V2-226")
{
    for (bool in_memory : { false, true }) {
        Message message { server_memory, 10 };
        WaitingClient waiting { in_memory ? message.sending ()
                                          : l4::SendDescriptor::registers () };
        Partner& partner = start_partner (Client::run, &waiting.client);
        REQUIRE_EQUAL (waiting.accept (), partner.id ());
        Address const stack = fresh_stack ();
        auto const old = ex_regs (partner.id ().lthread (), stack,
                                  address_of (guest_report_registers));
        CHECK_EQUAL (*reinterpret_cast<std::uint16_t*> (old.eip - int_size), ipc_instruction);
        REQUIRE (await_report ());
        CHECK_EQUAL (registers_seen ().eax, l4::IpcError::receive_cancelled);
        CHECK_EQUAL (registers_seen ().esp, stack - sizeof (Word));
        CHECK_EQUAL (registers_seen ().eflags & flag_interrupt, flag_interrupt);
        CHECK_EQUAL (rt::send (partner.id (), { 3, 4 }, no_waiting).raw (),
                     l4::IpcError::send_timeout);
        partner.release ();
    }
}

TEST_CASE ("PTH-016", "a caller that waits can be deleted, and nobody gets its answer",
           "V2-100 V2-117 V2-030 V2-304")
{
    Word const number = take_task_number ();
    for (bool in_memory : { false, true }) {
        Message message { server_memory, 10 };
        WaitingClient waiting { in_memory ? message.sending ()
                                          : l4::SendDescriptor::registers () };
        auto const run = [] (void* client) {
            Client::run (client);
            rt::sleep_forever ();
        };
        l4::ThreadId const id = create_task (own_task_id (number), 255, run, &waiting.client);
        REQUIRE_EQUAL (waiting.accept (), id);
        // Once deleted; then in use again, waiting for the same thread, in another version.
        l4::ThreadId const owner = rt::info_page ().own;
        CHECK (!rt::task_new (id, owner.low (), 0, 0, l4::ThreadId::nil ()).is_nil ());
        CHECK_EQUAL (call (id).dope.raw (), l4::IpcError::not_existent);
        l4::ThreadId const next = create_task (own_task_id (number, 1), 255, run, &waiting.client);
        REQUIRE_EQUAL (waiting.accept (), next);
        CHECK_EQUAL (call (id).dope.raw (), l4::IpcError::not_existent);
        CHECK_EQUAL (call (id, message.sending ()).dope.raw (), l4::IpcError::not_existent);
        CHECK (waiting.client.result.dope.raw () == ~Word { 0 });
        CHECK (rt::send (next, { 3, 4 }, no_waiting).ok ());
        settle ();
        CHECK_EQUAL (waiting.client.result.dope.raw (), two_words);
        CHECK (!rt::task_new (next, owner.low (), 0, 0, l4::ThreadId::nil ()).is_nil ());
        reset_stacks ();
    }
}

namespace {

void load_number (int number)
{
    asm volatile ("fninit\n\tfildl %0" : : "m" (number));
}

[[nodiscard]] int take_number ()
{
    int number = 0;
    asm volatile ("fistpl %0" : "=m" (number));
    return number;
}

/// Computes between its messages.
struct Calculator {
    static constexpr int number = 4711;
    unsigned volatile correct { 0 };

    static void run (void* calculator)
    {
        auto& self = *static_cast<Calculator*> (calculator);
        load_number (number);
        for (rt::IpcResult r = rt::wait ();;) {
            if (take_number () == number)
                self.correct = self.correct + 1;
            load_number (number);
            r = rt::reply_and_wait (r.source, { r.w0, r.w1 });
        }
    }
};

}  // namespace

TEST_CASE ("PTH-017", "callers and servers that compute keep their numbers", "V2-015 V2-096")
{
    constexpr int rounds = 20;
    Server quiet { Message { server_memory, 40 }.receiving () };
    Message message { own_memory, 40 };
    for (Space space : { Space::own, Space::other }) {
        Calculator calculator;
        Partner& busy = start_in (space, Calculator::run, &calculator);
        Partner& partner = start_server (quiet, space);
        int correct = 0;
        for (int round = 0; round < rounds; ++round) {
            load_number (round);
            check_answer (call (partner.id (), message.sending ()),
                          (l4::MessageDope { 40, 0 }.raw ()));
            // Every other time the state is somebody else's when the number is taken.
            if (round % 2 == 0)
                CHECK_EQUAL (call (busy.id ()).dope.raw (), two_words);
            check_answer (call (partner.id ()), two_words);
            correct += take_number () == round;
        }
        CHECK_EQUAL (correct, rounds);
        CHECK_EQUAL (calculator.correct, static_cast<unsigned> (rounds / 2));
        partner.release ();
        busy.release ();
    }
}

namespace {

/// Waits for a message, reads a port, and answers with 1.
void read_port_on_demand (void* port)
{
    rt::IpcResult const r = rt::wait ();
    static_cast<void> (guest_in_byte (*static_cast<Word*> (port)));
    rt::send (r.source, { 1, 1 });
}

}  // namespace

TEST_CASE ("PTH-018", "a caller's ports are not its server's", "V2-320 V2-188")
{
    Word port = acquire_port ();
    Partner& partner = partner_task ().start (read_port_on_demand, &port, rt::myself ());
    settle ();
    static_cast<void> (guest_in_byte (port));
    CHECK_EQUAL (call (partner.id ()).w0, l4::Fpage::io (port, 0).raw () | 2);
    partner.release ();
}

TEST_CASE ("PTH-019", "whatever DS and ES hold at a call, the message arrives",
           "V2-335 V2-008 V2-141")
{
    constexpr unsigned dwords = 700;
    RegisterImage const own = raw_call (l4::SystemCall::id_nearest, distinct_registers);
    Message there { server_memory, dwords };
    Message here { own_memory, dwords };
    mark_words (here, dwords, 19);
    Server server { there.receiving () };
    for (Space space : { Space::own, Space::other }) {
        Partner& partner = start_server (server, space);
        RegisterImage in = distinct_registers;
        in.ecx = in.ebp = 0;
        in.edx = question.w0;
        in.ebx = question.w1;
        in.esi = partner.id ().low ();
        in.edi = partner.id ().high ();
        for (Word selector : { Word { 0 }, Word { 3 }, own.cs, own.ds })
            for (auto send : { l4::SendDescriptor::registers (), here.sending () }) {
                there.word (dwords - 1) = 0;
                in.eax = send.raw ();
                RegisterImage out {};
                guest_ipc_with_selector (&in, &out, selector);
                bool const long_message = send.raw () != 0;
                CHECK_EQUAL (out.eax, two_words);
                CHECK_EQUAL (out.edx, (l4::MessageDope { long_message ? dwords : 2, 0 }.raw ()));
                CHECK_EQUAL (out.moved, 0u);
                if (long_message)
                    CHECK (has_marks (there, 2, dwords, 19));
            }
        partner.release ();
    }
}

TEST_CASE ("PTH-020", "with any direction of string instructions a message arrives in order",
           "V2-006 V2-141")
{
    constexpr unsigned dwords = 1026;
    Message there { server_memory, dwords };
    Message here { own_memory, dwords };
    mark_words (here, dwords, 20);
    Server server { there.receiving () };
    for (Space space : { Space::own, Space::other }) {
        clear_bytes (reinterpret_cast<Address> (&there.word (2)), (dwords - 2) * sizeof (Word));
        Partner& partner = start_server (server, space);
        RegisterImage in = distinct_registers;
        in.eflags |= flag_direction | flag_nested_task | flag_alignment_check;
        in.eax = here.sending ().raw ();
        in.ecx = in.ebp = 0;
        in.esi = partner.id ().low ();
        in.edi = partner.id ().high ();
        RegisterImage const out = raw_call (l4::SystemCall::ipc, in);
        CHECK_EQUAL (out.eax, two_words);
        CHECK_EQUAL (out.eflags & ~flag_io_privilege, in.eflags);
        CHECK (has_marks (there, 2, dwords, 20));
        partner.release ();
    }
}

namespace {

/// Bytes of a program that makes one call, and then breaks off.
class CallCode {
public:
    CallCode (RegisterImage const& in, bool stepping)
    {
        constexpr std::uint8_t move_to_eax = 0xB8;
        Word const values[] = { in.eax, in.ecx, in.edx, in.ebx, 0, in.ebp, in.esi, in.edi };
        for (unsigned number = 0; number < 8; ++number)
            if (number != esp_number) {
                put ({ static_cast<std::uint8_t> (move_to_eax + number) });
                for (unsigned shift = 0; shift < 32; shift += 8)
                    put ({ static_cast<std::uint8_t> (values[number] >> shift) });
            }
        if (stepping)           // pushfd; or dword [esp], TF; popfd
            put ({ 0x9C, 0x81, 0x0C, 0x24, 0x00, 0x01, 0x00, 0x00, 0x9D });
        put ({ 0xCD, 0x30 });
    }
    /// With `tail` bytes behind the call. @return address of the code
    [[nodiscard]] Address copy_to_end (Address end, std::initializer_list<std::uint8_t> tail)
    {
        Address const begin = end - size_ - tail.size ();
        put (tail);
        for (unsigned n = 0; n < size_; ++n)
            bytes_at (begin)[n] = bytes_[n];
        return begin;
    }

private:
    static constexpr unsigned esp_number = 4;

    void put (std::initializer_list<std::uint8_t> bytes)
    {
        for (std::uint8_t byte : bytes)
            bytes_[size_++] = byte;
    }

    std::uint8_t bytes_[64] {};
    unsigned size_ { 0 };
};

[[nodiscard]] RegisterImage call_registers (l4::ThreadId server, l4::SendDescriptor send,
                                            l4::ReceiveDescriptor receive)
{
    RegisterImage in = distinct_registers;
    in.eax = send.raw ();
    in.ecx = 0;
    in.edx = question.w0;
    in.ebx = question.w1;
    in.ebp = receive.raw ();
    in.esi = server.low ();
    in.edi = server.high ();
    return in;
}

void check_caught_answer (Caught const& caught, l4::ThreadId server, Word dope, Word sent_dope)
{
    CHECK_EQUAL (caught.eax, dope);
    CHECK_EQUAL (caught.edx, sent_dope);
    CHECK_EQUAL (caught.ebx, question.w0 + question.w1);
    CHECK_EQUAL ((l4::ThreadId { caught.esi, caught.edi }), server);
}

}  // namespace

TEST_CASE ("PTH-021", "single step stops behind a call, with its answer", "V2-007 V2-328")
{
    reset_exception_table ();
    constexpr unsigned dwords = 20;
    constexpr Word long_dope = l4::MessageDope { dwords, 0 }.raw ();
    Message there { server_memory, dwords };
    Message here { own_memory, dwords };
    for (bool in_memory : { false, true }) {
        Server server { there.receiving () };
        if (in_memory)
            server.answer = there.sending ();
        Partner& partner = start_server (server);
        CallCode code { call_registers (partner.id (),
                                        in_memory ? here.sending ()
                                                  : l4::SendDescriptor::registers (),
                                        in_memory ? here.receiving ()
                                                  : l4::ReceiveDescriptor::registers ()),
                        true };
        Address const end = take_pages () + l4::page_size;
        ExceptionRun run (code.copy_to_end (end, { 0x90, 0x90, 0xCC }));
        run.recovery = Recovery::to_end ();
        run.recovery.eflags_cleared = flag_trap;
        CHECK (run.perform ());
        REQUIRE (run.count () >= 1);
        Address const behind = end - 3;
        CHECK_EQUAL (run.caught ().vector, 1u);
        CHECK (run.caught ().eip == behind || run.caught ().eip == behind + 1);
        CHECK_EQUAL (run.caught ().eflags & flag_trap, flag_trap);
        check_caught_answer (run.caught (), partner.id (), in_memory ? long_dope : two_words,
                             in_memory ? long_dope : two_words);
        partner.release ();
    }
}

TEST_CASE ("PTH-022", "a call by the last bytes of the user space returns to an exception",
           "V2-204 V2-005 V2-317")
{
    reset_exception_table ();
    constexpr unsigned dwords = 20;
    constexpr Word long_dope = l4::MessageDope { dwords, 0 }.raw ();
    constexpr Address last = l4::user_limit - l4::page_size;
    Address const page = take_pages ();
    map_page (page, last);
    Message there { server_memory, dwords };
    Message here { own_memory, dwords };
    for (Space space : { Space::own, Space::other })
        for (bool in_memory : { false, true }) {
            Server server { there.receiving () };
            if (in_memory)
                server.answer = there.sending ();
            Partner& partner = start_server (server, space);
            CallCode code { call_registers (partner.id (),
                                            in_memory ? here.sending ()
                                                      : l4::SendDescriptor::registers (),
                                            in_memory ? here.receiving ()
                                                      : l4::ReceiveDescriptor::registers ()),
                            false };
            Address const begin = code.copy_to_end (page + l4::page_size, {});
            ExceptionRun run (begin - page + last);
            run.recovery = Recovery::to_end ();
            CHECK (run.perform (Space::other));
            REQUIRE_EQUAL (run.count (), 1u);
            CHECK_EQUAL (run.caught ().vector, 13u);
            CHECK_EQUAL (run.caught ().code, 0u);
            CHECK_EQUAL (run.caught ().eip, l4::user_limit);
            check_caught_answer (run.caught (), partner.id (), in_memory ? long_dope : two_words,
                                 in_memory ? long_dope : two_words);
            partner.release ();
        }
    take_back (page);
}
