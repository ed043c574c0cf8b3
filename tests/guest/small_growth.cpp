// SPDX-License-Identifier: BSD-2-Clause
/// @file  Small address spaces: what the kernel does for a small task at the end of its space.
///
/// Up to the last byte a task stays where it is; one byte more, and its pager hears of the page
/// behind. In neither case does anything fail.
#include <framework/call.hpp>
#include <framework/check.hpp>
#include <framework/exceptions.hpp>
#include <framework/small_spaces.hpp>

using namespace guest;

namespace {

constexpr unsigned dwords = 10;
constexpr Word message_bytes = Message::words (dwords) * sizeof (Word);
constexpr Word string_bytes = 100;
constexpr Word seed = 5;

/// A call by a thread of `task`, whose pager is the case, of a server of the test program's.
struct SmallCall {
    PartnerTask& task;
    CallClient client;

    /// It completes, and the task stays in `home`.
    void check_fits (Word home)
    {
        Partner& partner = task.start (CallClient::run, &client, rt::myself ());
        CHECK (partner.finish ());
        partner.release ();
        CHECK (client.result.dope.ok ());
        CHECK_EQUAL (small_space_of (task.id ()), home);
    }
    /// It faults at the end of 4 MB. Who sends from there is large then, and goes back to `home`;
    /// where a message arrives the kernel sees by the task's own directory.
    void check_faults (Word home, bool sends)
    {
        CHECK_EQUAL (fault_of (task.start (CallClient::run, &client, rt::myself ())), small_end);
        CHECK (!sends || small_space_of (task.id ()) == 0);
        CHECK (move_to (task.id (), home));
    }
};

/// The words of a message at `at` that lie below the end of 4 MB.
void write_message (Address at, l4::MessageDope dope)
{
    for (unsigned n = 0; n < Message::words (dwords); ++n) {
        Address const word = at + n * sizeof (Word);
        if (word < small_end)
            word_at (word) = n == 1 || n == 2 ? dope.raw () : n;
    }
}

/// Run `run` in `task` with `table`; the case is pager.
Partner& begin_in (PartnerTask& task, ExceptionRun& run)
{
    run.prepare ();
    return task.start ([] (void* r) {
        load_exception_table (static_cast<ExceptionRun*> (r)->table);
        guest_run_code ();
    }, &run, rt::myself ());
}

ExceptionRun int_80h ()
{
    reset_exception_table ();
    ExceptionRun run { 0xCD, 0x80 };
    run.recovery = Recovery::skip (2);
    return run;
}

}  // namespace

TEST_CASE ("SML-010", "a message is sent from the last word of a small space, and from beyond",
           "V2-219 V2-353")
{
    Neighbours const neighbours = Neighbours::place (true);
    PartnerTask& task = neighbours.task;
    Word const home = neighbours.home;
    LastBytes const last;
    static Word memory[Message::words (dwords)];
    Message buffer { memory, dwords };
    CallServer server { .receive = buffer.receiving () };
    Partner& partner = start_server (server, Space::own);
    for (Word beyond : { 0u, 4u, message_bytes - 8, message_bytes }) {
        Address const at = small_end - message_bytes + beyond;
        write_message (at, l4::MessageDope { dwords, 0 });
        SmallCall call { task, { partner.id (), l4::SendDescriptor { at } } };
        if (beyond != 0) {
            call.check_faults (home, true);
            continue;
        }
        call.check_fits (home);
        for (unsigned n = 2; n < dwords; ++n)
            CHECK_EQUAL (buffer.word (n), n + 3);
    }
    partner.release ();
    neighbours.check_untouched ("send");
}

TEST_CASE ("SML-011", "a message is received up to the last word of a small space, and beyond",
           "V2-219 V2-353")
{
    Neighbours const neighbours = Neighbours::place (true);
    PartnerTask& task = neighbours.task;
    Word const home = neighbours.home;
    LastBytes const last;
    static Word memory[Message::words (dwords)];
    Message message { memory, dwords };
    mark_words (message, dwords, seed);
    CallServer server { .answer = message.sending () };
    Partner& partner = start_server (server, Space::own);
    for (Word beyond : { 0u, 4u, message_bytes - 8, message_bytes }) {
        Address const at = small_end - message_bytes + beyond;
        write_message (at, l4::MessageDope { dwords, 0 });
        SmallCall call { task, { partner.id (), l4::SendDescriptor::registers (),
                                 l4::ReceiveDescriptor { at } } };
        if (beyond != 0) {
            call.check_faults (home, false);
            continue;
        }
        call.check_fits (home);
        CHECK_EQUAL (call.client.result.dope, (l4::MessageDope { dwords, 0 }));
        for (unsigned n = 2; n < dwords; ++n)
            CHECK_EQUAL (word_at (at + (3 + n) * sizeof (Word)), n * 0x01010101 + seed);
    }
    partner.release ();
    neighbours.check_untouched ("receive");
}

TEST_CASE ("SML-012", "strings go from and to the last byte of a small space, and beyond",
           "V2-219 V2-353")
{
    Neighbours const neighbours = Neighbours::place (true);
    PartnerTask& task = neighbours.task;
    Word const home = neighbours.home;
    LastBytes const last;
    static Word memories[2][Message::words (2, 1)];
    static std::uint8_t bytes[string_bytes];
    for (bool const small_sends : { true, false })
        for (Word beyond = 0; beyond <= 2; ++beyond) {
            Address const at = small_end - string_bytes + beyond;
            Message in_task { memories[0], 2, 1 };
            Message own { memories[1], 2, 1 };
            for (Word n = 0; n < string_bytes; ++n) {
                bytes[n] = static_cast<std::uint8_t> (small_sends ? 0 : n + 1);
                if (at + n < small_end)
                    *reinterpret_cast<std::uint8_t volatile*> (at + n)
                        = static_cast<std::uint8_t> (small_sends ? n + 1 : 0);
            }
            auto const own_at = reinterpret_cast<Address> (bytes);
            in_task.string (0) = { string_bytes, at, string_bytes, at };
            own.string (0) = { string_bytes, own_at, string_bytes, own_at };
            CallServer server;
            CallClient client { {}, l4::SendDescriptor::registers () };
            if (small_sends) {
                server.receive = own.receiving ();
                client.send = in_task.sending ();
            } else {
                server.answer = own.sending ();
                client.receive = in_task.receiving ();
            }
            Partner& partner = start_server (server, Space::own);
            client.server = partner.id ();
            SmallCall call { task, client };
            if (beyond == 0) {
                call.check_fits (home);
                for (Word n = 0; n < string_bytes; ++n)
                    CHECK_EQUAL (small_sends ? bytes[n]
                                             : *reinterpret_cast<std::uint8_t*> (at + n),
                                 n + 1);
            } else {
                call.check_faults (home, small_sends);
            }
            partner.release ();
        }
    neighbours.check_untouched ("string");
}

TEST_CASE ("SML-013", "exception tables and frames end with a small space, or lie beyond",
           "V2-219 V2-353")
{
    constexpr Word gate_13 = 13 * sizeof (l4::ExceptionGate);
    constexpr Word gate_bytes = sizeof (l4::ExceptionGate);
    Neighbours const neighbours = Neighbours::place (true);
    PartnerTask& task = neighbours.task;
    Word const home = neighbours.home;
    LastBytes const last;
    ExceptionRun run = int_80h ();
    for (Word beyond : { 0u, 4u, 8u }) {
        run.table = small_end - gate_13 - gate_bytes + beyond;
        for (Address at = run.table; at < small_end; at += sizeof (Word))
            word_at (at) = reinterpret_cast<Word const*> (exception_table)[(at - run.table)
                                                                           / sizeof (Word)];
        Partner& partner = begin_in (task, run);
        if (beyond != 0) {
            CHECK_EQUAL (fault_of (partner), small_end);
            CHECK_EQUAL (run.count (), 0u);
            CHECK (move_to (task.id (), home));
            continue;
        }
        CHECK (partner.finish ());
        CHECK_EQUAL (run.count (), 1u);
        CHECK_EQUAL (small_space_of (task.id ()), home);
        partner.release ();
    }
    run.table = reinterpret_cast<Address> (exception_table);
    for (Word beyond : { 0u, 4u, 16u, 20u }) {
        run.stack = small_end + beyond;
        Partner& partner = begin_in (task, run);
        if (beyond != 0) {
            CHECK_EQUAL (fault_of (partner) & ~(l4::page_size - 1), small_end);
            CHECK_EQUAL (run.count (), 0u);
            CHECK (move_to (task.id (), home));
            continue;
        }
        CHECK (partner.finish ());
        CHECK_EQUAL (run.count (), 1u);
        CHECK_EQUAL (run.caught ().esp, small_end);
        CHECK_EQUAL (small_space_of (task.id ()), home);
        partner.release ();
    }
    neighbours.check_untouched ("exception");
}

TEST_CASE ("SML-014", "a page beyond the end makes a task large, and all it had is there",
           "V2-219 V2-353")
{
    PartnerTask& task = small_task ();
    Address const near = take_pages ();
    Address const far = take_pages ();
    give_page (0, near, small_window);
    for (Address const at : { small_end, small_end + 1, 0x10000000u }) {
        Word const home = small_space_of (task.id ());
        CHECK (home != 0);
        CHECK_EQUAL (value_in (task, small_window), page_mark (near));
        CHECK_EQUAL (fault_of_read (task, at), at & ~Word { 3 });
        CHECK_EQUAL (small_space_of (task.id ()), 0u);
        CHECK_EQUAL (value_in (task, small_window), page_mark (near));
        CHECK (move_to (task.id (), home));
    }
    give_page (0, far, 0x10000000);
    CHECK_EQUAL (value_in (task, 0x10000000), page_mark (far));
    CHECK_EQUAL (value_in (task, small_window), page_mark (near));
    CHECK_EQUAL (small_space_of (task.id ()), 0u);
}

TEST_CASE ("SML-015", "a segment that wraps around makes its task large, and shows no small space",
           "V2-354 V2-353 V2-346")
{
    struct Descriptor {
        Word low;
        Word high;
    };
    PartnerTask& task = small_task (0);
    PartnerTask& server_task = small_task (1);
    Address const page = take_pages ();
    give_page (1, page, small_window);
    CHECK_EQUAL (value_in (server_task, small_window), page_mark (page));
    Word const number = small_space_of (server_task.id ());
    CallServer server;
    Partner& partner = server_task.start (CallServer::run, &server);
    settle ();
    // Data from 4 KB below the server's page on, 4 GB long. lgdt [eax]; mov ecx, 33h; mov gs, ecx;
    // then calls, and mov eax, gs:[1000h].
    static Descriptor descriptor;
    static l4::PseudoDescriptor const table { 7, reinterpret_cast<Address> (&descriptor) };
    Address const base = 0xC0000000 + number / 2 * small_end + small_window - l4::page_size;
    descriptor = { base << 16 | 0xFFFF,
                   (base & 0xFF000000) | 0x00CFF200 | (base >> 16 & 0xFF) };
    static l4::ThreadId server_id;
    static Word volatile calls;
    server_id = partner.id ();
    calls = 0;
    reset_exception_table ();
    static ExceptionRun run { 0x65, 0xA1, 0x00, 0x10, 0x00, 0x00 };
    run.recovery = Recovery::skip (6);
    run.prepare ();
    Partner& client = task.start ([] (void*) {
        guest_load_descriptors (&table);
        asm volatile ("movw %w0, %%gs" : : "r" (Word { l4::tls_selector (0) }));
        for (unsigned n = 0; n < 10; ++n)
            calls = calls + (call (server_id).w1 == question.w0 + question.w1);
        load_exception_table (reinterpret_cast<Address> (exception_table));
        guest_run_code ();
    }, nullptr);
    CHECK (client.finish ());
    CHECK_EQUAL (calls, 10u);
    CHECK_EQUAL (run.count (), 1u);
    CHECK_EQUAL (run.caught ().vector, 13u);
    CHECK_EQUAL (guest_registers[7], 0x11111111u);
    CHECK_EQUAL (small_space_of (task.id ()), 0u);
    CHECK_EQUAL (small_space_of (server_task.id ()), number);
    client.release ();
    partner.release ();
    CHECK_EQUAL (value_in (server_task, small_window), page_mark (page));
}

TEST_CASE ("SML-016", "a breakpoint beyond the end of a small space does not see its neighbour",
           "V2-337 V2-353")
{
    static ExceptionRun run { 0x90 };
    static bool volatile stop;
    PartnerTask& watcher_task = small_task (0);
    PartnerTask& neighbour_task = small_task (1);
    static_cast<void> (place_side_by_side (watcher_task.id (), neighbour_task.id ()));
    Address const page = take_pages ();
    give_page (1, page, small_window);
    CHECK_EQUAL (value_in (neighbour_task, small_window), page_mark (page));
    reset_exception_table ();
    run.prepare ();
    stop = false;
    Partner& watcher = watcher_task.start ([] (void*) {
        load_exception_table (reinterpret_cast<Address> (exception_table));
        asm volatile ("movl %0, %%db0" : : "r" (small_end + small_window));
        asm volatile ("movl %0, %%db7" : : "r" (0x000D0001));       // writes of four bytes
        while (!stop)
            rt::thread_switch (l4::ThreadId::nil ());
        asm volatile ("movl %0, %%db7" : : "r" (0));
    }, nullptr);
    Partner& neighbour = neighbour_task.start ([] (void*) {
        for (Word n = 0; n < 100; ++n) {
            guest_write (small_window, n);
            rt::thread_switch (l4::ThreadId::nil ());
        }
    }, nullptr);
    CHECK (neighbour.finish ());
    stop = true;
    CHECK (watcher.finish ());
    CHECK_EQUAL (run.count (), 0u);
    CHECK_EQUAL (word_at (page), 99u);
    watcher.release ();
    neighbour.release ();
}
