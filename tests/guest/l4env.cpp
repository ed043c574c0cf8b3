// SPDX-License-Identifier: BSD-2-Clause
/// @file  What l4env tasks have, and strict tasks beside them have not. These cases need a test
///        program that is an l4env task itself: `run l4env conformance ENV`, and in a boot of its
///        own, because it takes all ports, `run l4env conformance APO`.
#include <l4/protocol/sigma0.hpp>
#include <l4/task_parameter.hpp>
#include <root/protocol.hpp>
#include <runtime/info_page.hpp>
#include <runtime/ia32/ports.hpp>
#include <runtime/kip.hpp>

#include <framework/check.hpp>
#include <framework/devices.hpp>
#include <framework/exchange.hpp>
#include <framework/memory.hpp>
#include <framework/pager.hpp>
#include <framework/ports.hpp>
#include <framework/probes.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

constexpr Word any_mcp = 255;
constexpr Word strict_task = l4::TaskParameter::make (any_mcp, l4::Profile::strict).raw ();

[[nodiscard]] Word own_flags ()
{
    Word flags;
    asm volatile ("pushfl\n\tpopl %0" : "=r" (flags));
    return flags;
}

void need_l4env ()
{
    if ((own_flags () & flag_io_privilege) != flag_io_privilege)
        SKIP ("the test program is a strict task");
}

/// `id` with nothing but task and thread right.
[[nodiscard]] l4::ThreadId with_garbage (l4::ThreadId id)
{
    constexpr Word version_bits = 0xF00003FF;
    return { id.low () ^ (version_bits & 0x50000155), id.high () ^ 0x5AA5A55A };
}

[[nodiscard]] bool is_in_state (l4::ThreadStateCode state, l4::ThreadId thread)
{
    auto const now = rt::thread_schedule (thread, l4::ScheduleParameter { l4::unchanged }).old;
    return now.state () == static_cast<Word> (state);
}

[[nodiscard]] bool is_waiting (l4::ThreadId thread)
{
    return is_in_state (l4::ThreadStateCode::waiting, thread);
}

/// The address that `lock; nop` tells.
[[nodiscard]] Address find_info_page ()
{
    Address page;
    asm volatile (".byte 0xF0, 0x90" : "=a" (page));
    return page;
}

/// `int3` with the debugger call `number`. @return EAX afterwards
template <unsigned number>
Word debug_call (Word eax = 0, Word ebx = 0)
{
    asm volatile ("int3\n\tcmpb %[number], %%al"
                  : "+a" (eax)
                  : "b" (ebx), [number] "i" (number)
                  : "cc", "memory");
    return eax;
}

/// A strict task that runs `function`, with the case as its pager for all but the image.
l4::ThreadId start_strict (void (*function) (void*))
{
    return create_task (own_task_id (take_task_number ()), strict_task, function, nullptr);
}

[[noreturn]] void park () { rt::sleep_forever (); }

bool volatile went_on;

}  // namespace

TEST_CASE ("ENV-001", "a message reaches the thread that task and lthread name", "V2-112 V2-031")
{
    need_l4env ();
    Exchange order = Exchange::wait ();
    Partner& partner = begin (order, Space::other);
    CHECK (rt::send (with_garbage (partner.id ()), { 1, 2 }, no_waiting).ok ());
    REQUIRE (partner.finish ());
    CHECK_EQUAL (order.result.w1, 2u);
    CHECK_EQUAL (order.result.source, rt::myself ());
}

TEST_CASE ("ENV-002", "a closed receive accepts the thread that task and lthread name", "V2-031")
{
    need_l4env ();
    Exchange order = Exchange::to (rt::myself (), { 3, 4 });
    Partner& partner = begin (order, Space::other);
    auto const message = rt::receive (with_garbage (partner.id ()), within (500));
    CHECK_EQUAL (message.dope.raw (), 0x00004000u);
    CHECK_EQUAL (message.source, partner.id ());
    CHECK (partner.finish ());
}

TEST_CASE ("ENV-003", "a thread that waits for an incomplete id gets the message", "V2-031")
{
    need_l4env ();
    Exchange order = Exchange::from (with_garbage (rt::myself ()));
    Partner& partner = begin (order, Space::other);
    CHECK (rt::send (partner.id (), { 5, 6 }, no_waiting).ok ());
    CHECK (partner.finish ());
    CHECK_EQUAL (order.result.w0, 5u);
}

TEST_CASE ("ENV-004", "nil, invalid and unused numbers name nobody", "V2-031 V2-023 V2-117")
{
    need_l4env ();
    for (l4::ThreadId const id :
         { l4::ThreadId { 0, 77 }, l4::ThreadId::invalid (), own_task_id (foreign_task_number ()),
           l4::ThreadId { 0x3FF, 0 }, with_garbage (rt::myself ()) })
        CHECK_EQUAL (rt::send (id, {}, no_waiting).raw (), l4::IpcError::not_existent);
}

TEST_CASE ("ENV-005", "thread_schedule takes an incomplete id", "V2-031 V2-094")
{
    need_l4env ();
    Exchange order = Exchange::wait ();
    Partner& partner = begin (order, Space::other);
    CHECK (is_waiting (with_garbage (partner.id ())));
    CHECK (rt::send (partner.id (), {}, no_waiting).ok ());
}

TEST_CASE ("ENV-006", "thread_switch takes a low word with any version", "V2-032")
{
    need_l4env ();
    went_on = false;
    auto const note = [] (void*) { went_on = true; };
    // The partner stays ready: it has a lower priority.
    Partner& partner = start_partner (note, nullptr);
    CHECK (partner.finish ());
    l4::ScheduleParameter const low { 1, l4::Timeout { 10, 10 } };
    rt::thread_schedule (partner.id (), low);
    went_on = false;
    partner.restart ();
    CHECK (!went_on);
    rt::thread_switch (with_garbage (partner.id ()));
    CHECK (went_on);
}

TEST_CASE ("ENV-007", "threads and tasks have I/O privilege level 3, and keep it",
           "V2-339 V2-299 V2-263 V2-261")
{
    need_l4env ();
    static_cast<void> (start_fresh_thread (guest_report_registers));
    REQUIRE (await_report ());
    CHECK_EQUAL (registers_seen ().eflags & flag_io_privilege, flag_io_privilege);
    for (Word const parameter : { any_mcp, any_mcp | 2 << 8 }) {
        REQUIRE (!rt::task_new (own_task_id (take_task_number ()), parameter, fresh_stack (),
                                address_of (guest_report_registers), pager_id ()).is_nil ());
        REQUIRE (await_report ());
        CHECK_EQUAL (registers_seen ().eflags & flag_io_privilege, flag_io_privilege);
    }
    asm volatile ("pushl %0\n\tpopfl" : : "r" (flag_reserved | flag_interrupt));
    CHECK_EQUAL (own_flags () & flag_io_privilege, flag_io_privilege);
}

TEST_CASE ("ENV-008", "an l4env task can create a strict one", "V2-263 V2-261")
{
    need_l4env ();
    REQUIRE (!rt::task_new (own_task_id (take_task_number ()), strict_task, fresh_stack (),
                            address_of (guest_report_registers), pager_id ()).is_nil ());
    REQUIRE (await_report ());
    CHECK_EQUAL (registers_seen ().eflags & flag_io_privilege, 0u);
}

TEST_CASE ("ENV-009", "ports and the interrupt flag need no permission", "V2-324 V2-339")
{
    need_l4env ();
    auto const use = [] (void*) {
        static_cast<void> (guest_in_byte_80 ());
        guest_clear_interrupts ();
        went_on = true;
    };
    went_on = false;
    Partner& partner = partner_task ().start (use, nullptr);
    CHECK (partner.finish ());
    CHECK (went_on);
    CHECK_EQUAL (window_faults (), 0u);
}

TEST_CASE ("ENV-010", "every task has the kernel info page, read-only, and lock; nop finds it",
           "V2-342 V2-343 V2-203")
{
    need_l4env ();
    struct Found {
        Address page;
        Word magic;
    } found {};
    auto const find = [] (void* result) {
        auto& it = *static_cast<Found*> (result);
        it.page = find_info_page ();
        it.magic = word_at (it.page);
    };
    REQUIRE (partner_task ().start (find, &found).finish ());
    CHECK_EQUAL (found.page, l4::kip_address_l4env);
    CHECK_EQUAL (found.magic, l4::KernelInfoPage::magic_value);
    CHECK_EQUAL (window_faults (), 0u);
    answer_window_faults (WindowFaults::silence);
    auto const write = [] (void*) { word_at (l4::kip_address_l4env) = 0; };
    Partner& partner = partner_task ().start (write, nullptr);
    CHECK (!partner.finish (20));
    REQUIRE (window_faults () == 1);
    CHECK_EQUAL (window_fault (0).w0, l4::kip_address_l4env | 2);
    partner.release ();
}

TEST_CASE ("ENV-011", "a strict task beside it has neither the page nor lock; nop nor int3",
           "V2-344 V2-261 V2-339")
{
    need_l4env ();
    answer_window_faults (WindowFaults::silence);
    l4::ThreadId const reader = start_strict ([] (void*) {
        static_cast<void> (guest_read (l4::kip_address_l4env));
        park ();
    });
    settle ();
    REQUIRE (window_faults () == 1);
    CHECK_EQUAL (window_fault (0).thread, reader);
    CHECK_EQUAL (window_fault (0).w0, l4::kip_address_l4env);
    l4::ThreadId const finder = start_strict ([] (void*) {
        static_cast<void> (find_info_page ());
        park ();
    });
    l4::ThreadId const printer = start_strict ([] (void*) {
        debug_call<0x20> ();
        park ();
    });
    settle ();
    CHECK (is_in_state (l4::ThreadStateCode::dead, finder));
    CHECK (is_in_state (l4::ThreadStateCode::dead, printer));
}

TEST_CASE ("ENV-012", "with bit 30 lthread_ex_regs cancels nothing", "V2-298 V2-096")
{
    need_l4env ();
    constexpr Word no_cancellation = 1 << 30;
    auto const thread = start_fresh_thread (guest_open_wait);
    settle ();
    REQUIRE (is_waiting (thread.id));
    rt::lthread_ex_regs (thread.id.lthread () | no_cancellation, l4::unchanged,
                         address_of (guest_report_registers));
    settle ();
    CHECK (is_waiting (thread.id));
    CHECK (rt::send (thread.id, { 7, 8 }, no_waiting).ok ());
    REQUIRE (await_report ());
    CHECK_EQUAL (registers_seen ().edx, 7u);
    CHECK_EQUAL (registers_seen ().eax, 0x00004000u);
}

TEST_CASE ("ENV-019", "a thread that is shut down is revived with bit 30, too", "V2-298 V2-228")
{
    need_l4env ();
    constexpr Word no_cancellation = 1 << 30;
    Word const lthread = fresh_lthread ();
    l4::ThreadId const thread = rt::myself ().with_lthread (lthread);
    ex_regs (lthread, fresh_stack (), l4::unchanged);
    REQUIRE (is_in_state (l4::ThreadStateCode::dead, thread));
    ex_regs (lthread | no_cancellation, l4::unchanged, address_of (guest_report_registers));
    CHECK (await_report ());
}

TEST_CASE ("ENV-013", "int3 prints numbers, characters and texts", "V2-340")
{
    need_l4env ();
    asm volatile ("int3\n\tjmp 1f\n\t.ascii \"# int3: \"\n1:");
    Word const number = 0x89ABCDEF;
    CHECK_EQUAL (debug_call<0x05> (number), number);
    debug_call<0x20> ();
    debug_call<0x06> (number);
    debug_call<0x20> ();
    debug_call<0x07> (number);
    debug_call<0x20> ();
    debug_call<0x08> (number);
    debug_call<0x20> ();
    debug_call<0x09> (number);
    debug_call<0x20> ();
    debug_call<0x0B> (number);
    asm volatile ("int3\n\tnop\n\tjmp 1f\n\t.ascii \" text \"\n1:");
    char const text[] = "zero-terminated";
    debug_call<0x02> (address_of (text));
    debug_call<0x00> (' ');
    debug_call<0x01> (address_of (text), 4);
    debug_call<0x41> ();
    debug_call<0x00> ('\n');
}

TEST_CASE ("ENV-014", "int3 goes on whatever follows and wherever a text would be",
           "V2-340 V2-341 V2-008")
{
    need_l4env ();
    auto const call = [] (void*) {
        for (Address const nowhere : { Address { 0 }, Address { 0x30000000 }, l4::user_limit,
                                       Address { 0xF0100000 }, ~Address { 0 } }) {
            debug_call<0x01> (nowhere, ~Word { 0 });
            debug_call<0x02> (nowhere);
        }
        debug_call<0x03> ();
        debug_call<0x1D> ();
        debug_call<0x1E> ();
        debug_call<0x1F> ();
        asm volatile ("int3\n\tmovl %%eax, %%eax" : : : "memory");
        asm volatile ("int $3\n\tnop" : : : "memory");
        went_on = true;
    };
    went_on = false;
    CHECK (partner_task ().start (call, nullptr).finish ());
    CHECK (went_on);
    CHECK_EQUAL (window_faults (), 0u);
}

TEST_CASE ("ENV-015", "int3 reads no character where none was typed", "V2-340")
{
    need_l4env ();
    CHECK_EQUAL (debug_call<0x0D> (0), ~Word { 0 });
}

TEST_CASE ("ENV-016", "the kernel info page has the form of 2007", "V2-367 V2-372 V2-365 V2-363")
{
    need_l4env ();
    l4::KernelInfoPage const& page = rt::kip ();
    CHECK_EQUAL (page.version, 0x02004444u);
    CHECK_EQUAL (page.memory_info >> 16, 0x200u);
    Word const count = page.memory_info & 0xFFFF;
    REQUIRE (count > 0 && count <= l4::KernelInfoPage::descriptors_capacity);
    Word ram = 0;
    bool pool_is_reserved = false;
    for (l4::MemoryDescriptor const& d : std::span { page.descriptors, count }) {
        using Type = l4::MemoryDescriptor::Type;
        if (d.type () == Type::conventional)
            ram += d.end () - d.begin ();
        pool_is_reserved |= d.type () == Type::reserved
                            && d.end () - d.begin () >= page.kernel_memory;
    }
    CHECK_EQUAL (page.form_2007.total_ram, ram);
    CHECK (pool_is_reserved);
}

TEST_CASE ("ENV-017", "device memory goes by its physical address, wherever that is",
           "V2-275 V2-355")
{
    need_l4env ();
    constexpr Address end_of_memory = 0xFFC00000;
    unsigned firmware = 0;
    for (Address const device : { Address { 0x80400000 }, Address { 0xF1000000 }, end_of_memory }) {
        Address const window = fresh_window (l4::superpage_bits);
        auto const answer = rt::call (
            l4::sigma0_id,
            { l4::sigma0::later_device_uncached, device | l4::superpage_bits << 2 }, bounded,
            rt::Window { l4::Fpage::memory (window, l4::superpage_bits) });
        REQUIRE (answer.dope.ok ());
        if (answer.w1 == 0)
            SKIP ("an earlier run has got the device memory");
        CHECK (answer.dope.mapped ());
        CHECK_EQUAL (answer.w0, device);
        CHECK_EQUAL (answer.w1 & l4::sigma0::attribute_mask, l4::sigma0::attribute_uncached);
        if (device == end_of_memory)    // the firmware begins with a jump, 16 bytes before the end
            firmware = *reinterpret_cast<std::uint8_t volatile*> (window + l4::superpage_size - 16);
    }
    CHECK (firmware == 0xEA || firmware == 0xE9 || firmware == 0xEB);
}

TEST_CASE ("ENV-018", "messages go directly to their destination, whoever is its chief",
           "V2-086 V2-252")
{
    need_l4env ();
    constexpr Word nobody = 0;
    Exchange order = Exchange::call (
        rt::info_page ().root_service,
        { static_cast<Word> (root::Operation::wait), nobody }, bounded);
    REQUIRE (partner_task ().start (exchange, &order).finish ());
    CHECK_EQUAL (order.result.dope.raw (), 0x00004000u);
    CHECK_EQUAL (order.result.source, rt::info_page ().root_service);
    CHECK_EQUAL (order.result.w0, root::no_such_program);
}

TEST_CASE ("ENV-020", "the driver masks and acknowledges, the kernel only delivers",
           "V2-316 V2-246 V2-308")
{
    need_l4env ();
    constexpr Word controller = 0x20, masks = 0x21;
    constexpr std::uint8_t end_of_interrupt = 0x60 | Keyboard::line;
    constexpr unsigned bit = 1u << Keyboard::line;
    l4::ThreadId const line = l4::interrupt_id (Keyboard::line);
    auto const next = [] { return rt::wait (within (3)).dope.raw (); };
    rt::out8 (masks, static_cast<std::uint8_t> (rt::in8 (masks) & ~bit));
    Keyboard::serve ();
    REQUIRE_EQUAL (rt::receive (line, no_waiting).dope.raw (), l4::IpcError::receive_timeout);
    CHECK ((rt::in8 (masks) & bit) != 0);               // attaching masks
    Keyboard::raise ();
    CHECK_EQUAL (next (), l4::IpcError::receive_timeout);
    rt::out8 (masks, static_cast<std::uint8_t> (rt::in8 (masks) & ~bit));
    CHECK_EQUAL (rt::receive (line, bounded).source, line);
    CHECK ((rt::in8 (masks) & bit) == 0);
    // Not acknowledged: the line is silent, while the kernel's clock, which comes first, runs.
    Keyboard::serve ();
    Keyboard::raise ();
    Microseconds const before = now ();
    CHECK_EQUAL (next (), l4::IpcError::receive_timeout);
    CHECK (now () > before);
    CHECK_EQUAL (rt::send (line, { 0, 0 }).raw (), l4::IpcError::not_existent);
    rt::out8 (controller, end_of_interrupt);
    CHECK_EQUAL (rt::wait (bounded).source, line);
    Keyboard::serve ();
    // Detached without an acknowledgement, the line still works for the next one.
    CHECK_EQUAL (rt::receive (l4::ThreadId::nil (), no_waiting).dope.raw (),
                 l4::IpcError::receive_timeout);
    CHECK ((rt::in8 (masks) & bit) != 0);
    REQUIRE_EQUAL (rt::receive (line, no_waiting).dope.raw (), l4::IpcError::receive_timeout);
    rt::out8 (masks, static_cast<std::uint8_t> (rt::in8 (masks) & ~bit));
    Keyboard::raise ();
    CHECK_EQUAL (rt::wait (bounded).source, line);
    Keyboard::serve ();
    rt::receive (l4::ThreadId::nil (), no_waiting);
}

TEST_CASE ("ENV-021", "the profile of who calls decides how complete an id must be",
           "V2-265 V2-030 V2-031")
{
    need_l4env ();
    static l4::ThreadId to_case;
    static Word volatile refused, accepted;
    to_case = rt::myself ();
    refused = ~Word { 0 };
    accepted = ~Word { 0 };
    l4::ThreadId const strict = start_strict ([] (void*) {
        refused = rt::send (with_garbage (to_case), { 1, 2 }, bounded).raw ();
        accepted = rt::wait (bounded).dope.raw ();
        park ();
    });
    REQUIRE (!strict.is_nil ());
    CHECK_EQUAL (rt::wait (within (10)).dope.raw (), l4::IpcError::receive_timeout);
    CHECK_EQUAL (refused, l4::IpcError::not_existent);
    CHECK (rt::send (with_garbage (strict), { 3, 4 }, bounded).ok ());
    settle ();
    CHECK_EQUAL (accepted, 0x00004000u);
}

TEST_CASE ("ENV-022", "a spurious interrupt of the second controller is nobody's, and stops none",
           "V2-312")
{
    need_l4env ();
    constexpr Word first = 0x20, second = 0xA0, masks = second + 1;
    constexpr unsigned spurious_line = 15;
    constexpr std::uint8_t read_requests = 0x0A, read_in_service = 0x0B;
    constexpr std::uint8_t cascade_bit = 1 << 2, clock_bit = 1 << (RealTimeClock::line - 8);
    constexpr std::uint8_t end_of_clock = 0x60, end_of_cascade = 0x62;
    constexpr unsigned hertz_8192 = 13;
    auto const mask = [] { rt::out8 (masks, rt::in8 (masks) | clock_bit); };
    auto const unmask = [] {
        rt::out8 (masks, static_cast<std::uint8_t> (rt::in8 (masks) & ~clock_bit));
    };
    REQUIRE_EQUAL (rt::receive (l4::interrupt_id (spurious_line), no_waiting).dope.raw (),
                   l4::IpcError::receive_timeout);
    rt::out8 (masks, static_cast<std::uint8_t> (rt::in8 (masks) & ~(1 << (spurious_line - 8))));
    // The clock's request reaches the first controller, and is gone when the processor asks whose
    // it was.
    RealTimeClock::start (hertz_8192);
    for (unsigned round = 0; round < 5; ++round) {
        asm volatile ("cli");
        unmask ();
        unsigned requests = 0;
        for (unsigned n = 0; n < 100000 && (requests & clock_bit) == 0; ++n) {
            rt::out8 (second, read_requests);
            requests = rt::in8 (second);
        }
        mask ();
        asm volatile ("sti");
        CHECK_EQUAL (requests & clock_bit, clock_bit);
        CHECK_EQUAL (rt::wait (within (3)).dope.raw (), l4::IpcError::receive_timeout);
        rt::out8 (first, read_in_service);
        CHECK_EQUAL (rt::in8 (first) & cascade_bit, 0);
        RealTimeClock::serve ();
    }
    // The lines of both controllers work as before.
    l4::ThreadId const clock = l4::interrupt_id (RealTimeClock::line);
    REQUIRE_EQUAL (rt::receive (clock, no_waiting).dope.raw (), l4::IpcError::receive_timeout);
    unmask ();
    for (unsigned round = 0; round < 3; ++round) {
        RealTimeClock::serve ();
        CHECK_EQUAL (rt::receive (clock, within (50)).source, clock);
        rt::out8 (second, end_of_clock);
        rt::out8 (first, end_of_cascade);
    }
    RealTimeClock::stop ();
    rt::receive (l4::ThreadId::nil (), no_waiting);
}

namespace {

/// What a strict task sees that gets all ports, and then loses one.
struct OwnerOfPorts {
    static constexpr Word kept = 0x80, lost = 0x84;

    bool volatile has_all { false };
    Word volatile flags_with_all { 0 };
    Word volatile flags_afterwards { 0 };
    bool volatile read_kept { false };
    bool volatile read_lost { false };

    static void run (void* argument)
    {
        auto& self = *static_cast<OwnerOfPorts*> (argument);
        self.has_all = rt::wait (bounded, rt::Window { l4::Fpage::whole_io () }).dope.mapped ();
        guest_clear_interrupts ();
        self.flags_with_all = own_flags ();
        static_cast<void> (rt::wait (bounded));
        self.flags_afterwards = own_flags ();
        static_cast<void> (rt::in8 (kept));
        self.read_kept = true;
        static_cast<void> (rt::in8 (lost));
        self.read_lost = true;
        park ();
    }
};

}  // namespace

TEST_CASE ("APO-001", "a strict task with all ports gets privilege, and loses it with a port",
           "V2-190 V2-322 V2-323 V2-339 V2-324")
{
    need_l4env ();
    if (!ask_for_ports (l4::Fpage::whole_io ()).dope.mapped ())
        SKIP ("somebody has ports already");
    OwnerOfPorts owner;
    l4::ThreadId const task
        = create_task (own_task_id (take_task_number ()), strict_task, OwnerOfPorts::run, &owner);
    REQUIRE (!task.is_nil ());
    CHECK (rt::send_fpage (task, 0, l4::Fpage::whole_io (), bounded).ok ());
    settle ();
    CHECK (owner.has_all);
    CHECK_EQUAL (owner.flags_with_all & flag_io_privilege, flag_io_privilege);
    rt::fpage_unmap (l4::Fpage::io (OwnerOfPorts::lost, 0), l4::unmap_completely);
    CHECK (rt::send (task, {}, bounded).ok ());
    settle ();
    CHECK_EQUAL (owner.flags_afterwards & flag_io_privilege, 0u);
    CHECK (owner.read_kept);
    CHECK (!owner.read_lost);
    rt::fpage_unmap (l4::Fpage::whole_io (),
                     l4::unmap_completely | l4::unmap_in_own_space_too);
}
