# SPDX-License-Identifier: BSD-2-Clause
"""Unit tests of tools/conformance_table.py. Run: python3 -m unittest discover tests/tools"""

import contextlib
import importlib.util
import io
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path (__file__).resolve ().parents[2]
specification = importlib.util.spec_from_file_location (
    "conformance_table", ROOT / "tools" / "conformance_table.py")
table = importlib.util.module_from_spec (specification)
sys.modules["conformance_table"] = table
specification.loader.exec_module (table)

ABI = """# Title
- **V2-101** The first sentence. A second one.
- **V2-102** [strict] Ends at 3 GB. More.
  - **V2-900** indented, not a statement
Text that cites V2-101.
"""
CASES = """// TEST_CASE ("OLD-001", "in a comment", "V2-101")
TEST_CASE ("IPC-001", "says (hello), // not a comment", "V2-101")
{ }
TEST_CASE ("IPC-002",
           "joins "
           "literals", "V2-101, V2-102")
{ }
"""
TAP = """pecan> TAP version 13
1..2\r
ok 1 - IPC-001 says (hello), // not a comment # V2-101\r
not ok 2 - IPC-002 joins literals # V2-101, V2-102\r
# ipc.cpp:3: CHECK (false)
"""


class ReadStatements (unittest.TestCase):
    def test_takes_id_profile_and_first_sentence (self):
        statements, errors = table.read_statements (ABI)
        self.assertEqual (errors, [])
        self.assertEqual ([(s.id, s.profiles, s.sentence) for s in statements],
                          [("V2-101", "", "The first sentence."),
                           ("V2-102", "[strict]", "Ends at 3 GB.")])

    def test_reports_an_id_defined_twice (self):
        _, errors = table.read_statements (ABI + "- **V2-101** Again.\n")
        self.assertEqual (errors, ["line 6: V2-101 is defined twice"])

    def test_the_projects_own_page_is_sound (self):
        statements, errors = table.read_statements ((ROOT / "docs" / "abi.md").read_text ())
        self.assertEqual (errors, [])
        known = { s.id for s in statements }
        self.assertEqual ([n for n in range (101, 261) if f"V2-{n}" not in known], [])


class ReadCases (unittest.TestCase):
    def test_takes_joined_literals_and_skips_comments (self):
        cases, errors = table.read_cases (CASES, "ipc.cpp")
        self.assertEqual (errors, [])
        self.assertEqual ([(c.id, c.sentence, c.statements, c.place) for c in cases],
                          [("IPC-001", "says (hello), // not a comment", ["V2-101"], "ipc.cpp:2"),
                           ("IPC-002", "joins literals", ["V2-101", "V2-102"], "ipc.cpp:4")])

    def test_reports_a_case_without_statements (self):
        for cited in ["", "soon", "V2-101 and more"]:
            _, errors = table.read_cases (f'TEST_CASE ("A-1", "s", "{cited}")', "a.cpp")
            self.assertEqual (errors, [f'a.cpp:1: A-1 cites "{cited}", not statements'])

    def test_reports_a_case_of_another_form (self):
        for arguments in ['"A-1", "s"', 'name, "s", "V2-101"']:
            cases, errors = table.read_cases (f"TEST_CASE ({arguments})", "a.cpp")
            self.assertEqual ((len (cases), len (errors)), (0, 1))


class ReadTap (unittest.TestCase):
    def test_takes_results_from_other_output (self):
        self.assertEqual (table.read_tap (TAP, "x").results,
                          { "IPC-001": "pass", "IPC-002": "FAIL" })

    def test_tells_skipped_from_passed (self):
        text = "ok 1 - A-1 does not SKIP # V2-101\nok 2 - A-2 s # V2-101 # SKIP no unit\n"
        self.assertEqual (table.read_tap (text, "x").results, { "A-1": "pass", "A-2": "skip" })

    def test_the_worst_of_several_results_counts (self):
        text = "not ok 1 - A-1 s # V2-101\nok 1 - A-1 s # V2-101\n"
        self.assertEqual (table.read_tap (text, "x").results, { "A-1": "FAIL" })


class Program (unittest.TestCase):
    def run_program (self, abi = ABI, cases = CASES, taps = (), *options, excused = ""):
        """Exit status, output and error output of the program on these inputs."""
        with tempfile.TemporaryDirectory () as name:
            directory = Path (name)
            (directory / "abi.md").write_text (abi)
            (directory / "testing.md").write_text (excused)
            (directory / "guest").mkdir ()
            (directory / "guest" / "ipc.cpp").write_text (cases)
            arguments = ["--abi", str (directory / "abi.md"),
                         "--tests", str (directory / "guest"),
                         "--testing", str (directory / "testing.md"), *options]
            for number, tap in enumerate (taps):
                path = directory / f"{number}.tap"
                path.write_text (tap)
                arguments += ["--tap", f"log{number}={path}"]
            output, errors = io.StringIO (), io.StringIO ()
            with contextlib.redirect_stdout (output), contextlib.redirect_stderr (errors):
                status = table.main (arguments)
            return status, output.getvalue (), errors.getvalue ()

    def test_joins_statements_cases_and_results (self):
        status, output, errors = self.run_program (ABI, CASES, [TAP], "--format", "markdown")
        self.assertEqual ((status, errors), (0, ""))
        self.assertIn ("| V2-101 | The first sentence. | IPC-001 | pass |", output)
        self.assertIn ("| V2-102 | [strict] Ends at 3 GB. | IPC-002 | FAIL |", output)
        self.assertIn ("2 statements: 2 covered by 2 cases, 0 not covered", output)
        self.assertIn ("log0: 1 pass, 0 skip, 1 FAIL, 0 none", output)

    def test_lists_uncovered_statements (self):
        cases = 'TEST_CASE ("IPC-001", "s", "V2-101")'
        status, output, _ = self.run_program (ABI, cases, [], "--rows", "uncovered",
                                              excused = "| V2-102 | why |\n")
        self.assertEqual (status, 0)
        self.assertIn ("V2-102", output)
        self.assertNotIn ("V2-101", output)
        self.assertIn ("2 statements: 1 covered by 1 cases, 1 not covered", output)

    def test_fails_on_an_unknown_statement (self):
        status, _, errors = self.run_program (cases = CASES + 'TEST_CASE ("A-1", "s", "V2-999")')
        self.assertEqual (status, 1)
        self.assertIn ("ipc.cpp:8: A-1 cites unknown V2-999", errors)

    def test_fails_on_a_repeated_case_id (self):
        status, _, errors = self.run_program (cases = CASES + CASES)
        self.assertEqual (status, 1)
        self.assertIn ("ipc.cpp:9: IPC-001 is already at ipc.cpp:2", errors)

    def test_fails_on_a_statement_defined_twice (self):
        self.assertEqual (self.run_program (abi = ABI + ABI)[0], 1)

    def test_fails_on_a_case_without_a_result (self):
        status, output, errors = self.run_program (ABI, CASES, [TAP, "ok 1 - IPC-001 s # V2-101"])
        self.assertEqual (status, 1)
        self.assertEqual (errors, "error: log1: no result of IPC-002\n")
        self.assertIn ("log1: 1 pass, 0 skip, 0 FAIL, 1 none", output)

    def test_fails_on_a_result_of_an_unknown_case (self):
        status, _, errors = self.run_program (ABI, CASES, [TAP + "ok 3 - GONE-1 s # V2-101\n"])
        self.assertEqual ((status, errors), (1, "error: log0: result of unknown case GONE-1\n"))

    def test_fails_on_a_statement_with_neither_case_nor_reason (self):
        cases = 'TEST_CASE ("IPC-001", "s", "V2-101")'
        status, _, errors = self.run_program (cases = cases, excused = "V2-102 is only mentioned")
        self.assertEqual ((status, errors),
                          (1, "error: V2-102 has neither a case nor a reason in testing.md\n"))

    def test_fails_on_a_reason_that_is_none_any_more (self):
        status, _, errors = self.run_program (excused = "| V2-101, V2-999 | why |")
        self.assertEqual ((status, errors), (1, "error: testing.md: V2-101 has a case\n"
                                                "error: testing.md: V2-999 is unknown\n"))

    def test_fails_on_a_missing_file (self):
        errors = io.StringIO ()
        with contextlib.redirect_stderr (errors):
            status = table.main (["--abi", "/nonexistent/abi.md"])
        self.assertEqual (status, 1)
        self.assertIn ("/nonexistent/abi.md", errors.getvalue ())


if __name__ == "__main__":
    unittest.main ()
