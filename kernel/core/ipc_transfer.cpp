// SPDX-License-Identifier: BSD-2-Clause
#include <core/ipc_transfer.hpp>

#include <core/map.hpp>

namespace kernel::ipc {

using l4::IpcError;

namespace {

MapItem register_item (Tcb const& sender, Tcb const& receiver)
{
    return { .send_base = sender.ipc.w0,
             .fpage = l4::Fpage { sender.ipc.w1 },
             .window = receiver.ipc.receive.window (),
             .everything = receiver.in_kernel_rpc == page_fault_rpc };
}

/// A send descriptor with the map bit: (w0, w1) = (send base, fpage).
IpcError transfer_mapping (Tcb& sender, Tcb& receiver, bool& mapped)
{
    l4::Fpage const window = receiver.ipc.receive.window ();
    bool const accepts = receiver.ipc.receive.has_window ()
                         && (window.is_io () || window.is_valid_memory ());
    if (!accepts)
        return IpcError::receive_cut;
    MapOperation operation { *sender.space, *receiver.space, register_item (sender, receiver) };
    while (!operation.is_finished ())
        operation.step ();
    mapped = operation.outcome ().mapped;
    return operation.outcome ().out_of_memory ? IpcError::receive_map_failed : IpcError::none;
}

/// Whether the item of a short message is entered in one go.
bool is_atomic_item (Tcb const& sender, Tcb const& receiver)
{
    MapItem const item = register_item (sender, receiver);
    return MapOperation { *sender.space, *receiver.space, item }.is_atomic ();
}

}  // namespace

bool is_short (Tcb const& sender, Tcb const& receiver)
{
    if (sender.ipc.send.address () != 0)
        return false;
    if (!sender.ipc.send.maps ())
        return true;
    bool const window_in_memory
        = !receiver.ipc.receive.has_window () && receiver.ipc.receive.address () != 0;
    return !window_in_memory && is_atomic_item (sender, receiver);
}

IpcError transfer_short (Tcb& sender, Tcb& receiver)
{
    bool mapped = false;
    IpcError error = IpcError::none;
    if (sender.ipc.send.maps ())
        error = transfer_mapping (sender, receiver, mapped);

    l4::MessageDope const words { l4::register_dwords, 0 };
    l4::MessageDope const all { words.raw () | (mapped ? l4::MessageDope::mapped_bit : 0) };
    report_message (sender, receiver, all, error);
    return error;
}

}  // namespace kernel::ipc
