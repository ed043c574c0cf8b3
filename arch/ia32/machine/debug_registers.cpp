// SPDX-License-Identifier: BSD-2-Clause
#include <machine/debug_registers.hpp>

#include <core/slab.hpp>
#include <core/space.hpp>
#include <core/tcb.hpp>

#include <control.hpp>

namespace machine {

namespace {

constinit kernel::Slab<DebugBlock> blocks { kernel::kernel_frames };

constexpr unsigned status_register = 6;
constexpr unsigned control_register = 7;

bool exists (unsigned n) { return n < debug::breakpoints || n >= status_register; }

/// Not inline: rarely used, and long.
[[gnu::noinline]] Word hardware_control (DebugBlock const& block)
{
    return debug::hardware_control (block.control);
}

Word& field (DebugBlock& block, unsigned n)
{
    return n == status_register ? block.status
           : n == control_register ? block.control
                                   : block.address[n];
}

}  // namespace

void DebugRegisters::initialise ()
{
    leave ();
    drop_status ();
}

DebugBlock* DebugRegisters::provide (kernel::Tcb& self)
{
    DebugBlock*& block = self.resources.debug;
    if (block == nullptr) {
        block = static_cast<DebugBlock*> (blocks.allocate (self.space->quota ()));
        if (block != nullptr)
            *block = {};
    }
    return block;
}

bool DebugRegisters::write (kernel::Tcb& self, unsigned n, Word value)
{
    if (!exists (n) || (n < debug::breakpoints && value >= l4::user_limit))
        return false;
    DebugBlock* const block = provide (self);
    if (block == nullptr)
        return false;
    Word const kept = n == status_register    ? debug::status_hits | debug::status_single_step
                      : n == control_register ? debug::control_bits
                                              : ~Word { 0 };
    field (*block, n) = value & kept;
    set_control (self);
    return true;
}

bool DebugRegisters::read (kernel::Tcb const& self, unsigned n, Word& value)
{
    if (!exists (n))
        return false;
    value = self.resources.debug == nullptr ? 0 : field (*self.resources.debug, n);
    return true;
}

void DebugRegisters::set_control (kernel::Tcb& self)
{
    if (hardware_control (*self.resources.debug) != 0) {
        self.resources.add (Resources::breakpoints);
        enter (self);
    } else if (self.resources.uses (Resources::breakpoints)) {
        self.resources.drop (Resources::breakpoints);
        leave ();
    }
}

void DebugRegisters::take_status (kernel::Tcb& self)
{
    Word const status = ia32::read_dr6 ();
    drop_status ();
    // Without memory the status is lost; the exception is not.
    if (DebugBlock* const block = provide (self); block != nullptr)
        block->status |= debug::visible_status (status, hardware_control (*block));
}

void DebugRegisters::note_single_step (kernel::Tcb& self)
{
    if (DebugBlock* const block = provide (self); block != nullptr)
        block->status |= debug::status_single_step;
}

void DebugRegisters::drop_status () { ia32::write_dr6 (0); }

void DebugRegisters::enter (kernel::Tcb const& to)
{
    DebugBlock const& block = *to.resources.debug;
    Word linear[debug::breakpoints];
    for (unsigned n = 0; n < debug::breakpoints; ++n)
        linear[n] = to.space->small_space ().linear (block.address[n]);
    ia32::write_breakpoints (linear);
    ia32::write_dr7 (hardware_control (block));
}

void DebugRegisters::leave () { ia32::write_dr7 (0); }

void DebugRegisters::release (kernel::Tcb& thread)
{
    Resources& resources = thread.resources;
    resources.remove (Resources::breakpoints);
    if (resources.debug != nullptr)
        blocks.free (*resources.debug, thread.space->quota ());
    resources.debug = nullptr;
}

}  // namespace machine
