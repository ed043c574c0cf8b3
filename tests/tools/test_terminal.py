# SPDX-License-Identifier: BSD-2-Clause
"""The keys that leave, and a whole interactive session on a pseudo-terminal."""

import os
import pty
import sys
import time
import unittest

import support

from pecan.terminal import EscapeFilter

SESSION = """\
import sys
from pecan import qemu, terminal
from pecan.machine import start_on_pipes
with start_on_pipes([sys.executable, {guest!r}], qemu.explain) as machine:
    print(terminal.connect(machine).reason)
"""


class Escape(unittest.TestCase):
    """Ctrl-A as QEMU has it."""

    def test_control_a_x_leaves_and_keeps_what_came_before(self) -> None:
        keys = EscapeFilter()
        self.assertEqual(keys(b"hi\x01xrest"), b"hi")
        self.assertTrue(keys.leave)

    def test_the_two_keys_may_come_apart(self) -> None:
        keys = EscapeFilter()
        self.assertEqual(keys(b"\x01") + keys(b"X"), b"")
        self.assertTrue(keys.leave)

    def test_control_a_twice_is_one_for_the_guest(self) -> None:
        keys = EscapeFilter()
        self.assertEqual(keys(b"a\x01\x01b"), b"a\x01b")
        self.assertFalse(keys.leave)

    def test_other_keys_after_control_a_are_swallowed(self) -> None:
        keys = EscapeFilter()
        self.assertEqual(keys(b"\x01qx"), b"x")
        self.assertFalse(keys.leave)


class Session(unittest.TestCase):
    """A user at a terminal."""

    def talk(self, typed: bytes) -> str:
        """Type at the prompt; all that was on the screen until the command ended."""
        child, terminal = pty.fork()
        if child == 0:
            os.environ["PYTHONPATH"] = str(support.ROOT / "tools")
            os.execv(sys.executable, [sys.executable, "-c",
                                      SESSION.format(guest=str(support.FAKE_GUEST))])
        screen, deadline = b"", time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                screen += (data := os.read(terminal, 4096))
            except OSError:
                data = b""
            if not data:
                break
            if b"pecan> " in screen and typed:
                os.write(terminal, typed)
                typed = b""
        os.waitpid(child, 0)
        os.close(terminal)
        return screen.decode()

    def test_the_user_types_reads_and_leaves(self) -> None:
        screen = self.talk(b"info\r\x01x")
        self.assertIn("left by the user", screen)

    def test_the_session_ends_with_the_machine(self) -> None:
        screen = self.talk(b"halt\r")
        self.assertIn("[status 0]", screen)
        self.assertIn("the machine was halted", screen)


if __name__ == "__main__":
    unittest.main()
