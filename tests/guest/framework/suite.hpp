// SPDX-License-Identifier: BSD-2-Clause
/// @file  All test cases of the program, in link order.
#pragma once

#include <span>

#include "check.hpp"

extern "C" {
extern guest::TestCase const* const test_cases_begin[];
extern guest::TestCase const* const test_cases_end[];
}

namespace guest {

using Suite = std::span<TestCase const* const>;

[[nodiscard]] inline Suite all_cases ()
{
    return { test_cases_begin, test_cases_end };
}

}  // namespace guest
