// SPDX-License-Identifier: BSD-2-Clause
#include <machine/resources.hpp>

#include <core/tcb.hpp>

#include <machine/fpu.hpp>
#include <machine/io_space.hpp>

namespace machine {

void exchange_resources (kernel::Tcb& from, kernel::Tcb& to)
{
    if (from.resources.uses (Resources::io_bitmap)) {
        IoSpace::withdraw ();
        from.resources.remove (Resources::io_bitmap);
    }
    if (from.resources.uses (Resources::fpu))
        Fpu::leave ();
    if (to.resources.uses (Resources::fpu))
        Fpu::enter ();
}

void release_resources (kernel::Tcb& thread)
{
    Fpu::release (thread);
}

}  // namespace machine
