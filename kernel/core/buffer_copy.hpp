// SPDX-License-Identifier: BSD-2-Clause
/// @file  Copying for a message: from the sender's memory, to and from the receiver's.
///
/// In chunks, between which interrupts are served. A missing page is fetched by the pager of its
/// owner, and the copy goes on where it stopped.
#pragma once

#include <core/space.hpp>
#include <core/tcb.hpp>

#include <machine/user_memory.hpp>

namespace kernel::ipc {

/// All functions return the receiver's code: `none`, a page-fault timeout, or `receive_aborted`
/// for addresses beyond user space and for faults that no pager can serve.
class BufferCopy {
public:
    /// @param sender  the running thread
    BufferCopy (Tcb& sender, Tcb& receiver) : sender_ { sender }, receiver_ { receiver } {}

    /// Into the kernel.
    [[nodiscard]] l4::IpcError read_sender (void* to, Address from, Word size);
    [[nodiscard]] l4::IpcError read_receiver (void* to, Address from, Word size);

    /// From the sender's memory to the receiver's; at most 4 MB.
    [[nodiscard]] l4::IpcError copy (Address to, Address from, Word size);

    /// Note in the receiver's dope at `dope` that `size` bytes arrived in `buffer`, in the form
    /// in which the string could be sent on.
    [[nodiscard]] l4::IpcError report_string (Address dope, Word size,
                                              l4::StringDope const& buffer);

    /// Between steps: serve interrupts.
    void let_others_run ();

private:
    /// An address of the kernel, the sender or the receiver.
    struct Place {
        enum Owner { kernel, sender, receiver } owner;
        Address address;
    };

    [[nodiscard]] l4::IpcError transfer (Place to, Place from, Word size);
    [[nodiscard]] static bool is_allowed (Place place, Word size);
    /// Where `place` is seen, with `size` bytes behind it.
    [[nodiscard, gnu::always_inline]] Address linear (Place place, Word size)
    {
        if (place.owner == Place::kernel)
            return place.address;
        if (place.owner == Place::receiver)
            return linear_of_receiver (place.address);
        return sender_.space->small_space ().is_in_use ()
                   ? linear_of_small_sender (place.address, size)
                   : place.address;
    }
    [[nodiscard]] Address linear_of_small_sender (Address address, Word size);
    [[nodiscard]] Address linear_of_receiver (Address address);
    [[nodiscard]] l4::IpcError resolve (machine::CopyResult const& fault);
    [[nodiscard]] l4::IpcError fetch_for_sender (Address address, bool is_write);
    [[nodiscard]] l4::IpcError fetch_for_receiver (Address address, bool is_write);

    Tcb& sender_;
    Tcb& receiver_;
    Address shown_ { 0 };           ///< what the copy window shows; valid while window_valid_
    bool window_valid_ { false };
    Word work_ { 0 };               ///< since interrupts were served: bytes, and a lump per copy
};

}  // namespace kernel::ipc
