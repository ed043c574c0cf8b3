// SPDX-License-Identifier: BSD-2-Clause
/// @file  bench fault: a page fault, from the access to the instruction behind it.
///
/// A pager in another address space answers each fault with the next page by the shortest loop that
/// can (paths.asm). Between batches one flush takes all pages away.
#include <runtime/layout.hpp>

#include <framework/pager.hpp>
#include <framework/partner_task.hpp>

#include "path.hpp"
#include "paths.hpp"

namespace bench {

namespace {

using l4::Address;

constexpr unsigned log2_size = 18;
constexpr Word pages = Word { 1 } << (log2_size - l4::page_bits);
constexpr Address source = rt::layout::anonymous_begin;
constexpr Address target = guest::window_region;
constexpr unsigned patience = 60'000;           // milliseconds

// In the image, which the other task has: it cannot ask this pager for a stack.
constinit Setting order {};

void sample (void*)
{
    auto const flush = [] {
        rt::fpage_unmap (l4::Fpage::memory (target, log2_size),
                         l4::unmap_completely | l4::unmap_in_own_space_too);
    };
    Loop const touch { bench_touch, target, pages };
    sample_path (order, pages, flush, touch, touch);
    flush ();
}

}  // namespace

void run_fault (Setting const& setting)
{
    constexpr std::string_view name = "different-spaces";
    if (!setting.options.wants (name))
        return;
    for (Address page = source; page < source + pages * l4::page_size; page += l4::page_size)
        *reinterpret_cast<Word volatile*> (page) = page;
    // The pager knows these pages alone.
    guest::touch_image ();
    bench_pager_distance = l4::Fpage::memory (source, l4::page_bits).raw () - target;
    guest::Partner& pager = guest::start_partner (bench_page, nullptr);
    order = setting;
    guest::Partner& faulting = guest::partner_task ().start (sample, nullptr, pager.id ());
    if (!faulting.finish (patience))
        fail ("fault: the faulting thread does not end");
    faulting.release ();
    pager.release ();
    print_samples (setting, "fault", name);
}

}  // namespace bench
