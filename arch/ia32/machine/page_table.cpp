// SPDX-License-Identifier: BSD-2-Clause
#include <machine/page_table.hpp>

#include <cpu/superpage.hpp>
#include <cpu/tlb.hpp>

extern "C" machine::PageDirectory boot_directory;   // startup.asm

namespace machine {

namespace {

constexpr unsigned directory_index (Address a) { return a >> l4::superpage_bits; }
constexpr unsigned table_index (Address a) { return a >> l4::page_bits & 0x3FF; }

Word flags_of (Page const& page)
{
    return PageEntry::present | PageEntry::user | (page.writable ? PageEntry::writable : 0)
           | (page.uncached ? PageEntry::uncached : 0);
}

}  // namespace

PageDirectory& PageDirectory::master () { return boot_directory; }

PageDirectory* PageDirectory::create (kernel::Quota& quota)
{
    auto* directory = static_cast<PageDirectory*> (kernel::allocate_zeroed_frame (quota));
    if (directory == nullptr)
        return nullptr;
    for (unsigned i = shared_entries_begin; i < directory_entries; ++i)
        directory->entries_[i] = master ().entries_[i];
    return directory;
}

Page PageDirectory::lookup (Address address) const
{
    PageEntry const upper = entries_[directory_index (address)];
    if (!upper.is_present ())
        return {};
    if (upper.is_superpage ())
        return { upper.frame (), l4::superpage_bits, upper.is_writable (), upper.is_uncached () };
    PageEntry const lower = table (directory_index (address))[table_index (address)];
    if (!lower.is_present ())
        return {};
    return { lower.frame (), l4::page_bits, lower.is_writable (), lower.is_uncached () };
}

Address PageDirectory::skip_unmapped (Address address) const
{
    if (!entries_[directory_index (address)].is_present ())
        return (address | (l4::superpage_size - 1)) + 1;
    return (address | (l4::page_size - 1)) + 1;
}

PageEntry* PageDirectory::table_for (Address address, kernel::Quota& quota)
{
    PageEntry& upper = entries_[directory_index (address)];
    if (!upper.is_present () || upper.is_superpage ()) {
        PageEntry const replaced = upper;
        void* frame = kernel::allocate_zeroed_frame (quota);
        if (frame == nullptr)
            return nullptr;
        auto* entries = static_cast<PageEntry*> (frame);
        if (replaced.is_present ())             // the other 4 KB pages of a 4 MB page stay
            cpu::split_superpage (replaced, entries);
        upper = { to_physical (frame),
                  PageEntry::present | PageEntry::user | PageEntry::writable };
    }
    return table (directory_index (address));
}

bool PageDirectory::enter (Address address, Page const& page, kernel::Quota& quota)
{
    PageEntry const entry { page.frame, flags_of (page) };
    if (page.bits == l4::superpage_bits) {
        PageEntry& upper = entries_[directory_index (address)];
        if (upper.is_present () && !upper.is_superpage ())
            kernel::free_frame (table (directory_index (address)));
        upper = cpu::superpage_entry (entry);
        cpu::flush_tlb ();
        return true;
    }
    PageEntry* entries = table_for (address, quota);
    if (entries == nullptr)
        return false;
    entries[table_index (address)] = entry;
    cpu::flush_page (address);
    return true;
}

bool PageDirectory::remove (Address address, kernel::Quota& quota)
{
    PageEntry& upper = entries_[directory_index (address)];
    if (!upper.is_present ())
        return true;
    PageEntry* entries = table_for (address, quota);
    if (entries == nullptr)
        return false;
    entries[table_index (address)] = {};
    cpu::flush_page (address);
    return true;
}

bool PageDirectory::free_next_table (Word& index)
{
    constexpr Word looked_at = 64;
    for (Word const end = index + looked_at; index < end; ++index) {
        if (index == l4::user_limit >> l4::superpage_bits)
            return true;
        PageEntry& entry = entries_[index];
        if (!entry.is_present ())
            continue;
        if (!entry.is_superpage ())
            kernel::free_frame (table (index));
        entry = {};
        return false;
    }
    return false;
}

}  // namespace machine
