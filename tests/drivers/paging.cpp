// SPDX-License-Identifier: BSD-2-Clause
/// @file  Memory that lies on a disk: a pager with a quarter of the frames, a store on a partition,
///        and a driver that may die below both.
#include <framework/check.hpp>
#include <framework/memory.hpp>
#include <framework/selection.hpp>
#include <framework/time.hpp>
#include <pagers/protocol.hpp>
#include <root/protocol.hpp>
#include <runtime/region.hpp>
#include <runtime/thread.hpp>

#include "awake.hpp"
#include "supervision.hpp"

using namespace guest;
using rt::Error;

namespace {

constexpr Word frames = 64;
constexpr Word pages = 4 * frames;
constexpr Address memory_begin = 0x01000000;
constexpr Word words_per_page = l4::page_size / sizeof (Word);

[[nodiscard]] l4::ThreadId server (std::string_view command_line, std::string_view name)
{
    l4::ThreadId const running = root::find_name (name);
    if (!running.is_nil ())
        return running;
    REQUIRE (root::start (command_line).task != 0);
    l4::ThreadId const thread = root::await_name (name);
    REQUIRE (!thread.is_nil ());
    return thread;
}

[[nodiscard]] l4::ThreadId pager ()
{
    static_cast<void> (server ("disk_store", "disk_store"));
    return server ("evicting_pager 64 disk_store", "evicting_pager");
}

Word volatile pages_done;

/// What word `i` of a page is after a round.
[[nodiscard]] Word content (Word page, Word i, Word round)
{
    return (page * 2654435761u ^ i * 40503u) + round;
}

/// Through all pages, but not one after the other: each must be as the last round has left it.
void work (Word round)
{
    for (Word n = 0; n < pages; ++n) {
        Word const page = n * 93 % pages;
        Address const begin = memory_begin + page * l4::page_size;
        for (Word i = 0; i < words_per_page; i += 61) {
            Word volatile& word = word_at (begin + i * sizeof (Word));
            Word const expected = round == 0 ? 0 : content (page, i, round - 1);
            if (word != expected)
                CHECK_EQUAL (word, expected);
            word = content (page, i, round);
        }
        pages_done = pages_done + 1;
    }
}

/// Kills the disk driver while the pages come and go, once for so many of them: a busy host lets
/// everything take longer, but not the pauses of a killer that goes by the clock.
constexpr Word pages_per_kill = 40;
bool volatile killing;
Word volatile kills;
rt::Stack<4096> killer_stack;

void kill_often (void*)
{
    Word next = pages_done + pages_per_kill;
    constexpr Word pause = 1000;                // microseconds
    while (killing) {
        rt::sleep_microseconds (pause);
        if (pages_done < next || !rt::call (root::service (), root::KillByName { "ide" }).ok ())
            continue;
        next = pages_done + pages_per_kill;
        kills = kills + 1;
    }
    rt::sleep_forever ();
}

void use_memory (Word rounds)
{
    l4::ThreadId const evicting = pager ();
    auto const object = pagers::open (evicting, pages);
    REQUIRE_EQUAL (object.error, Error::none);
    REQUIRE_EQUAL (rt::attach (object.value, pages, 0, memory_begin).error, Error::none);
    auto const before = rt::call (evicting, pagers::Statistics {}).value;
    for (Word round = 0; round < rounds; ++round)
        work (round);
    auto const after = rt::call (evicting, pagers::Statistics {}).value;
    CHECK (after.frames <= frames);
    CHECK (after.stores - before.stores >= (rounds - 1) * pages);
    rt::detach (memory_begin);
    pagers::close (object.value);
}

}  // namespace

TEST_CASE ("DPG-001", "four times the memory there is keeps its content on a disk", "")
{
    Awake const awake;
    use_memory (3 * selection.times);
}

TEST_CASE ("DPG-002", "and does so while the disk's driver is killed again and again", "")
{
    Awake const awake;
    killing = true;
    kills = 0;
    set_priority (rt::start_thread (9, killer_stack.top (), kill_often), 60);
    use_memory (2 * selection.times);
    killing = false;
    CHECK (kills >= 3);
}
