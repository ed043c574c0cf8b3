// SPDX-License-Identifier: BSD-2-Clause
#include <core/ipc_transfer.hpp>

#include <core/map.hpp>

namespace kernel::ipc {

using l4::IpcError;

namespace {

/// A send descriptor with the map bit: (w0, w1) = (send base, fpage).
IpcError transfer_mapping (Tcb& sender, Tcb& receiver, bool& mapped)
{
    l4::Fpage const window = receiver.ipc.receive.window ();
    bool const accepts = receiver.ipc.receive.has_window ()
                         && (window.is_io () || window.is_valid_memory ());
    if (!accepts)
        return IpcError::receive_cut;
    MapItem const item { .send_base = sender.ipc.w0,
                         .fpage = l4::Fpage { sender.ipc.w1 },
                         .window = window,
                         .everything = receiver.in_kernel_rpc };
    MapOperation operation { *sender.space, *receiver.space, item };
    while (!operation.is_finished ())
        operation.step ();
    mapped = operation.outcome ().mapped;
    return operation.outcome ().out_of_memory ? IpcError::receive_map_failed : IpcError::none;
}

/// One page, or a few ports: a bounded number of steps.
bool is_small (l4::Fpage fpage)
{
    return fpage.log2_size () <= (fpage.is_io () ? 4U : l4::page_bits);
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
    return !window_in_memory && is_small (l4::Fpage { sender.ipc.w1 });
}

IpcError transfer_short (Tcb& sender, Tcb& receiver)
{
    bool mapped = false;
    IpcError error = IpcError::none;
    if (sender.ipc.send.maps ())
        error = transfer_mapping (sender, receiver, mapped);

    receiver.ipc.w0 = sender.ipc.w0;
    receiver.ipc.w1 = sender.ipc.w1;
    receiver.ipc.partner = sender.id;
    receiver.ipc.dope = l4::MessageDope { l4::MessageDope { l4::register_dwords, 0 }.raw ()
                                          | static_cast<Word> (error) | (mapped ? 2U : 0U) };
    return error;
}

}  // namespace kernel::ipc
