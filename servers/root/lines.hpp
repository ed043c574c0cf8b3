// SPDX-License-Identifier: BSD-2-Clause
/// @file  Interrupt lines: the kernel gives a line to the first thread that attaches to it, so the
///        root task holds all of them, each by a thread of its own, and lets one go when a
///        program that owns it by policy is started.
///
/// A line without its program is held again. A held line fires at most once: it is masked then,
/// and nobody takes the message.
#pragma once

#include <cstdint>

#include <l4/word.hpp>

namespace root {

using l4::Word;

/// Start the holders and take every line that there is.
void hold_lines ();

/// Let go of the lines in `lines` (bit n: line n), or take them back.
void release_lines (std::uint16_t lines);
void take_back_lines (std::uint16_t lines);

}  // namespace root
