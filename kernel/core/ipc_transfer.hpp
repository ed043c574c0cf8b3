// SPDX-License-Identifier: BSD-2-Clause
/// @file  Carrying a message over.
#pragma once

#include <core/tcb.hpp>

namespace kernel::ipc {

/// Copy `sender`'s message into `receiver`'s ipc registers and enter its mappings. Both stand at
/// the rendezvous; neither's state is changed.
/// @return the receiver's code
[[nodiscard]] l4::IpcError transfer (Tcb& sender, Tcb& receiver);

}  // namespace kernel::ipc
