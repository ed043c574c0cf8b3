// SPDX-License-Identifier: BSD-2-Clause
/// @file  bench unmap: pages taken back, per page and per mapping, by one system call.
///
/// `pages-N`: one fpage of N pages that a partner task has. `fan-out-N`: one page that it has at N
/// addresses.
#include <runtime/layout.hpp>

#include "page_receiver.hpp"
#include "path.hpp"
#include "paths.hpp"

namespace bench {

namespace {

using l4::Address;

constexpr Address source = rt::layout::anonymous_begin;
constexpr unsigned most_log2_size = 18;

/// The unmap of `fpage`, which `map` maps in so many places.
template <typename Map>
void measure (Setting const& setting, std::string_view name, Word mappings, l4::Fpage fpage,
              Map map)
{
    bench_registers = { .eax = fpage.raw (), .ecx = l4::unmap_completely, .edx = 0, .ebx = 0,
                        .ebp = 0, .esi = 0, .edi = 0 };
    measure_path (setting, "unmap", name, mappings, map, { bench_fpage_unmap, 1 },
                  { bench_empty_system_call, 1 });
}

}  // namespace

void run_unmap (Setting const& setting)
{
    for (Address page = source; page < source + (Word { 1 } << most_log2_size);
         page += l4::page_size)
        *reinterpret_cast<Word volatile*> (page) = page;
    guest::Partner& receiver = guest::partner_task ().start (receive_pages, nullptr);
    auto const region = l4::Fpage::memory (source, most_log2_size);
    measure (setting, "pages-64", 64, region, [&] { send_page (receiver.id (), region); });
    auto const page = l4::Fpage::memory (source, l4::page_bits);
    auto const measure_fan_out = [&] (std::string_view name, Word mappings) {
        measure (setting, name, mappings, page, [&] {
            for (Word n = 0; n < mappings; ++n)
                send_page (receiver.id (), page, n * l4::page_size);
        });
    };
    measure_fan_out ("fan-out-1", 1);
    measure_fan_out ("fan-out-10", 10);
    measure_fan_out ("fan-out-100", 100);
    measure_fan_out ("fan-out-1000", 1000);
    receiver.release ();
}

}  // namespace bench
