# SPDX-License-Identifier: BSD-2-Clause
"""What the user sees of a build."""

import io
import unittest

import support  # noqa: F401  (the way to the package)

from pecan.build import Progress


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True


class Shown(unittest.TestCase):
    """Lines of ninja as they come out."""

    NOTHING = ("ninja: Entering directory `build'", "[0/2] Re-checking globbed directories...",
               "ninja: no work to do.")

    def shown(self, stream: io.StringIO, *lines: str) -> str:
        progress = Progress("building all", stream)
        for line in lines:
            progress.line(line)
        progress.close()
        return stream.getvalue()

    def test_nothing_to_do_is_silence(self) -> None:
        self.assertEqual(self.shown(io.StringIO(), *self.NOTHING), "")

    def test_in_a_file_every_step_is_a_line(self) -> None:
        self.assertEqual(self.shown(io.StringIO(), *self.NOTHING, "[1/2] a", "[2/2] b"),
                         "pecan: building all\n[1/2] a\n[2/2] b\n")

    def test_on_a_terminal_the_steps_share_a_line(self) -> None:
        self.assertEqual(self.shown(Terminal(), "[1/2] a", "[2/2] b"),
                         "pecan: building all\n\r\033[K[1/2] a\r\033[K[2/2] b\n")

    def test_an_error_on_a_terminal_starts_a_line_of_its_own(self) -> None:
        self.assertEqual(self.shown(Terminal(), "[1/2] a", "x.cpp:1: error: no"),
                         "pecan: building all\n\r\033[K[1/2] a\nx.cpp:1: error: no\n")


if __name__ == "__main__":
    unittest.main()
