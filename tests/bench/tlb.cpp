// SPDX-License-Identifier: BSD-2-Clause
/// @file  bench tlb: an application with a working set of n pages that calls a small server.
///
/// The round trip, without what touching the pages takes where nobody calls. A count of
/// instructions is therefore the same for all; in clocks it grows with each entry of the TLB that
/// a change of the address space has thrown away (Liedtke, On micro-kernel construction, SOSP
/// 1995, figure 4). `pages-N`: both wherever the kernel puts them. Where there are small spaces,
/// then a large application with a small server, and with a large one.
#include <runtime/layout.hpp>

#include "ipc_loops.hpp"

namespace bench {

namespace {

struct Case {
    std::string_view name;
    Word pages;
};

template <unsigned count>
void measure (Setting const& setting, Case const (&cases)[count], Placement placement)
{
    for (Case const& c : cases) {
        bench_pages = c.pages;
        measure_messages (setting, "tlb", c.name, rpc_loops, {}, {}, placement);
    }
    bench_pages = 0;
}

constexpr Case anywhere[] {
    { "pages-0", 0 }, { "pages-1", 1 }, { "pages-2", 2 }, { "pages-4", 4 },
    { "pages-8", 8 }, { "pages-16", 16 }, { "pages-32", 32 }, { "pages-64", 64 },
};
constexpr Case small_server[] {
    { "small-0", 0 }, { "small-1", 1 }, { "small-2", 2 }, { "small-4", 4 },
    { "small-8", 8 }, { "small-16", 16 }, { "small-32", 32 }, { "small-64", 64 },
};
constexpr Case large_server[] {
    { "large-0", 0 }, { "large-1", 1 }, { "large-2", 2 }, { "large-4", 4 },
    { "large-8", 8 }, { "large-16", 16 }, { "large-32", 32 }, { "large-64", 64 },
};

}  // namespace

void run_tlb (Setting const& setting)
{
    bench_pages_begin = rt::layout::anonymous_begin;
    measure (setting, anywhere, Placement::different_spaces);
    if (!is_client_small ())
        return;
    require_small_server ();
    make_client_large ();
    measure (setting, small_server, Placement::different_spaces);
    measure (setting, large_server, Placement::large_server);
}

}  // namespace bench
