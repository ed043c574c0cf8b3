// SPDX-License-Identifier: BSD-2-Clause
#include <machine/tls.hpp>

#include <core/slab.hpp>
#include <core/space.hpp>
#include <core/tcb.hpp>

#include <control.hpp>
#include <segment/gdt.hpp>
#include <segment/selectors.hpp>
#include <segment/tls_descriptor.hpp>

namespace machine {

namespace {

constinit kernel::Slab<TlsBlock> blocks { kernel::kernel_frames };
constexpr TlsDescriptors none {};

/// Number of the descriptor that `selector` names; `l4::tls_descriptors` or more: none of these.
Word descriptor_number (Word selector)
{
    return (selector >> 3) - (ia32::first_tls_selector >> 3);
}

bool is_empty (TlsDescriptors const& descriptors)
{
    for (ia32::Descriptor const& d : descriptors)
        if (ia32::is_present (d))
            return false;
    return true;
}

bool reach_beyond_user_space (TlsDescriptors const& descriptors)
{
    for (ia32::Descriptor const& d : descriptors) {
        ia32::Extent const extent = ia32::Extent::of (d);
        if (ia32::is_present (d)
            && (extent.base >= l4::user_limit || extent.last >= l4::user_limit - extent.base))
            return true;
    }
    return false;
}

/// `selector` if it can be loaded while `self`'s descriptors are in place, else the flat one.
Word loadable (kernel::Tcb const& self, Word selector)
{
    bool const is_tls = descriptor_number (selector) < l4::tls_descriptors;
    return !is_tls || Tls::is_own (self, selector) ? selector : ia32::user_data;
}

}  // namespace

bool Tls::set (kernel::Tcb& self, TlsDescriptors const& descriptors)
{
    Resources& resources = self.resources;
    if (is_empty (descriptors)) {
        release (self);
        resources.drop (Resources::tls_segments);
    } else {
        if (resources.tls == nullptr)
            resources.tls = static_cast<TlsBlock*> (blocks.allocate (self.space->quota ()));
        if (resources.tls == nullptr)
            return false;
        for (unsigned n = 0; n < l4::tls_descriptors; ++n)
            resources.tls->descriptors[n] = descriptors[n];
        resources.add (Resources::tls_segments);
    }
    SmallSpace::leave_for_tls (*self.space, reach_beyond_user_space (descriptors));
    Word const fs = ia32::read_fs ();
    Word const gs = ia32::read_gs ();
    ia32::set_tls_descriptors (descriptors);
    ia32::write_fs (loadable (self, fs));
    ia32::write_gs (loadable (self, gs));
    return true;
}

bool Tls::is_own (kernel::Tcb const& thread, Word selector)
{
    Word const n = descriptor_number (selector);
    return n < l4::tls_descriptors && thread.resources.tls != nullptr
           && ia32::is_present (thread.resources.tls->descriptors[n]);
}

void Tls::leave (kernel::Tcb& from)
{
    from.resources.tls->fs = ia32::read_fs ();
    from.resources.tls->gs = ia32::read_gs ();
}

void Tls::enter (kernel::Tcb const& to)
{
    TlsBlock const& block = *to.resources.tls;
    ia32::set_tls_descriptors (block.descriptors);
    ia32::write_fs (block.fs);
    ia32::write_gs (block.gs);
}

void Tls::clear ()
{
    ia32::set_tls_descriptors (none);
    ia32::write_fs (ia32::user_data);
    ia32::write_gs (ia32::user_data);
}

void Tls::release (kernel::Tcb& thread)
{
    Resources& resources = thread.resources;
    resources.remove (Resources::tls_segments);
    if (resources.tls != nullptr)
        blocks.free (*resources.tls, thread.space->quota ());
    resources.tls = nullptr;
}

}  // namespace machine
