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
struct Mapping {
    IpcError error { IpcError::none };
    bool is_atomic { true };
    bool mapped { false };
};

/// Enter the mapping of a short message if that can be done in one go.
Mapping enter_if_atomic (Tcb& sender, Tcb& receiver)
{
    l4::ReceiveDescriptor const receive = receiver.ipc.receive;
    if (!receive.has_window () && receive.address () != 0)
        return { .is_atomic = false };          // the window lies in memory
    l4::Fpage const window = receive.window ();
    if (!receive.has_window () || !(window.is_io () || window.is_valid_memory ()))
        return { .error = IpcError::receive_cut };
    MapOperation operation { *sender.space, *receiver.space, register_item (sender, receiver) };
    if (!operation.is_atomic ())
        return { .is_atomic = false };
    if (!operation.is_finished ())
        operation.step ();
    MapOutcome const outcome = operation.outcome ();
    return { .error = outcome.out_of_memory ? IpcError::receive_map_failed : IpcError::none,
             .mapped = outcome.mapped };
}

}  // namespace

bool transfer_short (Tcb& sender, Tcb& receiver, IpcError& error)
{
    if (sender.ipc.send.address () != 0)
        return false;
    Mapping const mapping = sender.ipc.send.maps () ? enter_if_atomic (sender, receiver)
                                                    : Mapping {};
    if (!mapping.is_atomic)
        return false;
    error = mapping.error;
    l4::MessageDope const words { l4::register_dwords, 0 };
    l4::MessageDope const all { words.raw ()
                                | (mapping.mapped ? l4::MessageDope::mapped_bit : 0) };
    report_message (sender, receiver, all, error);
    return true;
}

}  // namespace kernel::ipc
