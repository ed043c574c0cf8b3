// SPDX-License-Identifier: BSD-2-Clause
/// @file  Carrying a message over, once sender and receiver have met.
///
/// Short messages (registers and one page of 4 KB to where nothing is) touch no user memory and are
/// done at once, by whichever side is running. Long ones are copied by the sender, in its context,
/// in steps between which interrupts are served; the receiver is locked meanwhile.
#pragma once

#include <core/tcb.hpp>

namespace kernel::ipc {

/// Tell `receiver` what it got from `sender`. After a failure that leaves nothing of use, the code
/// is all it gets.
inline void report_message (Tcb const& sender, Tcb& receiver, l4::MessageDope dope,
                            l4::IpcError error)
{
    using l4::IpcError;
    receiver.ipc.w0 = sender.ipc.w0;
    receiver.ipc.w1 = sender.ipc.w1;
    receiver.ipc.partner = sender.visible_id ();
    Word raw = dope.raw ();
    if (sender.path.flags != 0) {
        raw |= sender.path.flags;
        receiver.path.addressed = sender.ipc.partner;
    }
    if (error != IpcError::none)
        raw = (error == IpcError::receive_cut ? raw : 0) | static_cast<Word> (error);
    receiver.ipc.dope = l4::MessageDope { raw };
}

/// Transfer the message if it needs neither user memory nor more than a few steps: copy it into
/// `receiver`'s ipc registers and enter its mapping. Neither side's state is changed.
/// @param error  the receiver's code @return false: nothing was done, the message is a long one
[[nodiscard]] bool transfer_short (Tcb& sender, Tcb& receiver, l4::IpcError& error);

/// The same for any message; `sender` is the running thread. Other threads may run meanwhile. If
/// either side is taken out of its ipc, this does not return.
[[nodiscard]] l4::IpcError transfer_long (Tcb& sender, Tcb& receiver);

}  // namespace kernel::ipc
