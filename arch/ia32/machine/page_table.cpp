// SPDX-License-Identifier: BSD-2-Clause
#include <machine/page_table.hpp>

#include <machine/node_table.hpp>

extern "C" machine::PageDirectory boot_directory;   // startup.asm

namespace machine {

namespace {

constexpr unsigned directory_index (Address a) { return a >> l4::superpage_bits; }
constexpr unsigned table_index (Address a) { return a >> l4::page_bits & 0x3FF; }

/// A page table with room for nodes. Null if kernel memory is used up.
void* create_table (kernel::Quota& quota)
{
    void* const table = kernel::allocate_zeroed_frame (quota);
    if (table != nullptr && !node_table::provide (table, quota)) {
        kernel::free_frame (table);
        return nullptr;
    }
    return table;
}

}  // namespace

PageDirectory& PageDirectory::master () { return boot_directory; }

PageDirectory* PageDirectory::create (kernel::Quota& quota)
{
    auto* directory = static_cast<PageDirectory*> (kernel::allocate_zeroed_frame (quota));
    if (directory == nullptr)
        return nullptr;
    __builtin_memcpy (directory->entries_ + shared_entries_begin,
                      master ().entries_ + shared_entries_begin,
                      (shared_entries_end - shared_entries_begin) * sizeof (PageEntry));
    return directory;
}

void PageDirectory::destroy (PageDirectory& directory)
{
    node_table::release (&directory);
    kernel::free_frame (&directory);
}

Page PageDirectory::lookup (Address address)
{
    if (PageEntry const* const entry = find_superpage (address)) {
        Address const within = address & (l4::superpage_size - 1) & ~(l4::page_size - 1);
        return { entry->frame () + within, true, entry->is_writable (), entry->is_uncached (),
                 l4::superpage_bits };
    }
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

PageEntry* PageDirectory::provide_entry (Address address, kernel::Quota& quota)
{
    unsigned const index = directory_index (address);
    if (!entries_[index].is_present ()) {
        void* const table = create_table (quota);
        if (table == nullptr)
            return nullptr;
        entries_[index] = table_entry (table);
    }
    // A table that was made by splitting has no room for nodes yet.
    if (!node_table::provide (table (index), quota))
        return nullptr;
    return table (index) + table_index (address);
}

bool PageDirectory::has_place_for_superpage (Address address) const
{
    unsigned const index = directory_index (address);
    return !has_table (index)
           || (!entries_[index].is_kept () && superpage_node (address) == nullptr
               && node_table::count (table (index)) == 0);
}

PageEntry* PageDirectory::provide_superpage (Address address, kernel::Quota& quota)
{
    unsigned const index = directory_index (address);
    if (!node_table::provide (this, quota))
        return nullptr;
    if (has_table (index))
        free_table (index);
    return &entries_[index];
}

kernel::MapNode* PageDirectory::superpage_node (Address address) const
{
    return node_table::node_of (entries_[directory_index (address)]);
}

void PageDirectory::free_table (unsigned index)
{
    node_table::release (table (index));
    kernel::free_frame (table (index));
    entries_[index] = {};
}

bool PageDirectory::free_next_table (Word& index)
{
    constexpr Word looked_at = 24;
    for (Word const end = index + looked_at; index < end; ++index) {
        if (index == l4::user_limit >> l4::superpage_bits)
            return true;
        if (!entries_[index].is_present ())
            continue;
        if (has_table (index))
            free_table (index);
        entries_[index] = {};       // a 4 MB page is left in sigma0's space only
        return false;
    }
    return false;
}

}  // namespace machine
