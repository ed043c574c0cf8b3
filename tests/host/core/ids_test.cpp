// SPDX-License-Identifier: BSD-2-Clause
/// @file  Ids and task numbers against models: which threads live, and who owns which number.
#include <core/interrupt.hpp>
#include <core/ipc.hpp>
#include <core/scheduler.hpp>
#include <core/space.hpp>
#include <core/task_table.hpp>
#include <core/thread_table.hpp>
#include <core/wakeup.hpp>
#include <support/random.hpp>

#include <machine/context.hpp>
#include <machine/tcb_area.hpp>

#include <sys/mman.h>

#include <gtest/gtest.h>

#include <map>

using kernel::Tcb;
using l4::ThreadId;
using l4::Word;

namespace {

/// Few values of each field, so that ids that differ in a single one are frequent.
constexpr Word task_numbers[] { 5, 6, 300, 2047 };
constexpr Word lthreads[] { 0, 1, 127 };
constexpr Word versions[] { 0, 1, 0x400, 0x3FFF };
constexpr Word chiefs[] { 4, 5 };
constexpr Word nests[] { 0, 1, 15 };
constexpr Word sites[] { 0, 1 };

template <typename T, std::size_t N>
T pick (Random& random, T const (&values)[N])
{
    return values[random.below (N)];
}

ThreadId any_id (Random& random)
{
    return ThreadId::make ({ .task = pick (random, task_numbers),
                             .lthread = pick (random, lthreads),
                             .version = pick (random, versions),
                             .chief = pick (random, chiefs),
                             .nest = pick (random, nests),
                             .site = pick (random, sites) });
}

/// The place of the thread, without version and chief.
Word slot (ThreadId id) { return id.low () & ThreadId::index_mask; }

/// Zeros at the thread control blocks of all slots, and where nil leads to.
void provide_tcbs ()
{
    for (Word task : { Word { 0 }, task_numbers[0], task_numbers[1], task_numbers[2],
                       task_numbers[3] }) {
        void* const wanted = &machine::tcb_area::tcb (ThreadId::make ({ task, 0, 0, 0, 0, 0 }));
        constexpr Word size = ThreadId::threads_per_task * machine::tcb_size;
        ASSERT_EQ (mmap (wanted, size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0), wanted);
    }
}

machine::PageDirectory host_directory;

}  // namespace

TEST (Ids, NameTheLivingThreadThatAgreesInEveryField)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    provide_tcbs ();
    kernel::Space& space
        = *kernel::Space::create (any_id (random), l4::Profile::strict, kernel::Quota::unlimited);
    alignas (Tcb) char const nobody[sizeof (Tcb)] {};
    auto const& creator = reinterpret_cast<Tcb const&> (nobody);
    std::map<Word, ThreadId> living;
    for (unsigned step = 0; step < 20000; ++step) {
        ThreadId const id = any_id (random);
        auto const found = living.find (slot (id));
        Tcb* const named = kernel::thread_table::find (id);
        ASSERT_EQ (named != nullptr, found != living.end () && found->second == id);
        bool const is_completed = found != living.end () && !id.is_invalid ();
        ASSERT_EQ (kernel::thread_table::complete (id), is_completed ? found->second : id);
        if (found == living.end ()) {
            Tcb* const created
                = kernel::thread_table::create ({ id, space, creator, ThreadId::nil () });
            // What all bits set would name means "no thread".
            ASSERT_EQ (created, id.is_invalid () ? nullptr : &machine::tcb_area::tcb (id));
            if (created != nullptr)
                living.emplace (slot (id), id);
        } else if (random.one_in (2)) {
            Tcb& thread = machine::tcb_area::tcb (id);
            kernel::thread_table::stop (thread);
            ASSERT_EQ (kernel::thread_table::find (found->second), nullptr);
            kernel::thread_table::destroy (thread);
            living.erase (found);
        }
    }
    for (ThreadId special : { ThreadId::nil (), ThreadId::invalid () })
        EXPECT_EQ (kernel::thread_table::complete (special), special);
}

TEST (TaskNumbers, BelongToOneTaskEachActiveOnesFirst)
{
    namespace table = kernel::task_table;
    Random random;
    SCOPED_TRACE (random.replay ());
    constexpr Word numbers = 40;
    auto* const active = reinterpret_cast<kernel::Space*> (0x1000);
    std::map<Word, Word> chief;
    std::map<Word, bool> is_active;
    table::initialise ();
    for (Word n = 5; n < l4::ThreadId::tasks; ++n)
        chief[n] = l4::root_task;
    for (unsigned step = 0; step < 4000; ++step) {
        Word const number = 5 + random.below (numbers);
        if (random.one_in (2)) {
            is_active[number] = !is_active[number];
            table::set_space (number, is_active[number] ? active : nullptr);
        } else if (!is_active[number]) {
            chief[number] = random.one_in (3) ? l4::root_task : 5 + random.below (numbers);
            table::set_chief (number, chief[number]);
        }
        ASSERT_EQ (table::chief (number), chief[number]);
        ASSERT_EQ (table::space (number) != nullptr, is_active[number]);
        Word const owner = 5 + random.below (numbers);
        bool owns = false, owns_active = false;
        for (auto const& [owned, by] : chief) {
            owns |= by == owner;
            owns_active |= by == owner && is_active[owned];
        }
        Word const first = table::first_owned (owner);
        ASSERT_EQ (first != table::nobody, owns);
        if (owns) {
            ASSERT_EQ (chief[first], owner);
            ASSERT_EQ (is_active[first], owns_active);
        }
        if (step % 64 == 0) {
            ASSERT_TRUE (table::consistent ());
        }
    }
}

// The kernel's other side: what thread_table.cpp calls.

kernel::Space* kernel::Space::create (ThreadId task, l4::Profile profile, Word quota)
{
    static Space space { task, profile, quota };
    space.directory_ = &host_directory;
    return &space;
}

bool machine::tcb_area::provide (ThreadId, kernel::Quota&) { return true; }
void machine::prepare_user_context (Tcb&) {}
void machine::release_resources (Tcb&) {}
void kernel::ipc::withdraw (Tcb&) {}
void kernel::interrupt::detach (Tcb&) {}
void kernel::scheduler::enqueue (Tcb&) {}
void kernel::scheduler::forget (Tcb&) {}
void kernel::wakeup::forget (Tcb&) {}
