// SPDX-License-Identifier: BSD-2-Clause
#include <core/ipc_transfer.hpp>

#include <core/map_page.hpp>

namespace kernel::ipc {

using l4::IpcError;

namespace {

/// How far the mapping of a short message, one whose send descriptor has the map bit, has come.
enum class Mapping : std::uint8_t { none, entered, no_window, takes_long };

Mapping enter (Tcb& sender, Tcb& receiver)
{
    l4::ReceiveDescriptor const receive = receiver.ipc.receive;
    if (!receive.has_window ())         // perhaps in memory
        return receive.address () == 0 ? Mapping::no_window : Mapping::takes_long;
    l4::Fpage const window = receive.window ();
    if (!window.is_io () && !window.is_valid_memory ())
        return Mapping::no_window;
    return map_page (sender, receiver) != 0 ? Mapping::entered : Mapping::takes_long;
}

}  // namespace

bool transfer_short (Tcb& sender, Tcb& receiver, IpcError& error)
{
    if (sender.ipc.send.address () != 0)
        return false;
    Mapping const mapping = sender.ipc.send.maps () ? enter (sender, receiver) : Mapping::none;
    if (mapping == Mapping::takes_long)
        return false;
    error = mapping == Mapping::no_window ? IpcError::receive_cut : IpcError::none;
    l4::MessageDope const words { l4::register_dwords, 0 };
    l4::MessageDope const all { words.raw () | (mapping == Mapping::entered
                                                    ? l4::MessageDope::mapped_bit : 0) };
    report_message (sender, receiver, all, error);
    return true;
}

}  // namespace kernel::ipc
