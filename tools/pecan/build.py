# SPDX-License-Identifier: BSD-2-Clause
"""Brings packages and build up to date before a command boots or tests anything.

All progress goes to stderr, so that stdout holds only what the user asked for, and nothing is
printed when everything is up to date.
"""

import fcntl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = Path(__file__).with_name("packages.sh")


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


def _run(what: str, command: Sequence[str]) -> None:
    if subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL).returncode != 0:
        raise BuildError(f"{what} failed")


def _up_to_date(build_dir: Path, targets: Sequence[str]) -> bool:
    dry = subprocess.run(["ninja", "-C", str(build_dir), "-n", *targets],
                         capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return dry.returncode == 0 and "ninja: no work to do." in dry.stdout


def build(build_dir: Path, targets: Sequence[str] = ("all",)) -> None:
    """Configure `build_dir` where that was never done, and build `targets` in it."""
    with _locked(build_dir):
        if not (build_dir / "build.ninja").exists():
            say(f"configuring {build_dir}")
            _run("cmake", ["cmake", "-S", str(ROOT), "-B", str(build_dir), "-G", "Ninja"])
        if not _up_to_date(build_dir, targets):
            say(f"building {' '.join(targets)} in {build_dir}")
            _run("the build", ["ninja", "-C", str(build_dir), *targets])
