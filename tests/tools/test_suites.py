# SPDX-License-Identifier: BSD-2-Clause
"""The suites and tools/test, with fake emulators."""

import contextlib
import io
import os
import sys
import unittest
from decimal import Decimal
from unittest import mock

import support

import fake_guest
from pecan import suites, test
from pecan.console import Answer
from pecan.ctest import Counts
from pecan.figures import BENCHMARKS, Figures, instructions
from pecan.machine import Machine
from pecan.suites import Context, Suite


class Guests(support.WithScratch):
    """Guest suites against the fake guest."""

    def setUp(self) -> None:
        super().setUp()
        self.program("qemu-system-i386", f"""\
            echo x >> {self.scratch}/boots
            export PECAN_FAKE_FIGURE=$((120 + ${{FAKE_STEP:-0}} * $(wc -l < {self.scratch}/boots)))
            exec {sys.executable} {support.FAKE_GUEST} ${{FAKE_BOOT:-normal}}""")
        results = self.scratch / "results"
        results.mkdir()
        self.context = Context(self.scratch, results)

    def outcome(self, suite: Suite, **more: str) -> Counts:
        with mock.patch.dict(os.environ, self.environment(**more)):
            return suite.run(self.context)

    def guest(self, report: str, image: str = "pentium", **more: str) -> Counts:
        suite = suites.guest_suite("guest", "", Machine(), image)
        return self.outcome(suite, FAKE_SUITE=report, **more)

    def test_a_good_run_counts_its_cases_and_keeps_its_output(self) -> None:
        self.assertEqual(self.guest("good"), Counts(2, 0, 1))
        self.assertIn("ok 1", (self.context.results / "guest.tap").read_text())
        self.assertIn("pecan> ", (self.context.results / "guest.log").read_text())

    def test_results_of_another_report_replace_those_of_the_same_cases(self) -> None:
        own = "ok 1 - A-001 one\nok 2 - B-001 two # SKIP no\n# 1 passed\n"
        other = "not ok 1 - B-001 two\nok 2 - C-001 three\n"
        self.assertEqual(suites.joined(own, other),
                         "ok 1 - A-001 one\nnot ok 2 - B-001 two\n# 1 passed\n")

    def test_a_failed_case_is_told_with_its_check(self) -> None:
        counts = self.guest("bad")
        self.assertEqual((counts.passed, counts.failed), (1, 1))
        self.assertIn("map.cpp:12", counts.reports[0])

    def test_a_run_that_stops_early_fails(self) -> None:
        counts = self.guest("short")
        self.assertGreater(counts.failed, 0)
        self.assertIn("planned", "".join(counts.reports))

    def test_a_run_of_another_image_than_meant_fails(self) -> None:
        counts = self.guest("good", image="i486")
        self.assertEqual((counts.passed, counts.failed), (0, 1))
        self.assertIn("not the image i486", counts.reports[0])

    def test_a_guest_that_never_boots_fails_with_its_last_output(self) -> None:
        counts = self.guest("good", FAKE_BOOT="error")
        self.assertEqual((counts.passed, counts.failed), (0, 1))
        self.assertIn("module sigma0 is missing", counts.reports[0])

    def test_equal_figures_pass(self) -> None:
        counts = self.outcome(suites.bench_suite("bench", "", Machine(), 2))
        self.assertEqual((counts.passed, counts.failed), (2 * len(BENCHMARKS), 0))

    def test_figures_that_differ_between_runs_fail(self) -> None:
        counts = self.outcome(suites.bench_suite("bench", "", Machine(), 2), FAKE_STEP="1")
        self.assertEqual((counts.passed, counts.failed), (len(BENCHMARKS), len(BENCHMARKS)))
        self.assertIn("differ", counts.reports[0])

    def test_figures_are_held_against_the_ceilings_of_their_image(self) -> None:
        def ceiling(same_space: str) -> Figures:
            report = fake_guest.CSV.format(figure=120)
            found = {}
            for benchmark in BENCHMARKS:
                found.update(instructions(Answer(report, 0), "i486", benchmark)[0])
            return {**found, ("i486", "ipc", "same-space"): Decimal(same_space)}

        suite = suites.bench_suite("bench", "", Machine(), 1, image="i486")
        for same_space, failed in (("292.50", 0), ("292.49", 1)):
            with mock.patch.object(suites, "read_ceilings", lambda: ceiling(same_space)):
                counts = self.outcome(suite)
            self.assertEqual((counts.passed, counts.failed), (len(BENCHMARKS) + 1 - failed, failed))
        self.assertIn("i486 ipc same-space: 292.50 instructions, the ceiling is 292.49",
                      counts.reports[0])


class Figures(unittest.TestCase):
    """What a bench report must hold."""

    def wrong(self, text: str, status: int = 0) -> str:
        return "; ".join(suites.figures(Answer(text, status), "ipc")[1])

    def test_a_complete_report_is_right(self) -> None:
        self.assertEqual(self.wrong(fake_guest.CSV.format(figure=120)), "")

    def test_a_missing_case_is_wrong(self) -> None:
        self.assertIn("no row for different-spaces",
                      self.wrong(fake_guest.CSV.split("ipc,different")[0]))

    def test_figures_must_be_positive_numbers(self) -> None:
        self.assertIn("no positive number", self.wrong(fake_guest.CSV.format(figure=0)))
        self.assertIn("no positive number", self.wrong(fake_guest.CSV.format(figure="")))

    def test_columns_and_status_must_be_right(self) -> None:
        self.assertIn("columns", self.wrong("nothing"))
        self.assertIn("status 3", self.wrong(fake_guest.CSV.format(figure=120), 3))


class Spans(unittest.TestCase):
    """What the table of a latency image must hold."""

    TABLE = """\
entry,longest,spans,from,to
page-fault,400,1,00000000,00010000
clock-tick,500,1,00000000,00010000
ipc,{ipc},9,00000000,00010000
start-up,180000,1,00000000,00000000
"""

    def wrong(self, text: str, status: int = 0) -> str:
        return "; ".join(suites.long_spans(Answer(text, status)))

    def test_short_spans_are_right_and_start_up_is_exempt(self) -> None:
        self.assertEqual(self.wrong(self.TABLE.format(ipc=1000)), "")

    def test_a_long_span_is_wrong(self) -> None:
        self.assertIn("ipc: 1001", self.wrong(self.TABLE.format(ipc=1001)))

    def test_a_missing_row_or_table_is_wrong(self) -> None:
        self.assertIn("no spans of ipc", self.wrong(self.TABLE.split("ipc,")[0]))
        self.assertIn("no table", self.wrong("bench: cannot be started", 126))


class Command(support.WithScratch):
    """tools/test itself."""

    def run_it(self, *arguments: str, with_suites: list[Suite] | None = None) -> tuple[int, str]:
        out = io.StringIO()
        with (mock.patch.object(test, "all_suites", lambda: with_suites or suites.all_suites()),
              mock.patch.object(test, "prepare"),
              contextlib.redirect_stdout(out), contextlib.redirect_stderr(out)):
            try:
                status = test.main(["--build-dir", str(self.scratch), *arguments])
            except SystemExit as exit_:
                status = exit_.code
        return status, out.getvalue()

    def suite(self, name: str, outcome: Counts | Exception) -> Suite:
        return Suite(name, "", mock.Mock(side_effect=[outcome]))

    def test_the_last_line_is_the_summary_and_nothing_else(self) -> None:
        status, out = self.run_it(with_suites=[self.suite("a", Counts(3)),
                                               self.suite("b", Counts(4, 0, 2))])
        self.assertEqual((status, out.splitlines()[-1]), (0, "7 passed, 0 failed"))

    def test_one_failed_case_fails_the_command(self) -> None:
        status, out = self.run_it(with_suites=[
            self.suite("a", Counts(3)), self.suite("b", Counts(1, 1, 0, ["what went wrong"]))])
        self.assertEqual((status, out.splitlines()[-1]), (1, "4 passed, 1 failed"))
        self.assertIn("what went wrong", out)

    def test_a_suite_that_breaks_is_a_failed_case_and_the_others_run(self) -> None:
        status, out = self.run_it(with_suites=[self.suite("a", OSError("no emulator")),
                                               self.suite("b", Counts(2))])
        self.assertEqual((status, out.splitlines()[-1]), (1, "2 passed, 1 failed"))

    def test_no_case_at_all_is_no_success(self) -> None:
        self.assertEqual(self.run_it(with_suites=[self.suite("a", Counts())])[0], 1)

    def test_only_picks_by_name_and_pattern(self) -> None:
        chosen = [self.suite("guest-486", Counts(1)), self.suite("guest-x", Counts(1)),
                  self.suite("host", Counts(1))]
        out = self.run_it("--only", "guest-*", with_suites=chosen)[1]
        self.assertEqual(out.splitlines()[-1], "2 passed, 0 failed")
        chosen[2].run.assert_not_called()

    def test_wrong_options_are_2(self) -> None:
        for wrong in (["--nonsense"], ["--only", "nonsense"]):
            status, out = self.run_it(*wrong)
            self.assertEqual(status, 2)
            self.assertIn("usage: tools/test", out)

    def test_what_a_suite_left_last_time_is_forgotten(self) -> None:
        results = self.scratch / "results"
        results.mkdir()
        for name in ("guest-486.tap", "other.xml"):
            (results / name).write_text("old")
        self.run_it(with_suites=[self.suite("guest-486", Counts(1))])
        self.assertEqual([path.name for path in results.iterdir()], ["other.xml"])

    def test_results_that_fit_no_case_fail_the_table(self) -> None:
        def conform(context: Context) -> Counts:
            (context.results / "guest.tap").write_text(fake_guest.GOOD)
            return Counts(2)

        status, out = self.run_it(with_suites=[Suite("guest", "", conform)])
        self.assertEqual((status, out.splitlines()[-1]), (1, "2 passed, 1 failed"))
        self.assertIn("do not fit together", out)

    def test_the_list_names_every_suite_once(self) -> None:
        status, out = self.run_it("--list")
        names = [line.split()[0] for line in out.splitlines()]
        self.assertEqual(status, 0)
        self.assertEqual(len(names), len(set(names)))
        self.assertIn("guest-486", names)


if __name__ == "__main__":
    unittest.main()
