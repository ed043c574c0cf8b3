// SPDX-License-Identifier: BSD-2-Clause
/// @file  The kernel is entered with whatever a user can have in segment registers and flags.
///
/// A partner has three descriptors of its own: two with bases in the kernel, one flat. It comes to
/// the kernel in every way there is, with every selector that can be loaded.
#include <runtime/info_page.hpp>

#include <framework/check.hpp>
#include <framework/exceptions.hpp>
#include <framework/message.hpp>
#include <framework/pager.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

struct Descriptor {
    Word low;
    Word high;
};

/// Writable data up to 4 GB behind `base`.
constexpr Descriptor data_at (Address base)
{
    return { base << 16 | 0xFFFF, (base & 0xFF000000) | 0x00CFF200 | (base >> 16 & 0xFF) };
}

constexpr Descriptor descriptors[] = { data_at (0xF0000000), data_at (0), data_at (0xE0080000) };
constexpr Word flat = 0x23;

/// What the processor loads: null selectors, code and data of the user, own descriptors.
constexpr Word selectors[] = { 0x00, 0x01, 0x02, 0x03, 0x18, 0x19, 0x1A, 0x1B, 0x20, 0x21, 0x22,
                               0x23, 0x30, 0x31, 0x32, 0x33, 0x38, 0x3B, 0x40, 0x43 };
constexpr unsigned loadable = sizeof selectors / sizeof selectors[0];
constexpr Word stack_selectors[] = { flat, 0x33, 0x3B, 0x43 };

constexpr Word usual_flags = flag_reserved | flag_interrupt;
constexpr Word all_flags = usual_flags | flag_carry | flag_direction | flag_nested_task
                           | flag_alignment_check;

/// Combinations: one selector in all registers, or a different one in each.
constexpr unsigned combinations = 2 * loadable;

void load_segments (RegisterImage& image, unsigned n)
{
    unsigned const step = n / loadable;
    auto const selector = [=] (unsigned i) { return selectors[(n + i * step) % loadable]; };
    image.ds = selector (0);
    image.es = selector (1);
    image.fs = selector (2);
    image.gs = selector (3);
    image.ss = stack_selectors[n % 4];
    image.eflags = n % 3 == 0 ? usual_flags : all_flags;
}

void take_descriptors ()
{
    l4::PseudoDescriptor const table { sizeof descriptors - 1,
                                       reinterpret_cast<Address> (descriptors) };
    guest_load_descriptors (&table);
}

void forget_descriptors ()
{
    constexpr Descriptor empty {};
    l4::PseudoDescriptor const table { sizeof empty - 1, reinterpret_cast<Address> (&empty) };
    guest_load_descriptors (&table);
}

bool is_own (Word selector) { return selector >= 0x30; }

/// Own selectors stay; others may be replaced by the flat one or null.
bool survives (Word before, Word after)
{
    return after == before || (!is_own (before) && (after == flat || after == 0));
}

/// What is wrong behind an entry with `in`; null: nothing.
char const* what_changed (RegisterImage const& in, RegisterImage const& out)
{
    constexpr Word known = ~flag_io_privilege;
    if (out.moved != 0)
        return "the stack pointer";
    if (((out.eflags ^ in.eflags) & known) != 0)
        return "the flags";
    return survives (in.fs, out.fs) && survives (in.gs, out.gs) ? nullptr : "FS or GS";
}

void check_unchanged (RegisterImage const& in, RegisterImage const& out)
{
    if (char const* what = what_changed (in, out))
        check (false, { "segments.cpp", __LINE__, "an entry changes nothing", what });
}

/// A call that does nothing, and whether it did that.
struct HarmlessCall {
    l4::SystemCall call;
    RegisterImage in;
    bool (*succeeded) (RegisterImage const& out);
};

bool always (RegisterImage const&) { return true; }

[[nodiscard]] RegisterImage arguments (Word eax, Word ecx, Word edx, Word ebx, Word ebp,
                                       l4::ThreadId id)
{
    return { eax, ecx, edx, ebx, ebp, id.low (), id.high (), 0, 0, 0, 0, 0, 0, 0, 0, 0 };
}

void make_harmless_calls (void*)
{
    constexpr Word none = ~Word { 0 };
    l4::ThreadId const self = rt::myself ();
    take_descriptors ();
    HarmlessCall const calls[] = {
        { l4::SystemCall::ipc, arguments (none, 0, 1, 2, none, self),
          [] (RegisterImage const& out) { return out.eax == 0; } },
        { l4::SystemCall::id_nearest, arguments (0, 0, 0, 0, 0, {}),
          [] (RegisterImage const& out) { return out.eax == 0 && out.esi != 0; } },
        { l4::SystemCall::fpage_unmap, arguments (0, 0, 0, 0, 0, {}), always },
        { l4::SystemCall::thread_switch, arguments (0, 0, 0, 0, 0, self), always },
        { l4::SystemCall::thread_schedule, arguments (none, 0, 0, none, none, self),
          [] (RegisterImage const& out) { return out.eax != ~Word { 0 }; } },
        { l4::SystemCall::lthread_ex_regs,
          arguments (self.lthread (), none, none, none, none, l4::ThreadId::invalid ()),
          [] (RegisterImage const& out) { return out.esi == l4::root_id.low (); } },
        { l4::SystemCall::task_new,
          arguments (0, 0, 0, 1, 1, own_task_id (foreign_task_number ())),
          [] (RegisterImage const& out) { return out.esi == 0 && out.edi == 0; } },
    };
    for (unsigned n = 0; n < combinations; ++n)
        for (HarmlessCall const& call : calls) {
            RegisterImage in = call.in;
            load_segments (in, n);
            RegisterImage out {};
            guest_segment_calls[static_cast<Word> (call.call)
                                - static_cast<Word> (l4::SystemCall::ipc)](&in, &out);
            check_unchanged (in, out);
            CHECK (call.succeeded (out));
        }
    forget_descriptors ();
}

/// Calls to a server, with words in registers or in memory.
struct Client {
    l4::ThreadId server;
    unsigned done { 0 };
};

constexpr unsigned message_dwords = 40;
Word client_memory[Message::words (message_dwords)];

void call_server (void* client)
{
    auto& self = *static_cast<Client*> (client);
    take_descriptors ();
    Message message { client_memory, message_dwords };
    for (unsigned i = 2; i < message_dwords; ++i)
        message.word (i) = 0xC0DE0000 + i;
    for (unsigned n = 0; n < 2 * combinations; ++n) {
        bool const in_memory = n >= combinations;
        RegisterImage in = arguments (in_memory ? message.sending ().raw () : 0, 0, n, ~n, 0,
                                      self.server);
        load_segments (in, n % combinations);
        RegisterImage out {};
        guest_segment_calls[0](&in, &out);
        check_unchanged (in, out);
        CHECK_EQUAL (out.eax, 0x00004000u);
        CHECK_EQUAL (out.edx, ~n);
        CHECK_EQUAL (out.ebx, n);
        ++self.done;
    }
    forget_descriptors ();
}

void spin (void*)
{
    take_descriptors ();
    for (unsigned n = 0; n < combinations; n += 5) {
        RegisterImage in = distinct_registers;
        load_segments (in, n);
        // The counting itself sets flags; only the others are compared.
        in.ecx = 200'000;
        RegisterImage out {};
        guest_segment_spin (&in, &out);
        constexpr Word kept = flag_direction | flag_nested_task | flag_alignment_check;
        CHECK_EQUAL (out.ecx, 0u);
        CHECK_EQUAL (out.moved, 0u);
        CHECK_EQUAL (out.eflags & kept, in.eflags & kept);
        CHECK (survives (in.fs, out.fs) && survives (in.gs, out.gs));
    }
    forget_descriptors ();
}

/// Reads of pages that are not there yet.
struct Reader {
    Address window;
    unsigned done { 0 };
};

void fault (void* reader)
{
    auto& self = *static_cast<Reader*> (reader);
    take_descriptors ();
    for (unsigned n = 0; n < combinations; ++n) {
        RegisterImage in = distinct_registers;
        load_segments (in, n);
        in.esi = self.window + n * l4::page_size;
        RegisterImage out {};
        guest_segment_read (&in, &out);
        check_unchanged (in, out);
        CHECK_EQUAL (out.eax, spare_page_mark);
        ++self.done;
    }
    forget_descriptors ();
}

/// The thread ends there or goes on; nobody else notices.
void check_harmless (void (*attempt) (void*))
{
    Partner& volunteer = start_partner (attempt, nullptr, rt::myself ());
    auto const message = rt::receive (volunteer.id (), within (5));
    CHECK_EQUAL (message.dope.raw (), l4::IpcError::receive_timeout);
    auto const state = rt::thread_schedule (volunteer.id (), l4::ScheduleParameter { ~Word { 0 } });
    constexpr auto dead = static_cast<Word> (l4::ThreadStateCode::dead);
    CHECK (volunteer.done () || state.old.state () == dead);
    volunteer.release ();
    // It can be revived, and is a thread as any other.
    Partner& revived = start_partner ([] (void*) { forget_descriptors (); }, nullptr);
    CHECK_EQUAL (revived.id (), volunteer.id ());
    CHECK (revived.finish ());
    revived.release ();
}

}  // namespace

TEST_CASE ("SEG-001", "every call takes every selector in every register, with every flag",
           "V2-005 V2-006 V2-335 V2-347 V2-008")
{
    Partner& partner = start_partner (make_harmless_calls, nullptr);
    REQUIRE (partner.finish (5000));
}

TEST_CASE ("SEG-002", "messages pass whatever their sender has in its segment registers",
           "V2-125 V2-335 V2-347 V2-141")
{
    static Word memory[Message::words (message_dwords)];
    Message buffer { memory, message_dwords };
    Client client { rt::myself () };
    Partner& partner = start_partner (call_server, &client);
    for (unsigned n = 0; n < 2 * combinations; ++n) {
        bool const in_memory = n >= combinations;
        for (unsigned i = 2; i < message_dwords; ++i)
            buffer.word (i) = 0;
        auto const request = rt::ipc (l4::SendDescriptor::nil (), buffer.receiving (),
                                      partner.id (), bounded);
        REQUIRE (request.dope.ok ());
        CHECK_EQUAL (request.dope.dwords (), in_memory ? message_dwords : 2u);
        CHECK_EQUAL (request.w0, n);
        CHECK_EQUAL (request.w1, ~n);
        for (unsigned i = 2; in_memory && i < message_dwords; ++i)
            REQUIRE_EQUAL (buffer.word (i), 0xC0DE0000 + i);
        REQUIRE (rt::send (partner.id (), { ~n, n }, no_waiting).ok ());
    }
    REQUIRE (partner.finish ());
    CHECK_EQUAL (client.done, 2 * combinations);
}

TEST_CASE ("SEG-003", "interrupts come whatever is in segment registers and flags",
           "V2-006 V2-335 V2-347")
{
    Partner& first = start_partner (spin, nullptr);
    Partner& second = start_partner (spin, nullptr);
    Partner& third = partner_task ().start (spin, nullptr);
    CHECK (first.finish (5000) && second.finish (5000) && third.finish (5000));
}

TEST_CASE ("SEG-004", "page faults are served whatever is in segment registers and flags",
           "V2-196 V2-335 V2-347")
{
    Reader reader { window_region + 0x01000000 };
    Partner& partner = partner_task (2).start (fault, &reader);
    REQUIRE (partner.finish (5000));
    CHECK_EQUAL (reader.done, combinations);
    CHECK_EQUAL (window_faults (), combinations);
}

TEST_CASE ("SEG-005", "no flag that is popped gets its thread out of user mode",
           "V2-339 V2-302 V2-008")
{
    // IRET with VM: some emulators go on in virtual-8086 mode, processors ignore it.
    check_harmless ([] (void*) {
        asm volatile ("pushfl\n\t"
                      "orl $0x20000, (%%esp)\n\t"
                      "pushl %%cs\n\t"
                      "pushl $1f\n\t"
                      "iret\n"
                      "1:" : : : "memory", "cc");
    });
    // The same with a loop there, until the next tick finds it; the segments are the kernel's.
    check_harmless ([] (void*) {
        static std::uint8_t const loop[2] { 0xEB, 0xFE };
        Address const at = reinterpret_cast<Address> (loop);
        asm volatile ("pushl $0x08\n\t"             // GS, FS, DS, ES
                      "pushl $0x08\n\t"
                      "pushl $0x08\n\t"
                      "pushl $0x08\n\t"
                      "pushl $0x10\n\t"             // SS, ESP
                      "pushl $0x8000\n\t"
                      "pushl $0x20202\n\t"
                      "pushl %0\n\t"
                      "pushl %1\n\t"
                      "iret" : : "r" (at >> 4), "r" (at & 15) : "memory");
    });
    // IRET with NT: a return to a task that is not there.
    check_harmless ([] (void*) {
        asm volatile ("pushfl\n\t"
                      "orl $0x4000, (%%esp)\n\t"
                      "popfl\n\t"
                      "pushfl\n\t"
                      "pushl %%cs\n\t"
                      "pushl $1f\n\t"
                      "iret\n"
                      "1: pushfl\n\t"
                      "andl $~0x4000, (%%esp)\n\t"
                      "popfl" : : : "memory", "cc");
    });
    // POPF and IRET with everything but TF, NT and VM.
    check_harmless ([] (void*) {
        asm volatile ("pushfl\n\t"
                      "orl $0x003F3ED5, (%%esp)\n\t"
                      "andl $~0x20000, (%%esp)\n\t"
                      "popfl\n\t"
                      "int $0x31\n\t"
                      "pushl $0x3202\n\t"
                      "pushl %%cs\n\t"
                      "pushl $1f\n\t"
                      "iret\n"
                      "1: cld" : : "S" (0), "a" (0) : "ecx", "edx", "ebx", "edi", "memory", "cc");
    });
    CHECK_EQUAL (rt::id_nearest (l4::ThreadId::nil ()).type, l4::Nearest::same_clan);
}
