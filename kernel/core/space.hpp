// SPDX-License-Identifier: BSD-2-Clause
/// @file  Address space of a task: page directory, I/O ports, profile, kernel memory account.
#pragma once

#include <core/deceivers.hpp>
#include <core/kernel_memory.hpp>
#include <core/port_table.hpp>
#include <l4/syscall.hpp>
#include <l4/thread_id.hpp>

#include <machine/io_space.hpp>
#include <machine/page_table.hpp>
#include <machine/small_space.hpp>

namespace kernel {

using l4::Word;

/// The account is a base, so that what was charged to it leads back to the space.
class Space : private Quota {
public:
    /// An empty space for `task`, which may use `quota` bytes of kernel memory. Null if that or
    /// the pool is used up.
    [[nodiscard]] static Space* create (l4::ThreadId task, l4::Profile profile, Word quota);

    /// Give a space back that no thread runs in and that nothing was mapped from.
    static void destroy (Space& space);

    /// Id of the task's thread 0.
    [[nodiscard]] l4::ThreadId task () const { return task_; }
    [[nodiscard]] machine::PageDirectory& directory () { return *directory_; }
    [[nodiscard]] machine::IoSpace& io () { return io_; }
    [[nodiscard]] machine::IoSpace const& io () const { return io_; }
    /// Null until it is needed.
    [[nodiscard]] PortTable* port_table () { return port_table_; }
    /// Room in it for `port`. @return false if kernel memory is used up
    [[nodiscard]] bool provide_ports (Word port);
    [[nodiscard]] Quota& quota () { return *this; }
    /// The space whose account `quota` is.
    [[nodiscard]] static Space& of (Quota& quota) { return static_cast<Space&> (quota); }

    /// Its place among the small address spaces, if it has one.
    [[nodiscard]] machine::SmallSpace& small_space () { return small_space_; }
    [[nodiscard]] machine::SmallSpace const& small_space () const { return small_space_; }
    /// What Tcb::place is in its threads.
    [[nodiscard]] machine::Place place () const { return small_space_.place_in (*directory_); }

    /// From the task's creation to its deletion; Tcb::profile repeats it.
    [[nodiscard]] l4::Profile profile () const { return profile_; }

    /// Its threads can disable interrupts: it can stop the machine.
    [[nodiscard]] bool is_trusted () const
    {
        return profile_ == l4::Profile::l4env || is_initial () || io_.is_complete ();
    }

    /// sigma0's space is initial: it contains all physical memory and all ports, at the same
    /// addresses, without having received them.
    [[nodiscard]] bool is_initial () const { return task_.task () == l4::sigma0_task; }

    /// What the space's owner sees at `address`, as far as it can be mapped to others. In the
    /// initial space that is every physical address, also above 3 GB, but for the kernel's memory;
    /// if it is strict, device memory has names 1 GB below.
    [[nodiscard]] machine::Page lookup (l4::Address address) const;

    /// First address behind the unmapped page at `address`, or behind more that is unmapped;
    /// 0 behind the last.
    [[nodiscard]] l4::Address skip_unmapped (l4::Address address) const;

    /// Its threads that wait to send under another's name.
    Deceivers deceivers;

    /// One more than the highest lthread that it has ever had.
    Word lthread_end { 0 };

    // How far the deletion of the task has come (task_deletion.hpp).
    bool is_dying { false };
    Word next_doomed_thread { 0 };
    l4::Address doomed_address { 0 };
    Word doomed_table { 0 };
    Word doomed_port { 0 };

private:
    Space (l4::ThreadId task, l4::Profile profile, Word quota)
        : Quota { quota }, task_ { task }, profile_ { profile }
    {
    }

    l4::ThreadId task_;
    l4::Profile profile_;
    machine::PageDirectory* directory_ { nullptr };
    machine::IoSpace io_;
    PortTable* port_table_ { nullptr };
    machine::SmallSpace small_space_;
};

}  // namespace kernel
