// SPDX-License-Identifier: BSD-2-Clause
#include <machine/page_policy.hpp>

#include <cpu/tlb.hpp>

namespace machine {

namespace {

[[nodiscard]] PageEntry& part_of (PageEntry& entry, unsigned part)
{
    return static_cast<PageEntry*> (to_virtual (entry.frame ()))[part];
}

}  // namespace

bool PagePolicy::tlb_is_stale_;

void PagePolicy::split (Entry& entry, void* table)
{
    entry = table_entry (table);
    flush (entry);
}

bool PagePolicy::has_part (Entry& entry, unsigned part)
{
    Entry& lower = part_of (entry, part);
    return lower.is_present () && node_of (lower) == nullptr;
}

bool PagePolicy::remove_part (Entry& entry, unsigned part)
{
    if (!has_part (entry, part))
        return false;
    Entry& lower = part_of (entry, part);
    lower = {};
    flush (lower);
    return true;
}

void PagePolicy::make_part_read_only (Entry& entry, unsigned part)
{
    if (!has_part (entry, part))
        return;
    make_read_only (part_of (entry, part));
    settle ();
}

void PagePolicy::flush_tlb ()
{
    tlb_is_stale_ = false;
    cpu::flush_tlb ();
}

}  // namespace machine
