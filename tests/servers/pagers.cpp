// SPDX-License-Identifier: BSD-2-Clause
/// @file  What each memory server does for its clients.
#include <framebuffer/protocol.hpp>

#include "support.hpp"

using namespace servers;

TEST_CASE ("PGR-001", "pages of the default pager are zero, then what was written", "")
{
    Attached const memory { server ("default_pager"), 8 };
    for (Word page = 0; page < 8; ++page)
        CHECK_EQUAL (memory.word (page), 0u);
    for (Word page = 0; page < 8; ++page)
        memory.word (page) = page + 1;
    for (Word page = 0; page < 8; ++page)
        CHECK_EQUAL (memory.word (page), page + 1);
}

TEST_CASE ("PGR-002", "a clone is equal until one of the two is written", "")
{
    l4::ThreadId const pager = server ("default_pager");
    Attached const first { pager, 4 };
    for (Word page = 0; page < 4; ++page)
        first.word (page) = 100 + page;
    auto const made = pagers::clone (first.object ());
    REQUIRE_EQUAL (made.error, rt::Error::none);
    Attached const second { made.value, 4 };
    Word const frames = statistics (pager).frames;
    for (Word page = 0; page < 4; ++page)
        CHECK_EQUAL (second.word (page), 100 + page);
    CHECK_EQUAL (statistics (pager).frames, frames);
    first.word (0) = 1;
    second.word (1) = 2;
    CHECK_EQUAL (first.word (0), 1u);
    CHECK_EQUAL (second.word (0), 100u);
    CHECK_EQUAL (first.word (1), 101u);
    CHECK_EQUAL (second.word (1), 2u);
    CHECK_EQUAL (statistics (pager).frames, frames + 2);
}

TEST_CASE ("PGR-003", "an object is good for its owner alone, and within its size", "")
{
    l4::ThreadId const pager = server ("default_pager");
    Attached const memory { pager, 2 };
    constexpr Address window = rt::layout::regions_end - l4::page_size;
    CHECK_EQUAL (pagers::fetch (memory.object (), 2, false, window), rt::Error::not_found);
    CHECK_EQUAL (pagers::fetch ({ pager, memory.object ().number + 20 }, 0, false, window),
                 rt::Error::not_found);
    CHECK_EQUAL (pagers::clone ({ pager, ~Word { 0 } }).error, rt::Error::not_found);
    CHECK_EQUAL (rt::call (pager, pagers::Size { memory.object ().number }).value, 2u);
    CHECK_EQUAL (pagers::open (pager, 100'000).error, rt::Error::limit);
    CHECK_EQUAL (rt::call (pager, { 0x77, 0 }).w0, static_cast<Word> (rt::Error::bad_request));
}

TEST_CASE ("PGR-004", "a module is memory, and who writes has a copy", "")
{
    l4::ThreadId const pager = server ("file_pager");
    Attached const file { pager, 1, "policy" };
    Attached const other { pager, 1, "policy" };
    auto const* const text = reinterpret_cast<char const*> (file.base ());
    constexpr std::string_view beginning = "# What each program may own";
    CHECK ((std::string_view { text, beginning.size () } == beginning));
    Word const before = file.word (0);
    CHECK_EQUAL (other.word (0), before);
    other.word (0) = 0x21212121;
    CHECK_EQUAL (other.word (0), 0x21212121u);
    CHECK_EQUAL (file.word (0), before);
    CHECK_EQUAL (pagers::open (pager, 1, "nothing").error, rt::Error::not_found);
}

TEST_CASE ("PGR-005", "a whole program in a module is what the bundle has", "")
{
    l4::ThreadId const pager = server ("file_pager");
    auto const opened = pagers::open (pager, 1, "touch");
    REQUIRE_EQUAL (opened.error, rt::Error::none);
    Word const pages = rt::call (pager, pagers::Size { opened.value.number }).value;
    REQUIRE (pages > 1 && pages < 64);
    Attached const file { opened.value, pages };
    CHECK_EQUAL (file.word (0), 0x464C457Fu);
    // Its section headers, which the file header finds, end the file: shorter than its last page.
    Word const sections = word_at (file.base () + 32);
    CHECK_EQUAL (sections / l4::page_size, pages - 1);
}

TEST_CASE ("PGR-006", "who has all of its real-time memory never faults on it", "")
{
    l4::ThreadId const pager = server ("realtime_memory");
    auto const opened = pagers::open (pager, 16);
    REQUIRE_EQUAL (opened.error, rt::Error::none);
    Attached const time_sharing { server ("default_pager"), 16 };
    Attached const memory { opened.value, 16 };
    REQUIRE_EQUAL (pagers::fetch_all (opened.value, memory.base (), 16), rt::Error::none);
    Word const faults = rt::region_faults ();
    Word const served = statistics (pager).faults;
    for (Word page = 0; page < 16; ++page) {
        CHECK_EQUAL (memory.word (page), 0u);
        memory.word (page) = page;
    }
    CHECK_EQUAL (rt::region_faults (), faults);
    CHECK_EQUAL (statistics (pager).faults, served);
    for (Word page = 0; page < 16; ++page)
        time_sharing.word (page) = page;
    CHECK_EQUAL (rt::region_faults (), faults + 16);
}

TEST_CASE ("PGR-007", "real-time memory that is not there is refused at once", "")
{
    l4::ThreadId const pager = server ("realtime_memory");
    auto const first = pagers::open (pager, 128);
    auto const second = pagers::open (pager, 100);
    REQUIRE (first.ok () && second.ok ());
    CHECK_EQUAL (pagers::open (pager, 16).error, rt::Error::no_memory);
    pagers::close (second.value);
    auto const third = pagers::open (pager, 16);
    CHECK (third.ok ());
    pagers::close (third.value);
    pagers::close (first.value);
    CHECK_EQUAL (statistics (pager).frames, 0u);
}

TEST_CASE ("PGR-008", "four times the memory there is keeps its content in the store", "")
{
    static_cast<void> (server ("memory_store"));
    l4::ThreadId const pager = server ("evicting_pager 16");
    constexpr Word pages = 64;
    Attached const memory { pager, pages };
    auto const content = [] (Word page, Word round) { return page * 0x01010101 + round; };
    for (Word round = 0; round < 3; ++round)
        for (Word i = 0; i < pages; ++i) {
            // Through all pages, but not one after the other.
            Word const page = i * 29 % pages;
            CHECK_EQUAL (memory.word (page), round == 0 ? 0 : content (page, round - 1));
            memory.word (page) = content (page, round);
            CHECK_EQUAL (memory.word (page), content (page, round));
        }
    auto const counts = statistics (pager);
    CHECK (counts.frames <= 16);
    CHECK (counts.evictions >= 2 * pages);
    CHECK (counts.stores >= 2 * pages);
}

TEST_CASE ("PGR-009", "what was only read is thrown out without the store", "")
{
    static_cast<void> (server ("memory_store"));
    l4::ThreadId const pager = server ("evicting_pager 16");
    Attached const memory { pager, 40 };
    auto const before = statistics (pager);
    for (Word page = 0; page < 40; ++page)
        CHECK_EQUAL (memory.word (page), 0u);
    auto const after = statistics (pager);
    CHECK (after.evictions >= before.evictions + 24);
    CHECK_EQUAL (after.stores, before.stores);
}

TEST_CASE ("PGR-010", "coloured memory is zero, then what was written", "")
{
    l4::ThreadId const pager = server ("colour_memory");
    Attached const memory { pager, 48, {}, 5 };
    for (Word page = 0; page < 48; ++page)
        memory.word (page) = memory.word (page) + page;
    for (Word page = 0; page < 48; ++page)
        CHECK_EQUAL (memory.word (page), page);
    CHECK_EQUAL (statistics (pager).frames, 48u);
}

TEST_CASE ("PGR-011", "the owner of a screen shows it, and the console's comes back", "")
{
    l4::ThreadId const manager = server ("framebuffer");
    auto const shown = [&] { return rt::call (manager, framebuffer::Shown {}).value; };
    CHECK_EQUAL (shown (), 0u);
    {
        Attached const screen { manager, 1 };
        CHECK_EQUAL (screen.word (0), 0x07200720u);
        screen.word (0) = 0x1F421F41;
        CHECK_EQUAL (screen.word (0), 0x1F421F41u);
        Word const object = screen.object ().number;
        CHECK_EQUAL (rt::call (manager, framebuffer::Show { object }).error, rt::Error::none);
        CHECK_EQUAL (shown (), object + 1);
        CHECK_EQUAL (rt::call (manager, framebuffer::Show { object + 1 }).error,
                     rt::Error::not_found);
    }
    CHECK_EQUAL (shown (), 0u);
}

TEST_CASE ("PGR-012", "one program uses five memory servers at once", "")
{
    static_cast<void> (server ("memory_store"));
    Attached const zero { server ("default_pager"), 4 };
    Attached const file { server ("file_pager"), 1, "policy" };
    Attached const fast { server ("realtime_memory"), 4 };
    Attached const large { server ("evicting_pager 16"), 32 };
    Attached const coloured { server ("colour_memory"), 4 };
    Word const text = file.word (0);
    for (Word page = 0; page < 32; ++page) {
        large.word (page) = page;
        zero.word (page % 4) = zero.word (page % 4) + page;
        fast.word (page % 4) = fast.word (page % 4) + page;
        coloured.word (page % 4) = coloured.word (page % 4) + page;
    }
    for (Word page = 0; page < 4; ++page) {
        CHECK_EQUAL (zero.word (page), 112 + 8 * page);
        CHECK_EQUAL (fast.word (page), 112 + 8 * page);
        CHECK_EQUAL (coloured.word (page), 112 + 8 * page);
    }
    for (Word page = 0; page < 32; ++page)
        CHECK_EQUAL (large.word (page), page);
    CHECK_EQUAL (file.word (0), text);
}

TEST_CASE ("PGR-013", "a program with its own replacement policy keeps its pages", "")
{
    static_cast<void> (server ("memory_store"));
    CHECK_EQUAL (run ("scanner"), 0u);
}
