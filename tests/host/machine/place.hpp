// SPDX-License-Identifier: BSD-2-Clause
/// @file  Where a task lives, on the host: a word of the thread control block that nobody reads.
#pragma once

#include <l4/word.hpp>

namespace machine {

using l4::Address;
using l4::Word;

class Place {
    [[maybe_unused]] Word raw_ { 0 };
};

}  // namespace machine
