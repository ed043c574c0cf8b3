// SPDX-License-Identifier: BSD-2-Clause
/// @file  Why the system cannot be started, in the parts of one line.
///
/// Printed as `about: text other at range`; what is empty is left out. Functions that may fail
/// return one; an empty one means success.
///
/// Example: { "root", "overlaps", "sigma0", { 0x1C0000, 0x1C2000 } } prints
/// "root: overlaps sigma0 at 001C0000-001C2000".
#pragma once

#include <string_view>

#include <lib/format.hpp>

#include "range.hpp"

namespace boot {

struct [[nodiscard]] Failure {
    std::string_view about {};
    char const* text { nullptr };
    std::string_view other {};
    Range at {};

    [[nodiscard]] explicit constexpr operator bool () const { return text != nullptr; }
};

constexpr Failure success {};

/// Found by lib::print through its namespace argument.
template <lib::Sink S>
void print_one (S& sink, Range r)
{
    lib::print (sink, lib::hex (r.begin, 8), '-', lib::hex (r.end, 8));
}

template <lib::Sink S>
void print_one (S& sink, Failure const& failure)
{
    if (!failure.about.empty ())
        lib::print (sink, failure.about, ": ");
    lib::print (sink, failure.text);
    if (!failure.other.empty ())
        lib::print (sink, ' ', failure.other);
    if (!failure.at.is_empty ())
        lib::print (sink, " at ", failure.at);
}

}  // namespace boot
