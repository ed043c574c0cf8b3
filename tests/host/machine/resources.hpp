// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a thread has of the processor: plain data, whose size the thread control block
///        counts on, so this is the definition of ia32.
#pragma once

#include "../../../arch/ia32/machine/resources.hpp"
