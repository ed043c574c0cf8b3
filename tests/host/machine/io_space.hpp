// SPDX-License-Identifier: BSD-2-Clause
/// @file  The host has no ports.
#pragma once

namespace machine {

class IoSpace {
public:
    [[nodiscard]] bool is_complete () const { return false; }
};

}  // namespace machine
