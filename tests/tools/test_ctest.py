# SPDX-License-Identifier: BSD-2-Clause
"""Counting the cases inside the tests of ctest."""

import unittest

import support

import fake_guest
from pecan import ctest
from pecan.ctest import Counts

GTEST = """\
[==========] Running 3 tests from 1 test suite.
[ RUN      ] Fpage.Meets
[       OK ] Fpage.Meets (0 ms)
[ RUN      ] Fpage.Contains
fpage_test.cpp:12: Failure
[  FAILED  ] Fpage.Contains (1 ms)
[ RUN      ] Fpage.Big
[  SKIPPED ] Fpage.Big (0 ms)
[  PASSED  ] 1 test.
[  FAILED  ] 1 test, listed below:
[  FAILED  ] Fpage.Contains
"""

JUNIT = """<?xml version="1.0"?>
<testsuite name="x" tests="4">
<testcase name="fine" status="run"><system-out>hello</system-out></testcase>
<testcase name="gone" status="notrun"><system-out></system-out></testcase>
<testcase name="off" status="disabled"></testcase>
<testcase name="crash" status="fail"><failure message=""/><system-out>Segmentation</system-out>
</testcase></testsuite>
"""


class Counting(support.WithScratch):
    """Programs report in different ways."""

    def counted(self, passed: bool, output: str) -> tuple[int, int, int]:
        counts = ctest.count_cases("x", passed, output)
        return counts.passed, counts.failed, counts.skipped

    def test_googletest(self) -> None:
        self.assertEqual(self.counted(False, GTEST), (1, 1, 1))

    def test_unittest(self) -> None:
        good = "...\nRan 12 tests in 0.345s\n\nOK\n"
        bad = "..\nRan 12 tests in 0.345s\n\nFAILED (failures=1, errors=2, skipped=3)\n"
        self.assertEqual(self.counted(True, good), (12, 0, 0))
        self.assertEqual(self.counted(False, bad), (6, 3, 3))

    def test_tap(self) -> None:
        self.assertEqual(self.counted(False, fake_guest.BAD), (1, 1, 1))

    def test_a_plain_program_is_one_case(self) -> None:
        self.assertEqual(self.counted(True, "fine"), (1, 0, 0))
        self.assertEqual(self.counted(False, "no"), (0, 1, 0))

    def test_a_crash_after_good_cases_is_a_failed_case(self) -> None:
        crashed = GTEST.split("[ RUN      ] Fpage.Contains")[0] + "Segmentation fault"
        self.assertEqual(self.counted(False, crashed), (1, 1, 0))

    def test_the_report_of_ctest(self) -> None:
        path = self.scratch / "report.xml"
        path.write_text(JUNIT)
        counts = ctest.read_report(path)
        self.assertEqual((counts.passed, counts.failed), (1, 2))
        self.assertIn("Segmentation", "".join(counts.reports))


class Running(support.WithScratch):
    """The real ctest on a tiny tree."""

    def tree(self, *tests: str) -> None:
        text = "".join(f'add_test(t{number} "{support.sys.executable}" "-c" "{code}")\n'
                       f'set_tests_properties(t{number} PROPERTIES LABELS "mine")\n'
                       for number, code in enumerate(tests))
        (self.scratch / "CTestTestfile.cmake").write_text(text)

    def run_it(self, label: str = "mine") -> Counts:
        return ctest.run(self.scratch, self.scratch / "out.xml", "-L", f"^{label}$")

    def test_a_program_that_fails_is_told_with_its_output(self) -> None:
        self.tree("print(1)", "print('why' * 2); raise SystemExit(1)")
        counts = self.run_it()
        self.assertEqual((counts.passed, counts.failed), (1, 1))
        self.assertIn("whywhy", counts.reports[0])

    def test_long_output_of_a_passed_test_is_read_to_its_end(self) -> None:
        self.tree("print('.' * 20000); print('Ran 7 tests in 0.1s'); print(); print('OK')")
        self.assertEqual(self.run_it().passed, 7)

    def test_no_tests_are_no_cases(self) -> None:
        self.tree("print(1)")
        self.assertEqual(self.run_it("other"), Counts())


if __name__ == "__main__":
    unittest.main()
