// SPDX-License-Identifier: BSD-2-Clause
/// @file  The clock interrupt, and how fast the processor is.
#pragma once

#include <l4/word.hpp>

namespace machine {

/// Interrupt every `kernel::tick_microseconds`, as soon as interrupts are enabled.
void start_clock ();

/// The processor's frequency in kHz by its time-stamp counter, interrupts off. Takes 10 ms.
[[nodiscard]] l4::Word measure_processor_khz ();

}  // namespace machine
