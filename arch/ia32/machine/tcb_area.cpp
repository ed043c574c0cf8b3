// SPDX-License-Identifier: BSD-2-Clause
#include <machine/tcb_area.hpp>

#include <core/space.hpp>
#include <lib/assert.hpp>

#include <cpu/tlb.hpp>
#include <machine/page_table.hpp>

namespace machine::tcb_area {

namespace {

constexpr Word kernel_page = PageEntry::present | PageEntry::writable;
constexpr unsigned area_tables = (tcb_area_end - tcb_area_begin) / l4::superpage_size;

alignas (l4::page_size) char zero_page[l4::page_size];     // mapped read-only only
alignas (l4::page_size) PageEntry zero_table[directory_entries];

/// The master's page table around `address`, a private one: made on first use, then kept, for
/// it serves 32 tasks. All directories learn of it at once.
PageEntry* private_table (Address address)
{
    unsigned const index = address >> l4::superpage_bits;
    PageEntry const present = PageDirectory::master ().shared (index);
    if (present.frame () != to_physical (zero_table))
        return static_cast<PageEntry*> (to_virtual (present.frame ()));

    void* frame = kernel::allocate_zeroed_frame (kernel::kernel_quota ());
    if (frame == nullptr)
        return nullptr;
    auto* table = static_cast<PageEntry*> (frame);
    for (unsigned i = 0; i < directory_entries; ++i)
        table[i] = zero_table[i];
    PageEntry const entry { to_physical (frame), kernel_page };
    PageDirectory::master ().set_shared (index, entry);
    for (kernel::Space* s = kernel::Space::first (); s != nullptr; s = s->next ())
        s->directory ().set_shared (index, entry);
    cpu::flush_tlb ();
    return table;
}

}  // namespace

void initialise ()
{
    for (PageEntry& entry : zero_table)
        entry = { to_physical (zero_page), PageEntry::present };
    for (unsigned i = 0; i < area_tables; ++i)
        PageDirectory::master ().set_shared ((tcb_area_begin >> l4::superpage_bits) + i,
                                             { to_physical (zero_table), kernel_page });
    cpu::flush_tlb ();
}

bool provide (l4::ThreadId id, kernel::Quota& quota)
{
    auto const address = reinterpret_cast<Address> (&tcb (id));
    PageEntry* table = private_table (address);
    if (table == nullptr)
        return false;
    PageEntry& entry = table[address >> l4::page_bits & 0x3FF];
    if (entry.frame () != to_physical (zero_page))
        return true;
    void* frame = kernel::allocate_zeroed_frame (quota);
    if (frame == nullptr)
        return false;
    entry = { to_physical (frame), kernel_page };
    cpu::flush_page (address);
    return true;
}

void withdraw (l4::ThreadId id)
{
    auto const address = reinterpret_cast<Address> (&tcb (id));
    PageEntry const directory_entry
        = PageDirectory::master ().shared (address >> l4::superpage_bits);
    auto* table = static_cast<PageEntry*> (to_virtual (directory_entry.frame ()));
    PageEntry& entry = table[address >> l4::page_bits & 0x3FF];
    if (entry.frame () == to_physical (zero_page))
        return;
    kernel::free_frame (to_virtual (entry.frame ()));
    entry = { to_physical (zero_page), PageEntry::present };
    cpu::flush_page (address & ~(l4::page_size - 1));
}

}  // namespace machine::tcb_area
