// SPDX-License-Identifier: BSD-2-Clause
#include <machine/small_space.hpp>

#include <iterator>

#include <core/slab.hpp>
#include <core/space.hpp>
#include <core/task_table.hpp>
#include <core/tcb.hpp>
#include <lib/assert.hpp>
#include <lib/bits.hpp>

#include <control.hpp>
#include <cpu/tlb.hpp>
#include <machine/debug_registers.hpp>
#include <machine/tcb_area.hpp>
#include <segment/gdt.hpp>

namespace machine {

using kernel::Space;
using kernel::Tcb;

/// The directories with entries of one place, as a set of their tasks' numbers; 0: the master's.
struct SmallSpace::Visited {
    static constexpr unsigned words = l4::ThreadId::tasks / 32;
    Word tasks[words];

    void add (Word task) { tasks[task / 32] |= lib::bit (task % 32); }

    /// One of them, which is removed. @return false if there are none
    [[nodiscard]] bool take (Word& task)
    {
        for (unsigned i = 0; i < words; ++i)
            if (tasks[i] != 0) {
                task = 32 * i + lib::lowest_bit (tasks[i]);
                tasks[i] &= tasks[i] - 1;
                return true;
            }
        return false;
    }
};

constinit kernel::Slab<SmallSpace::Visited> SmallSpace::visited_sets { kernel::kernel_frames };

namespace {

std::uint16_t owners[SmallSpace::units];        // task numbers
Word taken[SmallSpace::units / 32];             // a bit per unit that has an owner
constexpr Word nobody = kernel::task_table::nobody;

constexpr unsigned region_begin = small_spaces_begin >> l4::superpage_bits;

PageDirectory& loaded_directory ()
{
    return *static_cast<PageDirectory*> (to_virtual (ia32::read_cr3 ()));
}

/// Whose directory is loaded; null: the master.
Space* loaded_space ()
{
    PageDirectory& loaded = loaded_directory ();
    return &loaded == &PageDirectory::master ()
               ? nullptr
               : &Space::of (*kernel::kernel_frames.owner (&loaded));
}

void load_segments (Place place)
{
    if (!ia32::set_user_segments (place.data_segment ()))
        return;
    // What they hold was loaded from the old descriptors. DS and ES are loaded on the way out.
    ia32::write_fs (ia32::read_fs ());
    ia32::write_gs (ia32::read_gs ());
}

}  // namespace

void SmallSpace::allow () { allowed_ = cpu::has_small_spaces; }

bool SmallSpace::is_valid (Word number)
{
    // 0 and 255 mean "no change"; the first unit is the guard.
    return are_allowed () && number > 0 && number < 0xFF && first_unit (number) != 0;
}

Place SmallSpace::place_in (PageDirectory const& directory) const
{
    return is_in_use () ? Place::in_small_space (begin (), lib::lowest_bit (number_))
                        : Place::in_directory (directory.physical (), is_closed ());
}

Address SmallSpace::switch_to (Tcb const& to)
{
    if (to.place.is_anywhere ())
        return 0;
    load_segments (to.place);
    if (!to.place.is_small ()) {
        Address const directory = to.place.directory ();
        return directory == ia32::read_cr3 () ? 0 : directory;
    }
    Space const* const loaded = loaded_space ();
    bool const is_open = loaded == nullptr || !loaded->small_space ().is_closed ();
    return is_open ? 0 : to.space->directory ().physical ();
}

bool SmallSpace::reaches (Space& space, Address address, Word size) const
{
    Word const end = SmallSpace::size (number_);
    PageDirectory& directory = space.directory ();
    return address < end && size <= end - address && directory.find_superpage (address) == nullptr
           && directory.find_superpage (address + size - 1) == nullptr;
}

bool SmallSpace::grow (Space& space)
{
    leave (space);
    return true;
}

bool SmallSpace::show (Space& space, Address linear)
{
    SmallSpace& small = space.small_space ();
    if (!small.is_in_use () || !small.contains (linear))
        return false;
    PageDirectory& loaded = loaded_directory ();
    unsigned const index = linear >> l4::superpage_bits;
    unsigned const own_index = (linear - small.begin ()) >> l4::superpage_bits;
    if (loaded.shared (index).is_present () || !space.directory ().has_table (own_index))
        return false;
    space.directory ().keep_table (own_index);
    loaded.set_shared (index, space.directory ().raw_entry (own_index));
    Space const* const owner = loaded_space ();
    ASSERT (owner == nullptr || !owner->small_space ().is_closed ());
    small.visited_->add (owner == nullptr ? nobody : owner->task ().task ());
    return true;
}

bool SmallSpace::resolve (Space& space, Address linear)
{
    SmallSpace& small = space.small_space ();
    if (!small.is_in_use ())
        return false;
    // Beyond the end, where limits do not hold, or in a 4 MB page.
    if (!small.contains (linear) || small.grow_for (space, small.user_address (linear), 1)) {
        leave (space);
        return true;
    }
    return show (space, linear);
}

/// All threads learn where they live now; the running one at once.
void SmallSpace::update_place (Space& space)
{
    Place const place = space.place ();
    Tcb* thread = &tcb_area::tcb (space.task ().with_lthread (0));
    for (Tcb* const end = thread + space.lthread_end; thread != end; ++thread)
        if (thread->exists ())
            thread->place = place;
    Tcb& self = tcb_area::current ();
    if (self.space != &space)
        return;
    if (Address const directory = switch_to (self); directory != 0)
        ia32::write_cr3 (directory);
    if (self.resources.uses (Resources::breakpoints))
        DebugRegisters::enter (self);
}

void SmallSpace::enter_any (Space& space)
{
    constexpr Word guard = 1;           // the first unit
    constexpr Word unnamed = lib::bit (31);     // the last one: FFh is no number
    if (!are_allowed ())
        return;
    for (Word i = 0; i < std::size (taken); ++i) {
        Word const never = (i == 0 ? guard : 0) | (i == std::size (taken) - 1 ? unnamed : 0);
        if (Word const free = ~(taken[i] | never); free != 0) {
            static_cast<void> (enter (space, 2 * (32 * i + lib::lowest_bit (free)) + 1));
            return;
        }
    }
}

bool SmallSpace::enter (Space& space, Word number)
{
    SmallSpace& small = space.small_space ();
    ASSERT (is_valid (number) && !small.has_place () && occupant (number) == nullptr);
    small.visited_ = static_cast<Visited*> (visited_sets.allocate (space.quota ()));
    if (small.visited_ == nullptr)
        return false;
    *small.visited_ = {};
    set_owner (number, space.task ().task ());
    small.number_ = static_cast<std::uint8_t> (number);
    small.base_ = small.begin ();
    update_place (space);
    return true;
}

Space* SmallSpace::occupant (Word number)
{
    Space* found = nullptr;
    for (Word i = 0; i < unit_count (number); ++i) {
        Word const owner = owners[first_unit (number) + i];
        if (owner == nobody)
            continue;
        found = kernel::task_table::space (owner);
        if (found->small_space ().is_in_use ())
            break;
    }
    return found;
}

void SmallSpace::set_owner (Word number, Word task)
{
    for (Word i = first_unit (number); i < first_unit (number) + unit_count (number); ++i) {
        owners[i] = static_cast<std::uint16_t> (task);
        Word const unit_bit = lib::bit (i % 32);
        taken[i / 32] = task == nobody ? taken[i / 32] & ~unit_bit : taken[i / 32] | unit_bit;
    }
}

void SmallSpace::leave (Space& space)
{
    SmallSpace& small = space.small_space ();
    if (!small.is_in_use ())
        return;
    small.base_ = 0;
    update_place (space);
}

void SmallSpace::clear (PageDirectory& directory, Word number)
{
    directory.clear_shared (region_begin + first_unit (number), unit_count (number));
}

bool SmallSpace::withdraw_step (Space& space)
{
    SmallSpace& small = space.small_space ();
    ASSERT (!small.is_in_use ());
    if (!small.has_place ())
        return true;
    Word task;
    if (small.visited_->take (task)) {
        Space* const visited = task == nobody ? nullptr : kernel::task_table::space (task);
        if (task == nobody)
            clear (PageDirectory::master (), small.number_);
        else if (visited != nullptr)
            clear (visited->directory (), small.number_);
        return false;
    }
    cpu::flush_tlb ();
    set_owner (small.number_, nobody);
    visited_sets.free (*small.visited_, space.quota ());
    small.visited_ = nullptr;
    small.number_ = 0;
    return true;
}

void SmallSpace::leave_for_tls (Space& space, bool reaches_region)
{
    SmallSpace& small = space.small_space ();
    small.has_tls_ = true;
    leave (space);
    if (!reaches_region || !are_allowed () || small.is_closed_)
        return;
    small.is_closed_ = true;
    space.directory ().clear_shared (region_begin, units);
    cpu::flush_tlb ();
    update_place (space);
}

}  // namespace machine
