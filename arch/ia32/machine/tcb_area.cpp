// SPDX-License-Identifier: BSD-2-Clause
#include <machine/tcb_area.hpp>

#include <core/space.hpp>
#include <core/task_table.hpp>
#include <lib/assert.hpp>

#include <cpu/tlb.hpp>
#include <machine/page_table.hpp>

namespace machine::tcb_area {

namespace {

constexpr Word kernel_page = PageEntry::present | PageEntry::writable;
constexpr unsigned area_tables = (tcb_area_end - tcb_area_begin) / l4::superpage_size;

alignas (l4::page_size) char zero_page[l4::page_size];     // mapped read-only only
alignas (l4::page_size) PageEntry zero_table[directory_entries];

/// Which parts of the area, of 4 MB, have a page table of their own: made on first use, then kept,
/// for it serves 32 tasks.
bool has_own_table[area_tables];

/// The table that is being made. It shows zeros as well, so it may appear in one directory after
/// the other, as long as nothing is entered in it.
struct {
    PageEntry* table;           ///< null: none
    unsigned part;
    unsigned entries;           ///< written
    Word tasks;                 ///< whose directories know it, by number
} work;

/// Table entries written, or directories told, in one step.
constexpr unsigned entries_at_once = 128;
constexpr Word tasks_at_once = 64;

constexpr unsigned first_index = tcb_area_begin >> l4::superpage_bits;

unsigned part_around (l4::ThreadId id)
{
    return (reinterpret_cast<Address> (&tcb (id)) - tcb_area_begin) >> l4::superpage_bits;
}

/// @pre the part around `address` has a table of its own
PageEntry& entry_for_tcb (Address address)
{
    PageEntry const table = PageDirectory::master ().shared (address >> l4::superpage_bits);
    return static_cast<PageEntry*> (to_virtual (table.frame ()))[address >> l4::page_bits & 0x3FF];
}

void write_entries ()
{
    unsigned const end = work.entries + entries_at_once;
    for (; work.entries < end; ++work.entries)
        work.table[work.entries] = { to_physical (zero_page), PageEntry::present };
}

/// Spaces that are made from now on copy the master's entry.
void tell_directories ()
{
    PageEntry const entry { to_physical (work.table), kernel_page };
    PageDirectory::master ().set_shared (first_index + work.part, entry);
    Word const end = work.tasks + tasks_at_once;
    for (; work.tasks < end; ++work.tasks)
        if (kernel::Space* const space = kernel::task_table::space (work.tasks))
            space->directory ().set_shared (first_index + work.part, entry);
}

void make_table_step ()
{
    if (work.entries < directory_entries)
        return write_entries ();
    tell_directories ();
    if (work.tasks < l4::ThreadId::tasks)
        return;
    cpu::flush_tlb ();
    has_own_table[work.part] = true;
    work.table = nullptr;
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

bool prepare (l4::ThreadId id)
{
    unsigned const part = part_around (id);
    if (has_own_table[part])
        return true;
    if (work.table == nullptr) {
        void* const frame = kernel::kernel_frames.allocate (kernel::kernel_quota ());
        if (frame == nullptr)
            return true;
        work = { static_cast<PageEntry*> (frame), part, 0, 0 };
    }
    make_table_step ();
    return false;
}

bool provide (l4::ThreadId id, kernel::Quota& quota)
{
    auto const address = reinterpret_cast<Address> (&tcb (id));
    while (!prepare (id))
        ;                       // at start-up; later it is prepared
    if (!has_own_table[part_around (id)])
        return false;
    PageEntry& entry = entry_for_tcb (address);
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
    PageEntry& entry = entry_for_tcb (address);
    if (entry.frame () == to_physical (zero_page))
        return;
    kernel::free_frame (to_virtual (entry.frame ()));
    entry = { to_physical (zero_page), PageEntry::present };
    cpu::flush_page (address & ~(l4::page_size - 1));
}

}  // namespace machine::tcb_area
