# SPDX-License-Identifier: BSD-2-Clause
"""The shell cases: how their files are read, and how they are judged."""

import unittest

import support  # noqa: F401: the way to the package

from pecan import shell_cases, unix_suites

TEXT = """\
# SPDX
# About.
# shells: ash

## first
echo a
## second: no clock

echo b

echo c

"""


class Cases(support.WithScratch):
    """A directory with one group."""

    def setUp(self) -> None:
        super().setUp()
        (self.scratch / "group.sh").write_text(TEXT)

    def test_a_group_is_taken_apart(self) -> None:
        first, second = shell_cases.cases("ash", self.scratch)
        self.assertEqual((first.name, first.script, first.pending), ("group-first", "echo a\n", ""))
        self.assertEqual((second.name, second.script, second.pending),
                         ("group-second", "echo b\n\necho c\n", "no clock"))

    def test_a_group_is_for_the_shells_that_it_names(self) -> None:
        self.assertEqual(shell_cases.cases("lksh", self.scratch), [])

    def test_every_case_has_a_name_of_its_own_and_a_script(self) -> None:
        for shell in ("lksh", "ash"):
            cases = shell_cases.cases(shell)
            self.assertGreater(len(cases), 80)
            self.assertEqual(len({case.name for case in cases}), len(cases))
            self.assertTrue(all(case.script.strip() for case in cases))

    def test_only_the_same_bytes_are_good(self) -> None:
        case = shell_cases.Case("x", "echo a\n", ())

        def passes(text: str, status: int = 0) -> bool:
            return unix_suites.verdict("suite", case, "a\n[0]\n", text, status).passed == 1

        self.assertTrue(passes("a\n[0]\n"))
        self.assertTrue(passes("a\nunix: process 3: signal 11 at 00000000\n[0]\n"))
        self.assertFalse(passes("a \n[0]\n"))
        self.assertFalse(passes("a\n[1]\n"))
        self.assertFalse(passes("a\n[0]\n", status=1))
        self.assertFalse(passes(""))


if __name__ == "__main__":
    unittest.main()
