// SPDX-License-Identifier: BSD-2-Clause
#include <machine/fpu.hpp>

#include <core/slab.hpp>
#include <core/space.hpp>

namespace machine {

namespace {

constexpr l4::Word plain_size = 112;            // FNSAVE: 108 bytes
constexpr l4::Word extended_size = 512;         // FXSAVE, 16-byte aligned

constinit kernel::NodeSlab plain_states { kernel::kernel_frames, plain_size };
constinit kernel::NodeSlab extended_states { kernel::kernel_frames, extended_size };

/// What a thread finds in the unit at first.
alignas (16) char clean_state[extended_size];

}  // namespace

kernel::Tcb* Fpu::owner_;
bool Fpu::present_;
bool Fpu::extended_;

void Fpu::initialise (bool present, bool extended)
{
    present_ = present;
    extended_ = extended;
    if (!present) {
        ia32::write_cr0 (ia32::read_cr0 () | ia32::cr0::emulate_fpu);
        return;
    }
    // Errors arrive as exception 16, and WAIT traps like the rest while TS is set.
    ia32::write_cr0 ((ia32::read_cr0 () & ~(ia32::cr0::emulate_fpu | ia32::cr0::task_switched))
                     | ia32::cr0::monitor_coprocessor | ia32::cr0::numeric_error);
    if (extended)
        ia32::write_cr4 (ia32::read_cr4 () | ia32::cr4::fxsave_and_sse);
    asm volatile ("fninit");
    if (extended)
        asm volatile ("fxsave %0" : "=m"(clean_state));
    else
        asm volatile ("fnsave %0" : "=m"(clean_state));
    ia32::write_cr0 (ia32::read_cr0 () | ia32::cr0::task_switched);
}

void Fpu::save (kernel::Tcb& thread)
{
    auto* state = static_cast<char (*)[extended_size]> (thread.resources.fpu_state);
    if (extended_)
        asm volatile ("fxsave %0" : "=m"(*state));
    else
        asm volatile ("fnsave %0" : "=m"(*state));
}

void Fpu::load (void const* state)
{
    auto const* bytes = static_cast<char const (*)[extended_size]> (state);
    if (extended_)
        asm volatile ("fxrstor %0" : : "m"(*bytes));
    else
        asm volatile ("frstor %0" : : "m"(*bytes));
}

bool Fpu::take (kernel::Tcb& self)
{
    if (!present_)
        return false;
    void const* state = self.resources.fpu_state;
    if (state == nullptr) {
        kernel::NodeSlab& slab = extended_ ? extended_states : plain_states;
        self.resources.fpu_state = slab.allocate (self.space->quota ());
        if (self.resources.fpu_state == nullptr)
            return false;
        state = clean_state;
    }
    ia32::clear_task_switched ();
    if (owner_ != nullptr) {
        save (*owner_);
        owner_->resources.remove (Resources::fpu);
    }
    load (state);
    owner_ = &self;
    self.resources.add (Resources::fpu);
    return true;
}

void Fpu::release (kernel::Tcb& thread)
{
    if (owner_ == &thread)
        owner_ = nullptr;
    thread.resources.remove (Resources::fpu);
    void*& state = thread.resources.fpu_state;
    if (state == nullptr)
        return;
    (extended_ ? extended_states : plain_states).free (state, thread.space->quota ());
    state = nullptr;
}

}  // namespace machine
