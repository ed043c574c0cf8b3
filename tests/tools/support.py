# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of the commands share: the way to the package, and fake programs on the PATH."""

import os
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FAKE_GUEST = HERE / "fake_guest.py"
sys.path.insert(0, str(ROOT / "tools"))


class WithScratch(unittest.TestCase):
    """A test with a directory of its own."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory(prefix="pecan-test-")
        self.addCleanup(scratch.cleanup)
        self.scratch = Path(scratch.name)

    def program(self, name: str, text: str) -> Path:
        """Make a shell program in the scratch directory's bin/."""
        path = self.scratch / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("#!/bin/sh\n" + textwrap.dedent(text))
        path.chmod(0o755)
        return path

    def environment(self, **more: str) -> dict[str, str]:
        """An environment in which the fake programs come first."""
        return {**os.environ, **more, "PATH": f"{self.scratch}/bin:{os.environ['PATH']}"}
