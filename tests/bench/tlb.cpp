// SPDX-License-Identifier: BSD-2-Clause
/// @file  bench tlb: an application with a working set of n pages that calls a small server.
///
/// The round trip, without what touching the pages takes where nobody calls. A count of
/// instructions is therefore the same for all; in clocks it grows with each entry of the TLB that
/// a change of the address space has thrown away (Liedtke, On micro-kernel construction, SOSP
/// 1995, figure 4).
#include <runtime/layout.hpp>

#include "ipc_loops.hpp"

namespace bench {

void run_tlb (Setting const& setting)
{
    struct Case {
        std::string_view name;
        Word pages;
    };
    constexpr Case cases[] = {
        { "pages-0", 0 }, { "pages-1", 1 }, { "pages-2", 2 }, { "pages-4", 4 },
        { "pages-8", 8 }, { "pages-16", 16 }, { "pages-32", 32 }, { "pages-64", 64 },
    };
    bench_pages_begin = rt::layout::anonymous_begin;
    for (Case const& c : cases) {
        bench_pages = c.pages;
        measure_messages (setting, "tlb", c.name, rpc_loops, {}, {});
    }
    bench_pages = 0;
}

}  // namespace bench
