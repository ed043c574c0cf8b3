// SPDX-License-Identifier: BSD-2-Clause
/// @file  Callers that wait for their answer: seen, cancelled, deleted, with all their state.
#include <runtime/info_page.hpp>

#include <framework/bytes.hpp>
#include <framework/call.hpp>
#include <framework/check.hpp>
#include <framework/exceptions.hpp>
#include <framework/memory.hpp>
#include <framework/ports.hpp>
#include <framework/probes.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

constexpr unsigned most_dwords = 1100;

Word own_memory[Message::words (most_dwords)];
Word server_memory[Message::words (most_dwords)];

}  // namespace

namespace {

/// A client of the case that waits for its answer, in a task or thread of the case's choice.
struct WaitingClient {
    l4::SendDescriptor send;
    CallClient client { rt::myself (), send };

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
        Partner& partner = start_partner (CallClient::run, &waiting.client);
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
        Partner& partner = start_partner (CallClient::run, &waiting.client);
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
            CallClient::run (client);
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
    CallServer quiet { Message { server_memory, 40 }.receiving () };
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
    // The unit goes to a thread that dies with the case: callers that compute are none of those
    // that the fast paths are made for, and other cases call from this thread, too.
    constexpr unsigned passing_task = 2;
    CHECK (partner_task (passing_task).start ([] (void*) { load_number (0); }, nullptr).finish ());
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
    CallServer server { there.receiving () };
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
    CallServer server { there.receiving () };
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
        CallServer server { there.receiving () };
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
            CallServer server { there.receiving () };
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
