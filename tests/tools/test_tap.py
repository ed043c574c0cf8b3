# SPDX-License-Identifier: BSD-2-Clause
"""TAP streams: what is believed and what is not."""

import unittest

import support  # noqa: F401  (the way to the package)

import fake_guest
from pecan import tap


class Parsing(unittest.TestCase):
    """Cases, numbers and comments."""

    def test_cases_are_counted_by_result(self) -> None:
        self.assertEqual(tap.parse(fake_guest.GOOD).count(), (2, 0, 1))
        self.assertEqual(tap.parse(fake_guest.BAD).count(), (1, 1, 1))

    def test_comments_belong_to_the_case_before_them(self) -> None:
        failed = tap.parse(fake_guest.BAD).cases[2]
        self.assertEqual(failed.details, ["# map.cpp:12: CHECK (a == b)"])
        self.assertEqual(failed.description, "MAP-001 a third # V2-120")

    def test_a_failed_case_is_failed_even_if_it_says_skip(self) -> None:
        self.assertEqual(tap.parse("not ok 1 - X-001 x # SKIP no").count(), (0, 1, 0))

    def test_other_output_is_left_out(self) -> None:
        result = tap.parse("root: task 9 ends\n" + fake_guest.GOOD)
        self.assertEqual(result.problems(0), [])


class Credibility(unittest.TestCase):
    """Each test breaks one thing that has to agree."""

    def problems(self, text: str, status: int = 0) -> str:
        return "; ".join(tap.parse(text).problems(status))

    def test_good_and_bad_streams_with_the_right_status_are_believed(self) -> None:
        self.assertEqual(self.problems(fake_guest.GOOD, 0), "")
        self.assertEqual(self.problems(fake_guest.BAD, 1), "")

    def test_a_stream_that_stops_is_not(self) -> None:
        self.assertIn("3 cases planned", self.problems(fake_guest.SHORT))
        self.assertIn("last line", self.problems(fake_guest.SHORT))

    def test_the_summary_must_be_the_very_last_line(self) -> None:
        self.assertIn("last line", self.problems(fake_guest.GOOD + "# but then\n"))

    def test_the_summary_must_agree_with_the_cases(self) -> None:
        self.assertIn("the cases say",
                      self.problems(fake_guest.GOOD.replace("2 passed", "3 passed")))

    def test_a_number_may_not_come_twice(self) -> None:
        self.assertIn("3 cases planned", self.problems(fake_guest.GOOD.replace("ok 3", "ok 2")))

    def test_plan_and_version_are_needed(self) -> None:
        self.assertIn("no plan", self.problems(fake_guest.GOOD.replace("1..3\n", "")))
        self.assertIn("version", self.problems(fake_guest.GOOD.replace("TAP version 13\n", "")))

    def test_the_status_must_be_the_number_of_failures(self) -> None:
        self.assertIn("status 0 after 1", self.problems(fake_guest.BAD, 0))
        self.assertIn("status 7 after 0", self.problems(fake_guest.GOOD, 7))

    def test_an_empty_run_is_no_success(self) -> None:
        self.assertIn("no case ran", self.problems(
            "TAP version 13\n1..0\n# 0 passed, 0 failed, 0 skipped\n"))

    def test_the_status_stops_counting_at_125(self) -> None:
        lines = "".join(f"not ok {n} - X-{n:03} x\n" for n in range(1, 201))
        text = f"TAP version 13\n1..200\n{lines}# 0 passed, 200 failed, 0 skipped\n"
        self.assertEqual(self.problems(text, 125), "")


if __name__ == "__main__":
    unittest.main()
