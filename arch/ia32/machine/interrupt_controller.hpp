// SPDX-License-Identifier: BSD-2-Clause
/// @file  What masks, unmasks and acknowledges interrupt lines on this machine.
#pragma once

#include <device/pic8259.hpp>

namespace machine {

using InterruptController = ia32::Pic8259;

}  // namespace machine
