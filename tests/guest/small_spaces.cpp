// SPDX-License-Identifier: BSD-2-Clause
/// @file  Small address spaces: moving tasks, growing, and spaces that are used again.
#include <framework/call.hpp>
#include <framework/check.hpp>
#include <framework/exceptions.hpp>
#include <framework/small_spaces.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

constexpr Word numbers = 0xFF;                  ///< the largest value means "no change"

struct Units {
    static constexpr unsigned count = 128;
    bool taken[count] {};

    [[nodiscard]] static constexpr Word size_of (Word number) { return number & -number; }
    [[nodiscard]] static constexpr Word first_of (Word number)
    {
        return (number - size_of (number)) / 2;
    }
    [[nodiscard]] static constexpr bool overlap (Word a, Word b)
    {
        return first_of (a) < first_of (b) + size_of (b)
               && first_of (b) < first_of (a) + size_of (a);
    }

    /// Whether formula 12 makes `number`, and no other task is there.
    [[nodiscard]] bool is_free (Word number) const
    {
        Word const size = size_of (number);
        Word const first = first_of (number);
        if (number == 0 || number >= numbers || first == 0)
            return false;
        for (Word unit = first; unit < first + size; ++unit)
            if (taken[unit])
                return false;
        return true;
    }
};

/// Which units others have, found out with `probe`.
Units others_units (l4::ThreadId probe)
{
    Units units;
    for (Word nr = 1; nr < Units::count - 1; ++nr)
        units.taken[nr] = !move_to (probe, space_number (4, nr));
    return units;
}

}  // namespace

TEST_CASE ("SML-001", "a task that fits starts in a small space of 4 MB", "V2-352")
{
    PartnerTask& task = small_task ();
    CHECK_EQUAL (small_space_of (task.id ()) & 1, 1u);
}

TEST_CASE ("SML-002", "each number of the formula names a space, and no other number does",
           "V2-350 V2-351 V2-352")
{
    PartnerTask& task = small_task ();
    Units const units = others_units (task.id ());
    unsigned moves = 0;
    for (Word number = 1; number <= numbers; ++number) {
        Word const before = small_space_of (task.id ());
        bool const own = number != before && Units::overlap (number, before);
        if (move_to (task.id (), number)) {
            CHECK (units.is_free (number) && !own);
            ++moves;
        } else {
            CHECK (!units.is_free (number) || own);
            CHECK_EQUAL (small_space_of (task.id ()), before);
        }
    }
    CHECK (moves > 50);
    Address const page = take_pages ();
    CHECK_EQUAL (value_in (task, page), page_mark (page));
}

TEST_CASE ("SML-003", "spaces of different sizes lie side by side, but never overlap",
           "V2-350 V2-351")
{
    PartnerTask& first = small_task (0);
    PartnerTask& second = small_task (1);
    Word const second_at = small_space_of (second.id ());
    // 8 MB in the middle of the upper half.
    Word nr = 48;
    while (nr > 32 && !move_to (first.id (), space_number (8, nr)))
        --nr;
    REQUIRE (nr > 32);
    for (Word const number : { space_number (8, nr), space_number (4, 2 * nr),
                               space_number (4, 2 * nr + 1), space_number (16, nr / 2),
                               space_number (32, nr / 4), space_number (64, nr / 8),
                               space_number (128, nr / 16), space_number (256, 1) }) {
        CHECK (!move_to (second.id (), number));
        CHECK_EQUAL (small_space_of (second.id ()), second_at);
    }
    CHECK (move_to (second.id (), space_number (4, 2 * nr + 2)));
    CHECK (move_to (second.id (), space_number (4, 2 * nr - 1)));
    CHECK (move_to (second.id (), space_number (16, nr / 2 + 1)));
    CHECK_EQUAL (small_space_of (first.id ()), space_number (8, nr));
}

TEST_CASE ("SML-004", "a task is not moved where it would lose pages", "V2-351")
{
    PartnerTask& task = small_task ();
    Address const page = take_pages ();
    give_page (0, page, small_end + 0x5000);
    CHECK_EQUAL (value_in (task, small_end + 0x5000), page_mark (page));
    CHECK_EQUAL (small_space_of (task.id ()), 0u);
    for (Word nr = 1; nr < 126; nr += 25)
        CHECK (!move_to (task.id (), space_number (4, nr)));
    Word nr = 62;
    while (nr > 32 && !move_to (task.id (), space_number (8, nr)))
        --nr;
    REQUIRE (nr > 32);
    CHECK_EQUAL (value_in (task, small_end + 0x5000), page_mark (page));
    CHECK_EQUAL (small_space_of (task.id ()), space_number (8, nr));
    // One page more, behind the 8 MB.
    give_page (0, page, 2 * small_end);
    CHECK_EQUAL (small_space_of (task.id ()), space_number (8, nr));
    CHECK_EQUAL (value_in (task, 2 * small_end), page_mark (page));
    CHECK_EQUAL (small_space_of (task.id ()), 0u);
    CHECK (!move_to (task.id (), space_number (8, nr)));
}

TEST_CASE ("SML-005", "sigma0, the root task, and tasks with descriptors of their own stay large",
           "V2-351 V2-354")
{
    PartnerTask& task = small_task ();
    Word const free = small_space_of (task.id ());
    Partner& partner = task.start ([] (void*) {
        static constexpr Word empty[2] {};
        l4::PseudoDescriptor const table { 7, reinterpret_cast<Address> (empty) };
        guest_load_descriptors (&table);
    }, nullptr);
    REQUIRE (partner.finish ());
    CHECK_EQUAL (small_space_of (task.id ()), 0u);
    for (l4::ThreadId const id : { l4::sigma0_id, l4::root_id, task.id () })
        CHECK (!move_to (id, free));
    CHECK_EQUAL (small_space_of (l4::sigma0_id), 0u);
    CHECK_EQUAL (small_space_of (l4::root_id), 0u);
}

TEST_CASE ("SML-006", "a task does not notice that it is moved about", "V2-353 V2-219")
{
    struct Counter {
        Word expected;
        Word volatile rounds { 0 };
        Word volatile wrong { 0 };
        bool volatile stop { false };
    };
    PartnerTask& task = small_task ();
    Address const page = take_pages ();
    give_page (0, page, small_window);
    static Counter counter;
    counter = { page_mark (page) };
    Partner& partner = task.start ([] (void*) {
        Word local = 0;
        while (!counter.stop) {
            counter.wrong = counter.wrong + (guest_read (small_window) != counter.expected)
                            + (local != counter.rounds);
            counter.rounds = ++local;
        }
    }, nullptr);
    constexpr unsigned moves = 60;
    unsigned done = 0;
    for (unsigned n = 0; n < moves; ++n) {
        Word const before = counter.rounds;
        done += move_to (task.id (), n % 3 == 0 ? space_number (8, 50 + n % 7)
                                                : space_number (4, 90 + n % 30));
        rt::thread_switch (partner.id ());
        sleep_milliseconds (1);
        CHECK (counter.rounds != before);
    }
    counter.stop = true;
    CHECK (partner.finish ());
    CHECK (done > moves / 2);
    CHECK_EQUAL (counter.wrong, 0u);
}

TEST_CASE ("SML-007", "who moves to a space finds nothing of who was there", "V2-353 V2-350")
{
    PartnerTask& first = small_task (0);
    PartnerTask& second = small_task (1);
    Address const page = take_pages ();
    give_page (0, page, small_window);
    Word const home = small_space_of (first.id ());
    CHECK_EQUAL (value_in (first, small_window), page_mark (page));
    // Leave it as growing does, and as moving does.
    Word other = space_number (4, 100);
    while (!move_to (first.id (), other))
        other += 2;
    CHECK_EQUAL (value_in (first, small_window), page_mark (page));
    REQUIRE (move_to (second.id (), home));
    CHECK_EQUAL (fault_of_read (second, small_window), small_window);
    CHECK_EQUAL (small_space_of (second.id ()), home);
    CHECK_EQUAL (fault_of_read (first, small_end), small_end);
    CHECK_EQUAL (small_space_of (first.id ()), 0u);
    REQUIRE (move_to (second.id (), other));
    CHECK_EQUAL (fault_of_read (second, small_window), small_window);
    CHECK_EQUAL (value_in (first, small_window), page_mark (page));
}

TEST_CASE ("SML-008", "a space of a task that died shows nothing of it", "V2-353 V2-350")
{
    require_small_spaces ();
    Address const page = take_pages ();
    Word home = 0;
    for (unsigned life = 0; life < 6; ++life) {
        PartnerTask& task = small_task ();
        if (home != 0)
            REQUIRE (move_to (task.id (), home));
        home = small_space_of (task.id ());
        CHECK_EQUAL (fault_of_read (task, small_window), small_window);
        give_page (0, page, small_window);
        // In this task's directory, and in that of a large one that calls it.
        CHECK_EQUAL (value_in (task, small_window), page_mark (page));
        CallServer server;
        Partner& partner = task.start (CallServer::run, &server);
        settle ();
        CallClient client { partner.id (), l4::SendDescriptor::registers () };
        CHECK (client.perform ().dope.ok ());
        CHECK_EQUAL (value_in (task, small_window), page_mark (page));
        end_partner_tasks ();
        return_task_numbers ();
    }
}

TEST_CASE ("SML-009", "a page taken from a small task is gone, whatever directory is loaded",
           "V2-353 V2-219")
{
    PartnerTask& task = small_task ();
    Address const page = take_pages ();
    for (unsigned round = 0; round < 4; ++round) {
        give_page (0, page, small_window);
        CHECK_EQUAL (value_in (task, small_window), page_mark (page));
        if (round % 2 != 0)         // have another directory loaded
            static_cast<void> (sees_nothing (fresh_window ()));
        CHECK_EQUAL (value_in (task, small_window), page_mark (page));
        take_back (page);
        CHECK_EQUAL (fault_of_read (task, small_window), small_window);
        give_page (0, page, small_window);
        take_back (page, l4::unmap_remap_read_only);
        CHECK_EQUAL (value_in (task, small_window), page_mark (page));
        take_back (page);
    }
    CHECK (small_space_of (task.id ()) != 0);
}

TEST_CASE ("SML-017", "segment registers show each task its own space, whoever ran before",
           "V2-353 V2-335")
{
    /// What a task has at `small_window`, by each segment register.
    struct View {
        Word expected;
        Word wrong { 0 };

        /// @param load  load FS and GS afterwards
        void look (bool load)
        {
            Word values[3];
            asm volatile ("movl %%fs:(%3), %0\n\t movl %%gs:(%3), %1\n\t movl %%es:(%3), %2"
                          : "=&r" (values[0]), "=&r" (values[1]), "=&r" (values[2])
                          : "r" (small_window) : "memory");
            for (Word const value : values)
                wrong += value != expected;
            wrong += guest_read (small_window) != expected;
            if (load)
                asm volatile ("movw %w0, %%fs\n\t movw %w0, %%gs" : : "r" (Word { 0x23 }));
        }
    };
    constexpr Word rounds = 50;
    static View views[2];
    static l4::ThreadId server_id;
    require_limits ();          // where there are none, null segments show something, too
    PartnerTask& first = small_task (0);
    PartnerTask& second = small_task (1);
    for (unsigned n = 0; n < 2; ++n) {
        Address const page = take_pages ();
        give_page (n, page, small_window);
        views[n] = { page_mark (page) };
    }
    Partner& server = second.start ([] (void*) {
        rt::IpcResult request = rt::wait ();
        for (Word n = 0;; ++n) {
            views[1].look (n % 3 != 0);
            request = rt::reply_and_wait (request.source, {});
        }
    }, nullptr);
    settle ();
    server_id = server.id ();
    Partner& client = first.start ([] (void*) {
        for (Word n = 0; n < rounds; ++n) {
            views[0].look (n % 2 != 0);
            rt::call (server_id, {});
        }
    }, nullptr);
    CHECK (client.finish ());
    server.release ();
    auto const look_and_switch = [] (void* view) {
        for (Word n = 0; n < rounds; ++n) {
            static_cast<View*> (view)->look (n % 2 != 0);
            rt::thread_switch (l4::ThreadId::nil ());
        }
    };
    Partner& one = first.start (look_and_switch, &views[0]);
    Partner& other = second.start (look_and_switch, &views[1]);
    CHECK (one.finish () && other.finish ());
    CHECK_EQUAL (views[0].wrong, 0u);
    CHECK_EQUAL (views[1].wrong, 0u);
    CHECK (small_space_of (first.id ()) != 0 && small_space_of (second.id ()) != 0);
}
