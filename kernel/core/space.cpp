// SPDX-License-Identifier: BSD-2-Clause
#include <core/space.hpp>

#include <core/slab.hpp>
#include <l4/protocol/sigma0.hpp>

#include <new>

namespace kernel {

namespace {

constinit Slab<Space> spaces { kernel_frames };
Space* newest;

}  // namespace

Space* Space::first () { return newest; }

Space* Space::create (l4::ThreadId task, l4::Profile profile, Word quota)
{
    void* const memory = spaces.allocate (kernel_quota ());
    if (memory == nullptr)
        return nullptr;
    Space& space = *new (memory) Space { task, profile, quota };
    space.directory_ = machine::PageDirectory::create (space.quota_);
    if (space.directory_ == nullptr) {
        spaces.free (space, kernel_quota ());
        return nullptr;
    }
    space.next_ = newest;
    newest = &space;
    return &space;
}

void Space::destroy (Space& space)
{
    Space** link = &newest;
    while (*link != &space)
        link = &(*link)->next_;
    *link = space.next_;
    space.io_.release ();
    free_frame (space.directory_);
    spaces.free (space, kernel_quota ());
}

machine::Page Space::lookup (l4::Address address) const
{
    if (!is_initial ())
        return directory_->lookup (address);
    bool const device = address >= l4::sigma0::device_window;
    l4::Address const physical = device ? address + l4::sigma0::device_offset : address;
    return { physical & ~(l4::page_size - 1), true, true, device };
}

}  // namespace kernel
