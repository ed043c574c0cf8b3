// SPDX-License-Identifier: BSD-2-Clause
/// @file  A port that the test program owns.
#pragma once

#include <runtime/ipc.hpp>

#include "check.hpp"

namespace guest {

/// Ask sigma0 for `ports`, with a window for all of them.
rt::IpcResult ask_for_ports (l4::Fpage ports);

/// A port of the own task that can be read without effect: 80h, which takes diagnostic codes, or
/// another spare register of the DMA page chip if an earlier run of this program has got that one.
/// The same in all cases of a run. Ends the case as skipped if no such port is left.
[[nodiscard]] Word acquire_port ();

}  // namespace guest
