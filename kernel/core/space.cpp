// SPDX-License-Identifier: BSD-2-Clause
#include <core/space.hpp>

#include <core/kip.hpp>
#include <core/slab.hpp>
#include <l4/protocol/sigma0.hpp>

#include <new>

namespace kernel {

namespace {

constinit Slab<Space> spaces { kernel_frames };

}  // namespace

Space* Space::create (l4::ThreadId task, l4::Profile profile, Word quota)
{
    void* const memory = spaces.allocate (kernel_quota ());
    if (memory == nullptr)
        return nullptr;
    Space& space = *new (memory) Space { task, profile, quota };
    space.directory_ = machine::PageDirectory::create (space.quota ());
    if (space.directory_ == nullptr) {
        spaces.free (space, kernel_quota ());
        return nullptr;
    }
    return &space;
}

void Space::destroy (Space& space)
{
    if (space.port_table_ != nullptr)
        PortTable::destroy (*space.port_table_, space.quota ());
    space.io_.release ();
    machine::PageDirectory::destroy (*space.directory_);
    spaces.free (space, kernel_quota ());
}

bool Space::provide_ports (Word port)
{
    if (port_table_ == nullptr)
        port_table_ = PortTable::create (*this);
    return port_table_ != nullptr && port_table_->provide_frame (port, *this);
}

machine::Page Space::lookup (l4::Address address) const
{
    if (!is_initial ())
        return directory_->lookup (address);
    bool const device = profile_ == l4::Profile::strict && address >= l4::sigma0::device_window;
    l4::Address const physical = device ? address + l4::sigma0::device_offset : address;
    l4::Address const frame = physical & ~(l4::page_size - 1);
    if (is_kernel_memory (frame))
        return { frame, frame == machine::to_physical (&kip), false, false };
    l4::Address const around = physical & ~l4::Fpage::low_mask (machine::largest_page_bits);
    bool const is_large
        = !meets_kernel_memory (around, l4::Fpage::low_mask (machine::largest_page_bits));
    return { frame, true, true, device, is_large ? machine::largest_page_bits : l4::page_bits };
}

l4::Address Space::skip_unmapped (l4::Address address) const
{
    return is_initial () ? (address | (l4::page_size - 1)) + 1
                         : directory_->skip_unmapped (address);
}

}  // namespace kernel
