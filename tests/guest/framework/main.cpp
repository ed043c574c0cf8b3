// SPDX-License-Identifier: BSD-2-Clause
/// @file  The conformance program: `test [pattern] [--times N] [--seed N]` at the console.
///
/// The first thread supervises: it starts every case in thread 1 and waits for its end, but only
/// for a limited time. So a case that hangs fails, and the suite goes on. Nothing but the
/// supervisor prints, and only between cases.
#include <runtime/info_page.hpp>
#include <runtime/main.hpp>
#include <runtime/print.hpp>
#include <runtime/thread.hpp>

#include "case_record.hpp"
#include "memory.hpp"
#include "pager.hpp"
#include "partner.hpp"
#include "partner_task.hpp"
#include "pattern.hpp"
#include "probes.hpp"
#include "selection.hpp"
#include "suite.hpp"
#include "task_numbers.hpp"
#include "threads.hpp"
#include "time.hpp"

namespace guest {

constinit Selection selection {};

namespace {

/// Of a case as it is; one that is made longer has so much longer.
constexpr unsigned case_limit_milliseconds = 15000;
constexpr Word case_ended = 0x454E4421;

constinit rt::Stack<16384> case_stack {};

void print_line (std::string_view line)
{
    rt::print (line, "\n");
}

void run_case (void* test_case)
{
    static_cast<TestCase const*> (test_case)->run ();
    end_case ();
}

/// Run `test_case` in its own thread until it says that it has ended.
void supervise (TestCase const& test_case)
{
    case_record.clear ();
    reset_pages ();
    reset_pager ();
    start_at (thread_number::test_case, static_cast<Word*> (case_stack.top ()), run_case,
              const_cast<TestCase*> (&test_case), l4::root_id);
    l4::ThreadId const thread = rt::info_page ().own.with_lthread (thread_number::test_case);
    auto const end = rt::receive (thread, within (case_limit_milliseconds * selection.times));
    check (end.dope.ok () && end.w0 == case_ended,
           GUEST_PLACE ("supervisor", "the case ends in time"));
}

void clean_up ()
{
    park_fresh_threads ();
    park_local_partners ();
    end_partner_tasks ();
    return_task_numbers ();
    if (windows_are_used_up () && delete_partner_tasks ())
        reset_windows ();
}

void report (unsigned number, TestCase const& test_case)
{
    print_line (tap::result (number, test_case.name, case_record.outcome (),
                             case_record.skip_reason ()).view ());
    for (unsigned i = 0; i < case_record.kept (); ++i)
        print_line (tap::diagnostic (case_record.failure (i)).view ());
}

[[nodiscard]] unsigned count_selected (std::string_view pattern)
{
    unsigned count = 0;
    for (TestCase const* test_case : all_cases ())
        if (matches (test_case->name.id, pattern))
            ++count;
    return count;
}

/// Two cases with one id would make a report ambiguous.
[[nodiscard]] bool ids_are_unique ()
{
    Suite const cases = all_cases ();
    for (std::size_t i = 0; i < cases.size (); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (cases[i]->name.id == cases[j]->name.id) {
                rt::print ("Bail out! two cases have the id ", cases[i]->name.id, "\n");
                return false;
            }
    return true;
}

Totals run_selected (std::string_view pattern)
{
    touch_image ();
    start_pager ();
    print_line (tap::version);
    print_line (tap::plan (count_selected (pattern)).view ());
    Totals totals;
    unsigned number = 0;
    for (TestCase const* test_case : all_cases ()) {
        if (!matches (test_case->name.id, pattern))
            continue;
        supervise (*test_case);
        clean_up ();
        totals.add (case_record.outcome ());
        report (++number, *test_case);
    }
    return totals;
}

}  // namespace

void end_case ()
{
    rt::send (rt::info_page ().own, { case_ended, 0 });
    rt::sleep_forever ();
}

}  // namespace guest

int main (std::string_view arguments)
{
    using namespace guest;
    selection = parse_selection (arguments);
    if (!selection.valid || count_selected (selection.pattern) == 0) {
        rt::print ("usage: test ", selection_usage, "\n");
        return 2;
    }
    if (!ids_are_unique ())
        return 125;
    Totals const totals = run_selected (selection.pattern);
    print_line (tap::summary (totals).view ());
    return tap::exit_status (totals);
}
