// SPDX-License-Identifier: BSD-2-Clause
/// @file  Thread 4.1: starts the console, then serves root/protocol.hpp.
#pragma once

#include "programs.hpp"

namespace root {

[[noreturn]] void serve_requests (Programs& programs);

}  // namespace root
