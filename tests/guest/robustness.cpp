// SPDX-License-Identifier: BSD-2-Clause
/// @file  System calls with arbitrary registers: the kernel goes on, and tells nothing.
///
/// The calls are made in a partner task that has nothing to lose. What must not be hit by chance,
/// such as threads of other tasks, is kept out of the values; the cases of the other files aim.
#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/pager.hpp>
#include <framework/probes.hpp>
#include <framework/random.hpp>
#include <framework/selection.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

constexpr unsigned calls = 2000;

/// Borders of everything: fields, user space, kernel regions, pages.
constexpr Word borders[] = {
    0x00000000, 0x00000001, 0x00000002, 0x00000003, 0x00000010, 0x00000030, 0x00000058,
    0x00000080, 0x00000082, 0x000000FF, 0x00000FFF, 0x00001000, 0x00010000, 0x003FFFFF,
    0x00400000, 0x12345678, 0x7FFFFFFF, 0x80000000, 0xBFFFF000, 0xBFFFFFFF, 0xC0000000,
    0xC0000002, 0xDFFFFFFF, 0xE0000000, 0xE0080400, 0xEFFFFFFF, 0xF0000000, 0xF0000042,
    0xF0100000, 0xFFBFFFFF, 0xFFC00000, 0xFFFFF000, 0xFFFFFFFC, 0xFFFFFFFE, 0xFFFFFFFF,
};

/// Low words of ids that name no thread of the system: task numbers from 1024 up are not in use.
[[nodiscard]] Word strange_id (Random& random)
{
    constexpr Word special[] = { 0x00000000, 0x00000400, 0x00020000, 0x0001FFFF, 0xFFFFFFFF };
    if (random.below (4) == 0)
        return random.pick (special);
    return random.next () | 0x08000000;
}

[[nodiscard]] RegisterImage wild_registers (Random& random)
{
    RegisterImage image = distinct_registers;
    for (Word* word : { &image.eax, &image.ecx, &image.edx, &image.ebx, &image.ebp, &image.edi })
        *word = random.below (4) == 0 ? random.next () : random.pick (borders);
    image.esi = strange_id (random);
    return image;
}

using Restrain = void (RegisterImage& image, Random& random);

/// One run of a call with wild registers.
struct Campaign {
    l4::SystemCall call;
    Word seed;
    Restrain* restrain;         ///< takes back what would do harm
    Word defined;               ///< outputs with a meaning, bit n = n-th word of the image
    unsigned volatile done { 0 };
    unsigned volatile leaks { 0 };
};

constexpr unsigned general_registers = 7;

[[nodiscard]] Word register_of (RegisterImage const& image, unsigned n)
{
    Word const words[general_registers] { image.eax, image.ecx, image.edx, image.ebx,
                                          image.ebp, image.esi, image.edi };
    return words[n];
}

/// Whether an output without a meaning holds something that the caller could not know.
[[nodiscard]] bool leaks (RegisterImage const& in, RegisterImage const& out, Word defined)
{
    for (unsigned n = 0; n < general_registers; ++n) {
        Word const value = register_of (out, n);
        bool known = (defined >> n & 1) != 0 || value == 0;
        for (unsigned i = 0; i < general_registers; ++i)
            known = known || value == register_of (in, i)
                    || ((defined >> i & 1) != 0 && value == register_of (out, i));
        if (!known)
            return true;
    }
    return false;
}

void make_calls (void* argument)
{
    auto& self = *static_cast<Campaign*> (argument);
    Random random { self.seed + 16 * selection.seed };
    for (unsigned i = 0; i < calls * selection.times; ++i) {
        RegisterImage in = wild_registers (random);
        self.restrain (in, random);
        if (leaks (in, raw_call (self.call, in), self.defined))
            self.leaks = self.leaks + 1;
        self.done = self.done + 1;
    }
}

/// The system still does what it is for.
void check_alive ()
{
    Exchange order = Exchange::call (rt::myself (), { 1, 2 });
    Partner& partner = start_in (Space::other, exchange, &order);
    auto const request = rt::receive (partner.id (), bounded);
    CHECK (request.dope.ok () && request.w0 == 1 && request.w1 == 2);
    CHECK (rt::send (partner.id (), { 3, 4 }, no_waiting).ok ());
    CHECK (partner.finish ());
    CHECK_EQUAL (order.result.w0, 3u);
}

void run_campaign (Campaign campaign)
{
    Partner& partner = partner_task ().start (make_calls, &campaign);
    CHECK (partner.finish (10000 * selection.times));
    CHECK_EQUAL (campaign.done, calls * selection.times);
    CHECK_EQUAL (campaign.leaks, 0u);
    partner.release ();
    check_alive ();
}

constexpr Word eax_bit = 1 << 0;
constexpr Word ids_bits = 3 << 5;           ///< ESI and EDI
constexpr Word all_bits = 0x7F;

void no_restraint (RegisterImage&, Random&) {}

}  // namespace

TEST_CASE ("ROB-001", "id_nearest takes any registers", "V2-008 V2-004")
{
    run_campaign ({ l4::SystemCall::id_nearest, 11, no_restraint, eax_bit | ids_bits });
}

TEST_CASE ("ROB-002", "fpage_unmap takes any registers", "V2-008 V2-004 V2-092")
{
    run_campaign ({ l4::SystemCall::fpage_unmap, 12, no_restraint, 0 });
}

TEST_CASE ("ROB-003", "thread_switch takes any registers", "V2-008 V2-004 V2-093")
{
    run_campaign ({ l4::SystemCall::thread_switch, 13, no_restraint, 0 });
}

TEST_CASE ("ROB-004", "thread_schedule takes any registers", "V2-008 V2-004 V2-214")
{
    run_campaign ({ l4::SystemCall::thread_schedule, 14, no_restraint, eax_bit });
}

TEST_CASE ("ROB-005", "lthread_ex_regs takes any registers", "V2-008 V2-227")
{
    // Threads that start where nothing is, so that they do not run through the shared memory.
    answer_window_faults (WindowFaults::silence);
    auto const strange_threads = [] (RegisterImage& image, Random& random) {
        constexpr Address nowhere[] = { 0x00000000, 0x00000004, 0x12345678, 0xBFFFFFFF, 0xC0000000,
                                        0xE0000000, 0xF0100000, 0xFFFFFFFC, 0xFFFFFFFF };
        image.eax = (image.eax & ~Word { 0x7F }) | (100 + random.below (8));
        image.edx = random.pick (nowhere);
    };
    run_campaign ({ l4::SystemCall::lthread_ex_regs, 15, strange_threads, all_bits });
}

TEST_CASE ("ROB-006", "task_new takes any registers of a task without numbers", "V2-008 V2-231")
{
    run_campaign ({ l4::SystemCall::task_new, 16, no_restraint, ids_bits });
}

TEST_CASE ("ROB-007", "ipc takes any registers", "V2-008 V2-004 V2-065")
{
    auto const without_waiting = [] (RegisterImage& image, Random& random) {
        constexpr Word timeouts[] = { 0x00000011, 0x0000FF11, 0x0000F0FF, 0x01010FFF, 0x0000FF1F };
        image.ecx = random.pick (timeouts);
    };
    run_campaign ({ l4::SystemCall::ipc, 17, without_waiting, eax_bit });
}

TEST_CASE ("ROB-008", "task_new refuses the numbers of others, whatever else it is given",
           "V2-008 V2-231 V2-097")
{
    Random random { 18 + 16 * selection.seed };
    for (unsigned i = 0; i < calls * selection.times; ++i) {
        RegisterImage in = wild_registers (random);
        in.esi = own_task_id (foreign_task_number () - random.below (512)).low ()
                 | (in.edi & ~l4::ThreadId::Task::mask);
        RegisterImage const out = raw_call (l4::SystemCall::task_new, in);
        REQUIRE_EQUAL (out.esi, 0u);
        REQUIRE_EQUAL (out.edi, 0u);
        REQUIRE (!leaks (in, out, ids_bits));
    }
    check_alive ();
}
