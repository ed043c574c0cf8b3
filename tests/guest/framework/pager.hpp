// SPDX-License-Identifier: BSD-2-Clause
/// @file  The pager of the partner tasks.
///
/// Below 4 MB it maps the test program's own pages at the same addresses. Above lies nothing that
/// the pager would know: there the cases put their windows. A fault in that region is noted and
/// answered with a spare page, so that the partner goes on and the case sees that it faulted; or
/// with nothing, or with a message without a page, if the case asks for that.
#pragma once

#include "check.hpp"

namespace guest {

/// Where windows of cases lie: from here up to 3 GB.
constexpr Address window_region = 0x20000000;

enum class WindowFaults {
    map_spare_page,
    plain_answer,       ///< words 0, 0: the partner faults again
    silence,            ///< the partner stays in its fault
};

struct Fault {
    l4::ThreadId thread;
    Word w0;
    Word w1;
};

/// Start it, or start it again. For the runner.
void start_pager ();

[[nodiscard]] l4::ThreadId pager_id ();

/// Ends with the case: the runner goes back to map_spare_page and forgets the faults noted.
void answer_window_faults (WindowFaults answer);
void reset_pager ();

/// Faults in the window region since the case began; the newest 16 are kept.
[[nodiscard]] unsigned window_faults ();
[[nodiscard]] Fault window_fault (unsigned n);

/// First word of the spare page.
constexpr Word spare_page_mark = 0x5BA9E5BA;

}  // namespace guest
