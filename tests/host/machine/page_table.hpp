// SPDX-License-Identifier: BSD-2-Clause
/// @file  The host's page directories: only that there are some.
#pragma once

#include <machine/memory_layout.hpp>

namespace machine {

struct Page {};

class PageDirectory {
public:
    [[nodiscard]] Address physical () const { return 0x1000; }
};

}  // namespace machine
