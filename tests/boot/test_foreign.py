# SPDX-License-Identifier: BSD-2-Clause
"""A loader that shares nothing with ours starts the real kernels, in either profile."""

import os
import select
import subprocess
import time
import unittest

from machine import BUILD_DIR, TIMEOUT, command_line

LOADER = BUILD_DIR / "bin" / "tests" / "foreign-loader"
PROGRAMS = ("sigma0", "root", "console", "byhand")
PROMPT = "pecan> "


class Session:
    """A machine with its serial console on two pipes."""

    def __init__(self, cpu: str, kernel: str, options: str) -> None:
        files = [str(BUILD_DIR / "bin" / name) for name in (kernel, *PROGRAMS)]
        self.unread = ""
        self.process = subprocess.Popen(
            [*command_line(cpu, "16"), "-serial", "stdio", "-kernel", str(LOADER), "-append",
             options, "-initrd", ",".join(files)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def read_until(self, end: str) -> str:
        """What the guest writes until it has written `end`."""
        text, deadline = self.unread, time.monotonic() + TIMEOUT
        while end not in text:
            ready, _, _ = select.select([self.process.stdout], [], [],
                                        max(0, deadline - time.monotonic()))
            piece = os.read(self.process.stdout.fileno(), 4096) if ready else b""
            if not piece:
                raise AssertionError(f"no {end!r} in:\n{text}")
            text += piece.decode("latin-1").replace("\r", "")
        text, end, self.unread = text.partition(end)
        return text + end

    def type(self, line: str) -> str:
        """The answer to a command."""
        self.process.stdin.write(f"{line}\r".encode())
        return self.read_until("[status ") + self.read_until(PROMPT)


class ForeignLoader(unittest.TestCase):
    """It knows docs/abi.md 14.1 alone."""

    def check(self, cpu: str, kernel: str) -> None:
        with Session(cpu, kernel, "profile=strict") as session:
            session.read_until(PROMPT)
            self.assertIn("profile strict", session.type("info"))
        with Session(cpu, kernel, "profile=l4env") as session:
            session.read_until(PROMPT)
            self.assertIn("profile l4env", session.type("info"))
            self.assertIn("# 17 passed, 0 failed", session.type("run byhand"))

    def test_the_i486_kernel_starts(self) -> None:
        self.check("486", "kernel-i486")

    def test_the_pentium_kernel_starts(self) -> None:
        self.check("pentium", "kernel-pentium")


if __name__ == "__main__":
    unittest.main()
