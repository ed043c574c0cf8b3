// SPDX-License-Identifier: BSD-2-Clause
/// @file  Taking pages and ports back.
#pragma once

#include <core/space.hpp>

namespace kernel {

/// A bounded step of emptying the dying `space`: what it mapped to others goes with it.
/// @return whether nothing is left
[[nodiscard]] bool unmap_everything_step (Space& space);

}  // namespace kernel
