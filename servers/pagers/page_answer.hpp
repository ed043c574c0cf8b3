// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a memory server decides about a page that was asked for.
#pragma once

#include <l4/fpage.hpp>
#include <runtime/error.hpp>

namespace pagers {

struct PageAnswer {
    rt::Error error;
    l4::Word frame;             ///< number of the server's frame
    l4::Access access;

    [[nodiscard]] static PageAnswer no (rt::Error error)
    {
        return { error, 0, l4::Access::read_only };
    }
};

}  // namespace pagers
