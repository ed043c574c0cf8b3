// SPDX-License-Identifier: BSD-2-Clause
/// @file  The lines of a TAP version 13 report.
///
///     TAP version 13
///     1..2
///     ok 1 - IPC-001 a waiting thread gets the words # V2-113
///     not ok 2 - IPC-002 a call waits for its partner only # V2-114
///     # ipc.cpp:31: CHECK_EQUAL (reply.w0, 7): 0x00000008, 0x00000007
///     # 1 passed, 1 failed, 0 skipped
///
/// The statement ids stand behind the sentence, so that a script can join docs/abi.md, the suite
/// and a result without a second list. A skipped case ends in `# SKIP reason`.
///
/// Context: pure; host tests in tests/host/guest.
#pragma once

#include "line.hpp"

namespace guest {

enum class Outcome { passed, failed, skipped };

/// A value as a failure shows it: one word, or two for ids and times.
struct Value {
    std::uint32_t low { 0 };
    std::uint32_t high { 0 };
    bool wide { false };

    friend constexpr bool operator== (Value a, Value b)
    {
        return a.low == b.low && a.high == b.high;
    }
};

/// Where a check stands in the source.
struct Place {
    char const* file;
    unsigned line;
    char const* macro;
    char const* expression;
};

struct Failure {
    Place place {};
    bool has_values { false };
    Value actual {};
    Value expected {};
};

struct CaseName {
    std::string_view id;
    std::string_view sentence;
    std::string_view statements;
};

struct Totals {
    unsigned passed { 0 };
    unsigned failed { 0 };
    unsigned skipped { 0 };

    constexpr void add (Outcome outcome)
    {
        if (outcome == Outcome::passed)
            ++passed;
        else if (outcome == Outcome::failed)
            ++failed;
        else
            ++skipped;
    }
};

namespace tap {

constexpr std::string_view version = "TAP version 13";

[[nodiscard]] constexpr Line plan (unsigned cases)
{
    return Line {}.text ("1..").decimal (cases);
}

[[nodiscard]] constexpr Line result (unsigned number, CaseName name, Outcome outcome,
                                     std::string_view reason = {})
{
    Line line;
    line.text (outcome == Outcome::failed ? "not ok " : "ok ").decimal (number);
    line.text (" - ").text (name.id).text (" ").text (name.sentence);
    if (!name.statements.empty ())
        line.text (" # ").text (name.statements);
    if (outcome == Outcome::skipped)
        line.text (" # SKIP ").text (reason);
    return line;
}

constexpr void append (Line& line, Value value)
{
    if (value.wide)
        line.hex (value.high).text (":");
    line.hex (value.low);
}

[[nodiscard]] constexpr Line diagnostic (Failure const& failure)
{
    Line line;
    line.text ("# ").text (failure.place.file).text (":").decimal (failure.place.line).text (": ");
    line.text (failure.place.macro).text (" (").text (failure.place.expression).text (")");
    if (failure.has_values) {
        line.text (": ");
        append (line, failure.actual);
        line.text (", ");
        append (line, failure.expected);
    }
    return line;
}

[[nodiscard]] constexpr Line summary (Totals totals)
{
    Line line;
    line.text ("# ").decimal (totals.passed).text (" passed, ");
    line.decimal (totals.failed).text (" failed, ");
    line.decimal (totals.skipped).text (" skipped");
    return line;
}

/// Exit status of the suite: the number of failures, as far as a status can say it.
[[nodiscard]] constexpr int exit_status (Totals totals)
{
    return totals.failed > 125 ? 125 : static_cast<int> (totals.failed);
}

}  // namespace tap
}  // namespace guest
