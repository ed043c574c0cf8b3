# SPDX-License-Identifier: BSD-2-Clause
"""Everything that goes to the serial line is on the screen, too."""

import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from machine import BOOT, TIMEOUT
from system import System

COLUMNS, ROWS = 80, 25


def screen_when(condition: bytes, options: str) -> tuple[list[str], str]:
    """Boot a good bundle until the serial line shows `condition`.

    @return the lines of the screen and the text of the serial line
    """
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        (directory / "bundle").write_bytes(System().bundle())
        command = ["qemu-system-i386", "-accel", "tcg", "-m", "8", "-nic", "none",
                   "-display", "none", "-no-reboot", "-monitor", "stdio",
                   "-serial", "file:serial", "-kernel", str(BOOT), "-initrd", "bundle",
                   "-append", options]
        with subprocess.Popen(command, cwd=directory, stdin=subprocess.PIPE, text=True,
                              stdout=subprocess.DEVNULL) as process:
            deadline = time.monotonic() + TIMEOUT
            serial = directory / "serial"
            while time.monotonic() < deadline:
                if serial.exists() and condition in serial.read_bytes():
                    break
                time.sleep(0.05)
            process.communicate(f"pmemsave 0xb8000 {COLUMNS * ROWS * 2} screen\nquit\n")
        cells = (directory / "screen").read_bytes()[::2].decode("cp437")
        lines = [cells[row * COLUMNS:(row + 1) * COLUMNS].rstrip() for row in range(ROWS)]
        return lines, serial.read_bytes().decode("latin-1")


class ScreenTest(unittest.TestCase):
    """Looks into video memory."""

    def test_an_error_is_on_the_screen_once(self) -> None:
        screen, serial = screen_when(b"option\r\n", "nonsense")
        self.assertEqual(serial, "boot: error: nonsense: unknown option\r\n")
        self.assertEqual(screen.count("boot: error: nonsense: unknown option"), 1)

    def test_screen_and_serial_line_show_the_same(self) -> None:
        screen, serial = screen_when(b"done=1", "kernel=i486")
        said = [line for line in serial.splitlines() if line.startswith("boot: ")]
        self.assertEqual(len(said), 3)
        first = screen.index(said[0])
        self.assertEqual(screen[first:first + len(said)], said)


if __name__ == "__main__":
    unittest.main()
