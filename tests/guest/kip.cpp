// SPDX-License-Identifier: BSD-2-Clause
/// @file  The kernel info page: layout, strings, clock.
#include <algorithm>

#include <l4/protocol/sigma0.hpp>
#include <runtime/kip.hpp>
#include <runtime/layout.hpp>

#include <framework/check.hpp>
#include <framework/memory.hpp>
#include <framework/pager.hpp>
#include <framework/probes.hpp>
#include <framework/task_numbers.hpp>
#include <framework/time.hpp>

using namespace guest;

namespace {

[[nodiscard]] bool lies_in (l4::ServerStart const& server)
{
    return server.begin < server.end && server.eip >= server.begin && server.eip < server.end;
}

/// The string at `offset`; empty at the end of the page.
[[nodiscard]] std::string_view string_at (Address offset)
{
    auto const* const text = reinterpret_cast<char const*> (rt::layout::kernel_info_page);
    Address end = offset;
    while (end < l4::page_size && text[end] != '\0')
        ++end;
    return { text + offset, end - offset };
}

void need_classic_form ()
{
    if (!rt::has_classic_form ())
        SKIP ("the root task is an l4env task");
}

}  // namespace

TEST_CASE ("KIP-001", "the page has its magic and the version of its form", "V2-367")
{
    need_classic_form ();
    CHECK_EQUAL (rt::kip ().magic, l4::KernelInfoPage::magic_value);
    CHECK_EQUAL (rt::kip ().version, l4::kip_version_classic);
    CHECK_EQUAL (rt::kip ().system_call_stubs, 0u);
}

TEST_CASE ("KIP-002", "the initial servers lie where they start", "V2-367 V2-366")
{
    CHECK (lies_in (rt::kip ().sigma0));
    CHECK (lies_in (rt::kip ().root));
    CHECK_EQUAL (rt::kip ().sigma1.eip, 0u);
}

TEST_CASE ("KIP-003", "the memory ranges of the classic form are plausible", "V2-367 V2-368")
{
    need_classic_form ();
    l4::ClassicMemory const& memory = rt::kip ().classic;
    CHECK (memory.main.low < memory.main.high);
    CHECK (memory.main.contains (rt::kip ().root.begin));
    CHECK (!memory.reserved0.is_empty ());
    CHECK (!memory.reserved1.is_empty ());
    // The firmware may keep the last pages below 640 KB for itself.
    CHECK (memory.semi_reserved.low <= 0x000A0000 && memory.semi_reserved.low >= 0x00080000);
    CHECK_EQUAL (memory.semi_reserved.high, 0x00100000u);
    for (l4::MemoryRange range : { memory.reserved0, memory.reserved1 })
        CHECK (!range.contains (rt::kip ().root.begin));
}

TEST_CASE ("KIP-004", "the classic form announces no memory descriptors", "V2-367")
{
    need_classic_form ();
    CHECK_EQUAL (rt::kip ().memory_info, 0u);
}

TEST_CASE ("KIP-005", "strings follow each other up to an empty one", "V2-370 V2-371")
{
    Address offset = Address { rt::kip ().strings_16 } * 16;
    CHECK (string_at (offset).starts_with ("Pecan "));
    unsigned strings = 0;
    while (offset < l4::page_size && !string_at (offset).empty ()) {
        offset += static_cast<Address> (string_at (offset).size ()) + 1;
        ++strings;
    }
    CHECK (offset < l4::page_size);
    CHECK (strings >= 4);
}

TEST_CASE ("KIP-006", "image, processor, limits and serial line are announced", "V2-371")
{
    std::string_view const image = rt::kip_feature ("image").value;
    CHECK (image == "i486" || image == "pentium");
    CHECK (!rt::kip_feature ("cpu").value.empty ());
    std::string_view const limits = rt::kip_feature ("limits").value;
    CHECK (limits == "enforced" || limits == "none");
    CHECK (rt::kip_feature ("serial").present);
    CHECK (!rt::kip_feature ("no such feature").present);
}

TEST_CASE ("KIP-007", "the clock never goes back", "V2-259 V2-369")
{
    Microseconds last = now ();
    Microseconds const limit = last + 50 * kernel_tick;
    while (last < limit) {
        Microseconds const next = now ();
        REQUIRE (next >= last);
        last = next;
    }
}

TEST_CASE ("KIP-008", "the clock counts microseconds, tick by tick", "V2-259 V2-369")
{
    auto const slept = duration_of ([] { sleep_milliseconds (100); });
    CHECK (slept >= 100 * kernel_tick && slept < 106 * kernel_tick);
    // Other threads may run across a tick, but not across every one.
    Microseconds least = ~Microseconds { 0 };
    for (unsigned round = 0; round < 20; ++round) {
        Microseconds const before = now ();
        while (now () == before)
            ;
        least = std::min (least, now () - before);
    }
    CHECK_EQUAL (least, kernel_tick);
}

TEST_CASE ("KIP-009", "sigma0 maps the page to every task, as often as asked", "V2-257 V2-355")
{
    for (unsigned round = 0; round < 3; ++round) {
        Address const target = fresh_window ();
        auto const answer = rt::call (
            l4::sigma0_id, { l4::sigma0::extended, l4::sigma0::w1_kernel_info_page }, bounded,
            rt::Window { l4::Fpage::memory (target, l4::page_bits) });
        REQUIRE (answer.dope.ok () && answer.dope.mapped ());
        CHECK_EQUAL (word_at (target), l4::KernelInfoPage::magic_value);
    }
}

TEST_CASE ("KIP-010", "where pecan:tsc is announced a program can read the counter",
           "V2-016 V2-371")
{
    if (!rt::kip_feature ("tsc").present)
        SKIP ("the kernel does not announce it");
    auto const read = [] (void*) { asm volatile ("rdtsc" : : : "eax", "edx"); };
    CHECK (start_partner (read, nullptr).finish ());
}

TEST_CASE ("KIP-011", "free kernel memory goes down and up with what the kernel needs", "V2-376")
{
    auto const free_memory = [] {
        settle ();
        return rt::kip ().free_kernel_memory;
    };
    CHECK (rt::kip ().kernel_memory != 0 && rt::kip ().kernel_memory % l4::page_size == 0);
    Word const before = free_memory ();
    CHECK (before % l4::page_size == 0 && before < rt::kip ().kernel_memory);
    REQUIRE (!rt::task_new (own_task_id (take_task_number ()), 0, fresh_stack (),
                            address_of (guest_park_forever), pager_id ()).is_nil ());
    CHECK (free_memory () < before);
    return_task_numbers ();
    CHECK_EQUAL (free_memory (), before);
}
