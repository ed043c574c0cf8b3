// SPDX-License-Identifier: BSD-2-Clause
#include <machine/user_memory.hpp>

#include <copy_fault.hpp>
#include <cpu/tlb.hpp>

/// entry/copy.asm. @return bytes not copied
extern "C" l4::Word copy_user_bytes (l4::Address destination, l4::Address source, l4::Word size);

namespace machine {

CopyResult copy_user (Address destination, Address source, Word size)
{
    Word const left = copy_user_bytes (destination, source, size);
    return { size - left, ia32::copy_fault.address, ia32::copy_fault.was_write };
}

void CopyWindow::show (kernel::Space& space, Address address)
{
    auto& loaded = *static_cast<PageDirectory*> (to_virtual (ia32::read_cr3 ()));
    constexpr unsigned window = copy_window_begin >> l4::superpage_bits;
    unsigned const first = address >> l4::superpage_bits;
    for (unsigned i = 0; i < copy_window_size / l4::superpage_size; ++i) {
        bool const is_user = first + i < l4::user_limit >> l4::superpage_bits;
        PageEntry const entry = is_user ? space.directory ().raw_entry (first + i) : PageEntry {};
        // Accessed and dirty are set, so that the processor never writes to the copy.
        PageEntry const shown { 0, entry.is_present () ? (entry.raw () & ~PageEntry::user)
                                                             | PageEntry::accessed
                                                             | PageEntry::dirty
                                                       : 0 };
        loaded.set_private_window (window + i, shown);
    }
    cpu::flush_tlb ();
}

}  // namespace machine
