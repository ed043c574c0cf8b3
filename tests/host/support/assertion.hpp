// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a failed ASSERT or CHECK becomes on the host.
///
/// Example: `EXPECT_THROW (queue.remove (stranger), AssertionFailed)`.
#pragma once

#include <stdexcept>

class AssertionFailed : public std::logic_error {
public:
    using std::logic_error::logic_error;
};
