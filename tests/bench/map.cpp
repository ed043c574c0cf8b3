// SPDX-License-Identifier: BSD-2-Clause
/// @file  bench map: pages from one address space to another, and back.
///
/// A call to a partner task that waits with a window, and its answer: without a page (`call`), with
/// one fpage of 1, 16 or 256 pages. `unmap` takes them back, `upgrade` maps what is there already.
/// `realtime-all` is a whole object of a memory server, 16 pages by one request.
#include <pagers/protocol.hpp>
#include <root/protocol.hpp>
#include <runtime/layout.hpp>

#include "page_receiver.hpp"
#include "section.hpp"

namespace bench {

namespace {

using l4::Address;

constexpr Address source = rt::layout::anonymous_begin;         // 1 MB of it
constexpr unsigned most_log2_size = 20;
constexpr Word turns = 8;

struct Size {
    unsigned log2_size;
    std::string_view map, unmap, upgrade;
};
constexpr Size sizes[] = {
    { 12, "map-1", "unmap-1", "upgrade-1" },
    { 16, "map-16", "unmap-16", "upgrade-16" },
    { 20, "map-256", "unmap-256", "upgrade-256" },
};

void measure_size (Setting const& setting, Size const& size, l4::ThreadId partner)
{
    auto const fpage = l4::Fpage::memory (source, size.log2_size);
    auto const map = [&] { send_page (partner, fpage); };
    auto const unmap = [&] { rt::fpage_unmap (fpage, l4::unmap_completely); };
    measure_section (setting, "map", size.map, 1, unmap, map);
    measure_section (setting, "map", size.upgrade, 1, map, map);
    measure_section (setting, "map", size.unmap, 1, map, unmap);
}

/// A whole object by one request: what a real-time client does once.
void measure_object (Setting const& setting)
{
    constexpr Word object_pages = 16;
    constexpr unsigned object_log2_size = 16;
    if (root::start ("realtime_memory").task == 0)
        fail ("map: realtime_memory cannot be started");
    auto const opened = pagers::open (root::await_name ("realtime_memory"), object_pages);
    if (!opened.ok ())
        fail ("map: an object cannot be opened");
    constexpr Address window = 0x00390000;
    auto const forget = [] {
        rt::fpage_unmap (l4::Fpage::memory (window, object_log2_size),
                         l4::unmap_completely | l4::unmap_in_own_space_too);
    };
    measure_section (setting, "map", "realtime-all", 1, forget, [&] {
        if (pagers::fetch_all (opened.value, window, object_log2_size) != rt::Error::none)
            fail ("map: an object does not come");
    });
}

}  // namespace

void run_map (Setting const& setting)
{
    for (Address page = source; page < source + (Word { 1 } << most_log2_size);
         page += l4::page_size)
        *reinterpret_cast<Word volatile*> (page) = page;
    guest::Partner& partner = guest::partner_task ().start (receive_pages, nullptr);
    measure_section (setting, "map", "call", turns, [] {}, [&] {
        for (Word i = 0; i < turns; ++i)
            rt::call (partner.id (), {});
    });
    for (Size const& size : sizes)
        measure_size (setting, size, partner.id ());
    partner.release ();
    measure_object (setting);
}

}  // namespace bench
