// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the host's threads have for user registers.
#pragma once

#include <l4/word.hpp>

namespace machine {

struct TrapFrame {
    l4::Word eax;
    l4::Word eip;
    l4::Word esp;
};

}  // namespace machine
