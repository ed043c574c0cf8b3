# SPDX-License-Identifier: BSD-2-Clause
"""Brings packages and build up to date before a command boots or tests anything.

All progress goes to stderr, so that stdout holds only what the user asked for, and nothing is
printed when everything is up to date.
"""

import fcntl
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = Path(__file__).with_name("packages.sh")

HOME = re.compile(r"^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$", re.MULTILINE)
STEP = re.compile(r"\[\d+/\d+\] ")
NOISE = re.compile(r"ninja: (Entering directory|no work to do)|\[0/\d+\] Re-checking globbed")


class BuildError(Exception):
    """A package is missing or the build failed; what to do was already printed."""


def say(text: str) -> None:
    """A line about what goes on, for the person who waits."""
    print(f"pecan: {text}", file=sys.stderr, flush=True)


def need_packages(*groups: str) -> None:
    """Install what is missing of the package groups that packages.sh names."""
    if subprocess.run(["bash", str(PACKAGES), *groups]).returncode != 0:
        raise BuildError("missing packages")


@contextmanager
def _locked(build_dir: Path) -> Iterator[None]:
    """Two commands in one tree take turns: ninja does not survive a second one beside it."""
    build_dir.mkdir(parents=True, exist_ok=True)
    with open(build_dir / ".pecan-lock", "w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another build in {build_dir}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _check_owner(build_dir: Path) -> None:
    """A tree that was moved or copied with its build would build the other one."""
    cache = build_dir / "CMakeCache.txt"
    home = HOME.search(cache.read_text(errors="replace")) if cache.exists() else None
    if home and Path(home[1]).resolve() != ROOT:
        raise BuildError(f"{build_dir} was made for {home[1]}: remove it, or name another "
                         "directory by --build-dir")


def _configure(build_dir: Path) -> None:
    say(f"configuring {build_dir}")
    command = ["cmake", "-S", str(ROOT), "-B", str(build_dir), "-G", "Ninja"]
    if subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL).returncode != 0:
        raise BuildError("configuring failed")


class Progress:
    """What ninja prints, made fit for the reader: a counter that stays in its line on a terminal,
    every line elsewhere, and nothing when there was nothing to do."""

    def __init__(self, title: str, stream: TextIO):
        self._title = title
        self._stream = stream
        self._in_place = stream.isatty()
        self._open = False              # the last line on the terminal may be overwritten

    def line(self, text: str) -> None:
        """Show one line of ninja."""
        if NOISE.match(text):
            return
        if self._title:
            print(f"pecan: {self._title}", file=self._stream)
            self._title = ""
        if self._in_place and STEP.match(text):
            print(f"\r\033[K{text[:79]}", end="", file=self._stream, flush=True)
            self._open = True
        else:
            self.close()
            print(text, file=self._stream, flush=True)

    def close(self) -> None:
        """Leave the line of the counter."""
        if self._open:
            print(file=self._stream)
        self._open = False


def _ninja(build_dir: Path, targets: Sequence[str]) -> None:
    progress = Progress(f"building {' '.join(targets)} in {build_dir}", sys.stderr)
    with subprocess.Popen(["ninja", "-C", str(build_dir), *targets], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True, errors="replace") as ninja:
        for text in ninja.stdout:
            progress.line(text.rstrip())
    progress.close()
    if ninja.returncode != 0:
        raise BuildError("the build failed")


def build(build_dir: Path, targets: Sequence[str]) -> None:
    """Configure `build_dir` where that was never done, and build `targets` in it."""
    with _locked(build_dir):
        _check_owner(build_dir)
        if not (build_dir / "build.ninja").exists():
            _configure(build_dir)
        _ninja(build_dir, targets)
