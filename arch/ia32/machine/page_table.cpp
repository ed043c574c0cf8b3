// SPDX-License-Identifier: BSD-2-Clause
#include <machine/page_table.hpp>

extern "C" machine::PageDirectory boot_directory;   // startup.asm

namespace machine {

namespace {

constexpr unsigned directory_index (Address a) { return a >> l4::superpage_bits; }
constexpr unsigned table_index (Address a) { return a >> l4::page_bits & 0x3FF; }

/// A page table with its companion. Null if kernel memory is used up.
void* create_table (kernel::Quota& quota)
{
    void* const table = kernel::allocate_zeroed_frame (quota);
    if (table == nullptr)
        return nullptr;
    void* const nodes = kernel::allocate_zeroed_frame (quota);
    if (nodes == nullptr) {
        kernel::free_frame (table);
        return nullptr;
    }
    kernel::kernel_frames.set_companion (table, nodes);
    return table;
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
    PageEntry const* const entry = find_entry (address);
    if (entry == nullptr || !entry->is_present ())
        return {};
    return { entry->frame (), true, entry->is_writable (), entry->is_uncached () };
}

Address PageDirectory::skip_unmapped (Address address) const
{
    Word const size = entries_[directory_index (address)].is_present () ? l4::page_size
                                                                        : l4::superpage_size;
    return (address | (size - 1)) + 1;
}

PageEntry* PageDirectory::find_entry (Address address) const
{
    unsigned const index = directory_index (address);
    return entries_[index].is_present () ? table (index) + table_index (address) : nullptr;
}

PageEntry* PageDirectory::provide_entry (Address address, kernel::Quota& quota)
{
    unsigned const index = directory_index (address);
    if (!entries_[index].is_present ()) {
        void* const table = create_table (quota);
        if (table == nullptr)
            return nullptr;
        entries_[index] = { to_physical (table),
                            PageEntry::present | PageEntry::user | PageEntry::writable };
    }
    return table (index) + table_index (address);
}

bool PageDirectory::free_next_table (Word& index)
{
    constexpr Word looked_at = 64;
    for (Word const end = index + looked_at; index < end; ++index) {
        if (index == l4::user_limit >> l4::superpage_bits)
            return true;
        if (!entries_[index].is_present ())
            continue;
        kernel::free_frame (kernel::kernel_frames.companion (table (index)));
        kernel::free_frame (table (index));
        entries_[index] = {};
        return false;
    }
    return false;
}

}  // namespace machine
