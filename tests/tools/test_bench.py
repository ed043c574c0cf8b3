# SPDX-License-Identifier: BSD-2-Clause
"""tools/bench: figures, ceilings, clocks and the ledger, with a fake emulator."""

import contextlib
import io
import os
import sys
import unittest
from decimal import Decimal
from pathlib import Path
from unittest import mock

import support

from pecan import bench, clocks, figures
from pecan.build import BuildError

REPORT = """cyclemodel: clocks per interval
path                 P5  n=2558    min      0  median    179  mean      91.3  max     203
    most frequent: 0 (50%) 186 (25%) 179 (25%) 203 (0%)
path                 486 n=2558    min      0  median    215  mean     108.6  max     225
    most frequent: 0 (50%) 166 (48%) 225 (1%) 4 (1%)
"""


class Ceilings(support.WithScratch):
    """Figures against ceilings."""

    KEY = ("i486", "ipc", "same-space")

    def problems(self, measured: dict, ceilings: dict) -> list[str]:
        return figures.regressions(measured, ceilings, [("i486", "ipc")])

    def test_one_hundredth_more_is_a_regression_and_less_is_none(self) -> None:
        ceilings = {self.KEY: Decimal("47.50")}
        self.assertEqual(self.problems({self.KEY: Decimal("47.5")}, ceilings), [])
        self.assertEqual(self.problems({self.KEY: Decimal("9.99")}, ceilings), [])
        self.assertEqual(len(self.problems({self.KEY: Decimal("47.51")}, ceilings)), 1)

    def test_a_case_without_ceiling_and_a_ceiling_without_case_are_regressions(self) -> None:
        self.assertIn("no ceiling", self.problems({self.KEY: Decimal(1)}, {})[0])
        self.assertIn("no figure", self.problems({}, {self.KEY: Decimal(1)})[0])

    def test_a_benchmark_that_did_not_run_is_not_missed(self) -> None:
        self.assertEqual(self.problems({}, {("i486", "irq", "same-space"): Decimal(1)}), [])
        self.assertEqual(self.problems({}, {("pentium", "ipc", "same-space"): Decimal(1)}), [])

    def test_they_come_back_from_their_file_as_they_were(self) -> None:
        path = self.scratch / "ceilings.csv"
        ceilings = {self.KEY: Decimal("47"), ("pentium", "map", "call"): Decimal("135.87")}
        figures.write_ceilings(ceilings, path)
        self.assertEqual(figures.read_ceilings(path), ceilings)

    def test_the_checked_in_ones_cover_every_required_case_of_both_images(self) -> None:
        keys = figures.read_ceilings().keys()
        for image in figures.PROCESSORS:
            for benchmark, cases in figures.BENCHMARKS.items():
                for case in cases:
                    self.assertIn((image, benchmark, case), keys)


class Clocks(unittest.TestCase):
    """What is taken from the report of a cycle plugin."""

    def test_two_directions_are_a_range_and_empty_turns_are_left_out(self) -> None:
        self.assertEqual(clocks.clocks(REPORT, "pentium", "ipc", "same-space"), "179..186")

    def test_a_rare_second_value_is_left_out(self) -> None:
        self.assertEqual(clocks.clocks(REPORT, "i486", "ipc", "same-space"), "166")

    def test_unmap_is_per_page(self) -> None:
        self.assertEqual(clocks.clocks(REPORT, "i486", "unmap", "fan-out-10"), "17")
        self.assertEqual(clocks.clocks(REPORT, "pentium", "unmap", "pages-64"), "3")

    def test_a_report_without_the_region_is_an_error(self) -> None:
        with self.assertRaises(BuildError):
            clocks.clocks("cyclemodel: nothing\n", "i486", "ipc", "same-space")

    def test_loops_are_measured_from_turn_to_turn(self) -> None:
        self.assertIn("pair=m3:m3:", clocks.plugin(Path("/p.so"), "tlb", Path("/r")))
        self.assertIn("pair=m1:m2:", clocks.plugin(Path("/p.so"), "ipc", Path("/r")))

    def test_caches_are_empty_on_request(self) -> None:
        self.assertNotIn("cold", clocks.plugin(Path("/p.so"), "ipc", Path("/r")))
        self.assertIn(",cold=both", clocks.plugin(Path("/p.so"), "ipc", Path("/r"), True))


class Command(support.WithScratch):
    """tools/bench itself."""

    def setUp(self) -> None:
        super().setUp()
        self.program("qemu-system-i386", f"""\
            case "$*" in *-plugin*)
                file=$(echo "$*" | tr ' ' '\\n' | sed -n 's/.*out=\\([^,]*\\).*/\\1/p')
                cat {self.scratch}/report > "$file" ;;
            esac
            exec {sys.executable} {support.FAKE_GUEST} normal""")
        (self.scratch / "report").write_text(REPORT)
        self.ceilings = self.scratch / "ceilings.csv"
        figures.write_ceilings({}, self.ceilings)
        self.ledger = self.scratch / "ledger.md"

    def run_it(self, *arguments: str, **more: str) -> tuple[int, str]:
        out = io.StringIO()
        with (mock.patch.object(bench, "need_packages"), mock.patch.object(bench, "build"),
              mock.patch.object(bench, "read_ceilings",
                                lambda: figures.read_ceilings(self.ceilings)),
              mock.patch.object(bench, "write_ceilings",
                                lambda new: figures.write_ceilings(new, self.ceilings)),
              mock.patch.object(bench.ledger, "LEDGER", self.ledger),
              mock.patch.dict(os.environ, self.environment(**more)),
              contextlib.redirect_stdout(out), contextlib.redirect_stderr(out)):
            try:
                status = bench.main(["--build-dir", str(self.scratch), "--only", "ipc",
                                     *arguments])
            except SystemExit as exit_:
                status = exit_.code
        return status, out.getvalue()

    def test_accepted_figures_pass_and_one_more_fails_and_is_named(self) -> None:
        self.assertEqual(self.run_it("--accept", PECAN_FAKE_FIGURE="120")[0], 0)
        self.assertEqual(self.run_it(PECAN_FAKE_FIGURE="120")[0], 0)
        status, out = self.run_it(PECAN_FAKE_FIGURE="121")
        self.assertEqual(status, 1)
        self.assertIn("regression: i486 ipc different-spaces: 121 instructions, the ceiling is 120",
                      out)
        self.assertIn("regression: pentium ipc different-spaces", out)

    def test_better_figures_pass_and_say_so(self) -> None:
        self.run_it("--accept", PECAN_FAKE_FIGURE="120")
        status, out = self.run_it(PECAN_FAKE_FIGURE="119")
        self.assertEqual(status, 0)
        self.assertIn("(-1)", out)
        self.assertIn("below their ceilings", out)

    def test_accepting_one_image_keeps_the_ceilings_of_the_other(self) -> None:
        self.run_it("--accept", PECAN_FAKE_FIGURE="120")
        self.run_it("--accept", "--image", "i486", PECAN_FAKE_FIGURE="130")
        kept = figures.read_ceilings(self.ceilings)
        self.assertEqual(kept["i486", "ipc", "different-spaces"], 130)
        self.assertEqual(kept["pentium", "ipc", "different-spaces"], 120)

    def test_without_ceilings_it_fails(self) -> None:
        self.assertEqual(self.run_it()[0], 1)

    def test_a_wrong_report_fails_even_if_it_is_to_be_accepted(self) -> None:
        status, out = self.run_it("--accept", PECAN_FAKE_FIGURE="0")
        self.assertEqual(status, 1)
        self.assertIn("no positive number", out)
        self.assertEqual(figures.read_ceilings(self.ceilings), {})

    def test_figures_and_clocks_are_recorded_on_request_alone(self) -> None:
        self.run_it("--accept")
        self.assertFalse(self.ledger.exists())
        plugin = self.program("model.so", "")
        status, out = self.run_it("--record", "--image", "pentium", "--cycle-plugin", str(plugin))
        self.assertEqual(status, 0, out)
        self.assertIn("| pentium | ipc same-space | 292.50 | 179..186 |", self.ledger.read_text())

    def test_wrong_options_are_2(self) -> None:
        self.assertEqual(self.run_it("--cycle-plugin", "/nowhere")[0], 2)

    def test_cold_clocks_need_a_plugin_and_are_not_recorded(self) -> None:
        self.assertEqual(self.run_it("--cold")[0], 2)
        plugin = str(Path(__file__))
        self.assertEqual(self.run_it("--cold", "--record", "--cycle-plugin", plugin)[0], 2)
        self.assertEqual(self.run_it("--only", "nonsense")[0], 2)


if __name__ == "__main__":
    unittest.main()
