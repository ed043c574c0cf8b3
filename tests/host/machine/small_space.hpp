// SPDX-License-Identifier: BSD-2-Clause
/// @file  Small address spaces: the host has none.
#pragma once

#include <machine/place.hpp>

namespace machine {

class PageDirectory;

class SmallSpace {
public:
    [[nodiscard]] static Place place_in (PageDirectory const&) { return {}; }
};

}  // namespace machine
