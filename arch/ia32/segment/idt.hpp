// SPDX-License-Identifier: BSD-2-Clause
/// @file  Interrupt descriptor table.
#pragma once

namespace ia32 {

/// Fill the table from the rows that entry/traps.asm emitted, and load it. Vectors without a row
/// stay empty: `int n` for them is a general protection fault with error code 8n + 2.
void load_vectors ();

}  // namespace ia32
