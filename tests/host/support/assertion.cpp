// SPDX-License-Identifier: BSD-2-Clause
#include <support/assertion.hpp>

#include <lib/assert.hpp>

#include <string>

void lib::assertion_failed (char const* expression, char const* file, int line)
{
    throw AssertionFailed { std::string { file } + ":" + std::to_string (line) + ": "
                            + expression };
}
