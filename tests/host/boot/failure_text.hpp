// SPDX-License-Identifier: BSD-2-Clause
/// @file  A Failure as the user sees it, to compare with.
#pragma once

#include <string>

#include <failure.hpp>

struct StringSink {
    std::string text;
    void put (char c) { text += c; }
};

[[nodiscard]] inline std::string text_of (boot::Failure const& failure)
{
    StringSink sink;
    if (failure)
        lib::print (sink, failure);
    return sink.text;
}
