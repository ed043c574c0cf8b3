// SPDX-License-Identifier: BSD-2-Clause
/// @file  Small address spaces: tasks side by side in one region of every page directory.
///
/// A task in a small space runs in any page directory: its segments begin at its place in the
/// region and end with it, so that it sees addresses from 0 on and no others. To switch to it
/// takes two descriptors, and the TLB stays as it is. (Liedtke, "Improved address-space switching
/// on Pentium processors by transparently multiplexing user address spaces", 1995.)
///
/// The task's own directory says what it has, as for every task. The page tables of its first
/// megabytes are entered a second time at its place, in each directory where it happens to run,
/// when it touches them there (`show`). Such a page table stays until the place is given up: so
/// what has once been entered never has to be changed. A 4 MB page is never entered.
///
/// A task that needs more than its space becomes large at once, for its directory is complete
/// (`leave`). The place stays reserved, because its entries are still in some directories, where
/// nobody's segment reaches them, until somebody needs it or the task is deleted
/// (`withdraw_step`).
///
/// Segments that a thread defines for itself may wrap around and so reach the region
/// (segment/tls_descriptor.hpp): the page directory of such a task is *closed*, it has no entries
/// of small spaces and is never loaded while a task in one runs.
///
/// Invariants: the units of a place belong to one task; entries of the region are in a directory
///             only if `visited_` says so; none are in a closed one.
#pragma once

#include <l4/fpage.hpp>

#include <cpu/space_switch.hpp>
#include <machine/memory_layout.hpp>
#include <machine/place.hpp>

namespace kernel {
class Space;
struct Tcb;
template <typename T>
class Slab;
}

namespace machine {

class PageDirectory;

class SmallSpace {
public:
    /// The region consists of units of 4 MB. A place has a power of two of them and lies at a
    /// multiple of its size. The first unit is not used.
    static constexpr Word unit = l4::superpage_size;
    static constexpr unsigned units = (tcb_area_begin - small_spaces_begin) / unit;

    /// This machine may have small spaces: its segment limits hold. Once, at start-up.
    static void allow ();
    [[nodiscard]] static bool are_allowed () { return cpu::has_small_spaces && allowed_; }

    /// Whether `number`, the field of thread_schedule, names a place.
    [[nodiscard]] static bool is_valid (Word number);
    /// Bytes of the place that `number` names.
    [[nodiscard]] static Word size (Word number) { return unit * unit_count (number); }

    /// Whether the task lives here now.
    [[nodiscard]] bool is_in_use () const { return base () != 0; }
    /// The place in the coding of thread_schedule; 0: large.
    [[nodiscard]] Word number () const { return is_in_use () ? number_ : 0; }
    [[nodiscard]] bool has_place () const { return cpu::has_small_spaces && number_ != 0; }
    [[nodiscard]] bool is_closed () const { return cpu::has_small_spaces && is_closed_; }

    [[nodiscard]] Place place_in (PageDirectory const& directory) const;

    /// Let `space` become large if it is small and does not reach from user address `address` over
    /// `size` bytes of 4 KB pages. @return whether it did
    bool grow_for (kernel::Space& space, Address address, Word size)
    {
        return is_in_use () && size != 0 && !reaches (space, address, size) && grow (space);
    }

    /// Where user address `address` of the running task lies, and back.
    [[nodiscard]] Address linear (Address address) const { return address + base (); }
    [[nodiscard]] Address user_address (Address linear) const { return linear - base (); }

    /// The running task faulted at a linear address in its small space, and only the directory's
    /// entry was missing. @return false: it is a page fault as others are
    [[nodiscard]] static bool show (kernel::Space& space, Address linear);

    /// A page fault of the running task in user mode: see to what is not the pager's.
    /// @return whether it can go on
    [[nodiscard]] static bool resolve (kernel::Space& space, Address linear);

    /// Place a new task in some free 4 MB, if there are any.
    static void enter_any (kernel::Space& space);
    /// Place `space` at `number`. @pre `!has_place ()`, and nobody has any of it
    /// @return false if kernel memory is used up
    [[nodiscard]] static bool enter (kernel::Space& space, Word number);
    /// Who is at `number`, preferably somebody who lives there; null if nobody is.
    [[nodiscard]] static kernel::Space* occupant (Word number);

    /// The task becomes large. Its place stays reserved.
    static void leave (kernel::Space& space);
    /// A bounded step of giving the place of `space`, which has left it, back.
    /// @return whether all is done
    [[nodiscard]] static bool withdraw_step (kernel::Space& space);

    /// The running task has a segment that reaches the region, or may have one.
    static void leave_for_tls (kernel::Space& space, bool reaches_region);
    /// Whether it ever had segments of its own.
    [[nodiscard]] bool has_tls () const { return has_tls_; }

    /// Segments for `to`, which is about to run. @return the directory to load, 0 = none
    [[nodiscard]] static Address switch_to (kernel::Tcb const& to);

private:
    struct Visited;

    /// `number` is units * (2 * index + 1): the lowest bit set tells the size.
    [[nodiscard]] static constexpr Word unit_count (Word number) { return number & -number; }
    [[nodiscard]] static constexpr Word first_unit (Word number)
    {
        return (number - unit_count (number)) / 2;
    }
    [[nodiscard]] Address begin () const
    {
        return small_spaces_begin + unit * first_unit (number_);
    }
    [[nodiscard]] Address base () const { return cpu::has_small_spaces ? base_ : 0; }
    [[nodiscard]] bool contains (Address linear) const
    {
        return linear - begin () < size (number_);
    }

    [[nodiscard]] bool reaches (kernel::Space& space, Address address, Word size) const;
    static bool grow (kernel::Space& space);
    static void update_place (kernel::Space& space);
    static void clear (PageDirectory& directory, Word number);
    static void set_owner (Word number, Word task);
    static kernel::Slab<Visited> visited_sets;
    static inline bool allowed_;

    Visited* visited_ { nullptr };
    Address base_ { 0 };            ///< of the segments: 0 while large
    std::uint8_t number_ { 0 };     ///< 0: no place
    bool is_closed_ { false };
    bool has_tls_ { false };
};

static_assert (SmallSpace::units == 128);

}  // namespace machine
