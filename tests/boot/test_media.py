# SPDX-License-Identifier: BSD-2-Clause
"""The boot media: each boots to the kernel on a 486 with 4 MB, and its menu chooses kernels."""

import os
import select
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from machine import BOOT, BUILD_DIR, STATUS_DONE, STATUS_ERROR, TIMEOUT, Outcome, command_line, run
from system import System

MAKER = Path(__file__).resolve().parents[2] / "tools" / "media" / "make_media"
DRIVES = {"iso": "media=cdrom,readonly=on", "floppy": "if=floppy", "disk": "if=ide"}
MENU_DOWN, MENU_START = b"\x0e", b"\r"


class MediaTest(unittest.TestCase):
    """Makes images of the test system."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.directory = Path(scratch.name)
        self.bundle = self.directory / "bundle"
        self.bundle.write_bytes(System().bundle())

    def made(self, medium: str, *options: str, name: str = "image") -> Path:
        """An image with boot options."""
        image = self.directory / name
        command = [MAKER, medium, "--boot", BOOT, "--bundle", self.bundle, "--output", image]
        for option in options:
            command += ["--option", option]
        subprocess.run(command, check=True)
        return image

    def machine(self, image: Path, drive: str, cpu: str = "486") -> list[str]:
        """A machine with 4 MB that boots from the image."""
        return command_line(cpu, "4") + ["-drive", f"file={image},format=raw,{drive}"]

    def booted(self, image: Path, drive: str, cpu: str = "486") -> Outcome:
        """Boot from the image and wait for the end."""
        return run(self.machine(image, drive, cpu) + ["-serial", "stdio"], self.directory)

    def test_every_medium_boots_with_four_megabytes(self) -> None:
        for medium, drive in DRIVES.items():
            with self.subTest(medium):
                outcome = self.booted(self.made(medium), drive)
                self.assertEqual(outcome.status, STATUS_DONE, "\n".join(outcome.lines))
                self.assertEqual(outcome.value("image"), "i486")
                self.assertEqual(outcome.value("command_line"), "")
                names = [module.text for module in outcome.modules()]
                self.assertEqual(names, System().order("i486"))

    def test_the_iso_boots_as_a_disk(self) -> None:
        outcome = self.booted(self.made("iso"), "if=ide", "pentium")
        self.assertEqual(outcome.status, STATUS_DONE)
        self.assertEqual(outcome.value("image"), "pentium")

    def test_options_are_baked_in(self) -> None:
        image = self.made("disk", "kernel=i486", "nofpu")
        outcome = self.booted(image, DRIVES["disk"], "pentium")
        self.assertEqual(outcome.status, STATUS_DONE)
        self.assertEqual(outcome.value("image"), "i486")
        self.assertEqual(outcome.value("command_line"), "kernel=i486 nofpu")

    def test_a_machine_without_serial_port_does_not_hang(self) -> None:
        command = self.machine(self.made("floppy"), DRIVES["floppy"]) + ["-serial", "none"]
        self.assertEqual(run(command, self.directory).status, STATUS_DONE)

    def test_an_error_from_a_medium(self) -> None:
        outcome = self.booted(self.made("disk", "nonsense"), DRIVES["disk"])
        self.assertEqual(outcome.errors(), ["nonsense: unknown option"])
        self.assertEqual(outcome.status, STATUS_ERROR)

    def test_the_menu_chooses_the_kernel(self) -> None:
        image = self.made("disk")
        for entry, options in enumerate(["kernel=i486", "kernel=pentium", "cpu=486"], 1):
            with self.subTest(options):
                outcome = self.chosen(image, entry)
                self.assertEqual(outcome.status, STATUS_DONE)
                self.assertEqual(outcome.value("command_line"), options)

    def chosen(self, image: Path, entry: int) -> Outcome:
        """Boot the menu's entry with the given number, by keys sent over the serial line."""
        command = self.machine(image, DRIVES["disk"], "pentium") + ["-serial", "stdio"]
        text = b""
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            deadline = time.monotonic() + TIMEOUT
            pressed = False
            while time.monotonic() < deadline:
                if not select.select([process.stdout], [], [], 1)[0]:
                    continue
                data = os.read(process.stdout.fileno(), 65536)
                if not data:
                    break
                text += data
                if not pressed and b"plain 486" in text:
                    os.write(process.stdin.fileno(), MENU_DOWN * entry + MENU_START)
                    pressed = True
            process.kill()
        return Outcome(process.returncode, text.decode("latin-1").splitlines())

    def test_the_same_input_gives_the_same_image(self) -> None:
        for medium in DRIVES:
            with self.subTest(medium):
                first, second = self.made(medium, name="a"), self.made(medium, name="b")
                self.assertEqual(first.read_bytes(), second.read_bytes())

    def refused(self, *arguments: str, path: str | None = None) -> str:
        """What make_media says when it fails, which it does in one line and without an image."""
        environment = os.environ | ({} if path is None else {"PATH": path})
        image = self.directory / "refused"
        done = subprocess.run(["/usr/bin/python3", MAKER, *arguments, "--output", image],
                              env=environment, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertFalse(image.exists())
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr.strip()

    def test_what_is_missing_is_named(self) -> None:
        good = ["--boot", str(BOOT), "--bundle", str(self.bundle)]
        nowhere = str(self.directory)
        self.assertEqual(self.refused("iso", *good, path=nowhere),
                         "make_media: objcopy is missing: install the Debian package binutils")
        self.assertIn("is missing: build it first", self.refused("disk", "--build-dir", nowhere))
        self.assertIn("not a boot option: a'b", self.refused("iso", *good, "--option", "a'b"))
        too_big = self.directory / "big"
        too_big.write_bytes(os.urandom(1_500_000))
        self.assertIn("mcopy failed",
                      self.refused("floppy", "--boot", str(BOOT), "--bundle", str(too_big)))


if __name__ == "__main__":
    assert BUILD_DIR.exists(), f"{BUILD_DIR} does not exist"
    unittest.main()
