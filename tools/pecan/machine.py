# SPDX-License-Identifier: BSD-2-Clause
"""What to boot, and a machine that has been booted: a process with a serial line.

The emulators differ in how the line is reached (pipes for QEMU, a pseudo-terminal for Bochs) and
in how they say why they ended; everybody else sees a RunningMachine.
"""

import os
import select
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

NETWORKS = ("pci", "isa")             # cards: NE2000 compatible, 52:54:00:12:34:56
MEDIA = ("iso", "floppy", "disk")
COMPLETE, RELEASE = "complete", "release"
BUNDLES = (COMPLETE, RELEASE, "busybox")    # what people choose from; tests have more
LAST_WORDS = 10                         # seconds


_running: list[subprocess.Popen] = []


class MachineError(Exception):
    """The machine cannot be started as described."""


@dataclass(frozen=True)
class Machine:
    """A machine as the user describes it."""

    emulator: str = "qemu"
    cpu: str = "pentium"
    memory: int = 16                    # MB
    medium: str | None = None           # one of MEDIA; None: the emulator loads boot itself
    image: Path | None = None           # the file of the medium
    options: tuple[str, ...] = ()       # boot options
    display: bool = False               # a VGA window
    counting: bool = True               # the clock counts instructions, not time
    nanoseconds_log2: int = 0           # of guest time per instruction, if counting
    bundle: str | None = None           # what boot starts from; None: what is usual there
    debugger: bool = False              # wait for gdb
    plugin: str | None = None           # QEMU: a plugin that watches, "PATH,KEY=VALUE,..."
    data_disk: Path | None = None       # an image: the second drive of the first IDE channel
    disk_errors: Path | None = None     # QEMU: what goes wrong with it (blkdebug's rules)
    isa: bool = False                   # QEMU: a machine without PCI
    network: str | None = None          # one of NETWORKS; in a net of its own, with a 10.0.2.2

    def bundle_file(self) -> str:
        """What it starts from, in the build directory: all there is, and from media what fits a
        floppy, unless another bundle was asked for."""
        bundle = self.bundle or (RELEASE if self.medium else COMPLETE)
        return "pecan.cpio" if bundle == COMPLETE else f"pecan-{bundle}.cpio"

    def serial_port(self) -> int:
        """Which COM port the guest was told to use: the one that the tools listen to."""
        for option in reversed(self.options):
            if option.startswith("serial="):
                return 2 if option.startswith("serial=com2") else 1
        return 1


@dataclass(frozen=True)
class Ending:
    """How a machine ended. Clean: the guest asked for it; otherwise it died."""

    clean: bool
    reason: str


@dataclass
class RunningMachine:
    """A booted machine. Use as a context manager: leaving it ends the emulator."""

    process: subprocess.Popen
    serial_in: int                      # what the guest writes can be read here
    serial_out: int                     # what is written here the guest can read
    explain: Callable[[int], Ending]    # what the emulator's exit code means
    descriptors: list[int]              # to be closed in the end
    unread: int | None = None           # a descriptor to be emptied and ignored
    scratch: tempfile.TemporaryDirectory | None = None
    ending: Ending | None = None
    polite: bool = False                # let it end by itself

    def __post_init__(self) -> None:
        _running.append(self.process)

    def __enter__(self) -> "RunningMachine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, timeout: float) -> bytes:
        """What the guest wrote, waiting at most `timeout` seconds for the first byte.

        Empty when nothing came, or when the machine has ended: then `ending` is set.
        """
        deadline = time.monotonic() + timeout
        while self.ending is None:
            gone = self.process.poll() is not None
            wait = 0 if gone else min(0.1, max(0.0, deadline - time.monotonic()))
            data = self._read_ready(wait)
            if data:
                return data
            if gone:
                self._end()
            elif time.monotonic() >= deadline:
                break
        return b""

    def write(self, data: bytes) -> None:
        """Send to the guest. A machine that has ended is noticed by the next read."""
        try:
            os.write(self.serial_out, data)
        except (BrokenPipeError, OSError):
            pass

    def close(self) -> None:
        """End the emulator, whatever it is doing, and give everything back."""
        if self.process.poll() is None:
            self._end_process()
        self.process.wait()
        if self.process in _running:
            _running.remove(self.process)
        while self.descriptors:
            os.close(self.descriptors.pop())
        if self.scratch is not None:
            self.scratch.cleanup()

    def _end_process(self) -> None:
        """Politely if a plugin still has its report to write, at once otherwise."""
        if self.polite:
            self.process.terminate()
            try:
                self.process.wait(LAST_WORDS)
            except subprocess.TimeoutExpired:
                pass
        self.process.kill()

    def _read_ready(self, wait: float) -> bytes:
        watched = [fd for fd in (self.serial_in, self.unread) if fd is not None]
        ready = select.select(watched, [], [], wait)[0]
        if self.unread in ready and not _read_some(self.unread):
            self.unread = None
        if self.serial_in not in ready:
            return b""
        data = _read_some(self.serial_in)
        if not data:
            time.sleep(wait)            # closed already, but the process still lives
        return data

    def _end(self) -> None:
        self.ending = self.explain(self.process.wait())


def end_all() -> None:
    """End every emulator that still runs; whoever waits for one sees it end."""
    for process in list(_running):
        process.kill()


def _read_some(descriptor: int) -> bytes:
    """Reading a pseudo-terminal whose other side is closed is an error; here it is silence."""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


def start_on_pipes(command: Sequence[str], explain: Callable[[int], Ending],
                   directory: Path | None = None) -> RunningMachine:
    """Start an emulator whose serial line is its standard input and output.

    What it complains about on stderr becomes part of the reason when it ends badly.
    """
    scratch = tempfile.TemporaryDirectory(prefix="pecan-")
    complaints = Path(scratch.name) / "stderr"
    guest_reads, we_write = os.pipe()
    we_read, guest_writes = os.pipe()
    with open(complaints, "wb") as stream:
        process = subprocess.Popen(command, cwd=directory, stdin=guest_reads, stdout=guest_writes,
                                   stderr=stream)
    os.close(guest_reads)
    os.close(guest_writes)

    def explain_with_complaints(code: int) -> Ending:
        ending = explain(code)
        said = complaints.read_text(errors="replace").strip()
        return Ending(False, f"{ending.reason}: {said}") if said and not ending.clean else ending

    return RunningMachine(process, we_read, we_write, explain_with_complaints,
                          [we_read, we_write], scratch=scratch)
