// SPDX-License-Identifier: BSD-2-Clause
/// @file  How results are printed.
///
/// Context: pure; host tests in tests/host/guest.
#pragma once

#include <framework/line.hpp>

#include "options.hpp"
#include "statistics.hpp"

namespace bench {

using guest::Line;

struct Row {
    std::string_view benchmark;
    std::string_view name;
    std::string_view unit;
    Statistics statistics;
    unsigned batches;
};

/// "612" or "612.50".
[[nodiscard]] constexpr Line number (Hundredths figure)
{
    Line line;
    line.decimal (figure.whole ());
    if (figure.fraction () != 0)
        line.text (figure.fraction () < 10 ? ".0" : ".").decimal (figure.fraction ());
    return line;
}

[[nodiscard]] constexpr Line heading (Format format)
{
    if (format == Format::csv)
        return Line {}.text ("benchmark,case,unit,minimum,mode,batches");
    return Line {}.text ("case").tab (20).text ("unit").right ("minimum", 44).right ("mode", 56)
        .right ("batches", 66);
}

[[nodiscard]] constexpr Line row (Format format, Row const& r)
{
    if (format == Format::csv)
        return Line {}.text (r.benchmark).text (",").text (r.name).text (",").text (r.unit)
            .text (",").text (number (r.statistics.minimum).view ()).text (",")
            .text (number (r.statistics.mode).view ()).text (",").decimal (r.batches);
    return Line {}.text (r.name).tab (20).text (r.unit)
        .right (number (r.statistics.minimum).view (), 44)
        .right (number (r.statistics.mode).view (), 56)
        .right (Line {}.decimal (r.batches).view (), 66);
}

}  // namespace bench
