# SPDX-License-Identifier: BSD-2-Clause
"""One boot of the boot program in QEMU, and what the test kernel reports about it."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

BUILD_DIR = Path(os.environ.get("PECAN_BUILD_DIR", "build")).resolve()
BOOT = BUILD_DIR / "bin" / "boot"
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools" / "media"))

# The test kernel and boot's errors leave by isa-debug-exit, which doubles and adds one.
STATUS_DONE = 33
STATUS_ERROR = 99
TIMEOUT = 60


@dataclass
class Range:
    """Memory from `begin` up to but not including `end`."""

    begin: int
    end: int

    def overlaps(self, other: "Range") -> bool:
        """Whether a byte is in both."""
        return self.begin < other.end and other.begin < self.end

    def contains(self, other: "Range") -> bool:
        """Whether all of `other` is in this one."""
        return self.begin <= other.begin and other.end <= self.end


@dataclass
class Server:
    """One line about sigma0 or root from the info page."""

    esp: int
    eip: int
    memory: Range
    checksum: int


@dataclass
class Module:
    """One module as the kernel sees it."""

    memory: Range
    checksum: int
    text: str


@dataclass
class Outcome:
    """How a boot ended."""

    status: int
    lines: list[str]

    def errors(self) -> list[str]:
        """The texts of fatal errors; there should never be more than one."""
        start = "boot: error: "
        return [line[len(start):] for line in self.lines if line.startswith(start)]

    def values(self, key: str) -> list[str]:
        """What the test kernel printed for `key`, every time it did."""
        return [line.partition("=")[2] for line in self.lines if line.startswith(key + "=")]

    def value(self, key: str) -> str:
        """The one value of `key`."""
        value, = self.values(key)
        return value

    def server(self, key: str) -> Server:
        """The start of sigma0 or root."""
        esp, eip, begin, end, checksum = (int(word, 16) for word in self.value(key).split())
        return Server(esp, eip, Range(begin, end), checksum)

    def modules(self) -> list[Module]:
        """The module table."""
        result = []
        for line in self.values("module"):
            begin, end, checksum, text = line.split(" ", 3)
            result.append(Module(Range(int(begin, 16), int(end, 16)), int(checksum, 16), text))
        return result

    def memory(self, kind: int) -> list[Range]:
        """The memory descriptors of one type."""
        words = [[int(word, 16) for word in line.split()] for line in self.values("descriptor")]
        return [Range(begin, end) for type_, begin, end in words if type_ == kind]


CONVENTIONAL, RESERVED, BOOT_LOADER, ARCHITECTURE = 1, 2, 0xE, 0xF


def checksum(data: bytes) -> int:
    """FNV-1a, as the test kernel computes it."""
    value = 0x811C9DC5
    for byte in data:
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def command_line(cpu: str, memory: str) -> list[str]:
    """QEMU without anything to boot."""
    return ["qemu-system-i386", "-machine", "pc", "-accel", "tcg", "-cpu", cpu, "-m", memory,
            "-nic", "none", "-display", "none", "-monitor", "none", "-no-reboot",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"]


def run(command: list[str], directory: Path) -> Outcome:
    """Run QEMU until the guest ends it."""
    try:
        done = subprocess.run(command, capture_output=True, cwd=directory, timeout=TIMEOUT,
                              stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as expired:
        text = (expired.stdout or b"").decode("latin-1")
        raise AssertionError(f"the machine hangs; its output:\n{text}") from None
    if done.stderr:
        print(done.stderr.decode("latin-1"), file=sys.stderr)
    return Outcome(done.returncode, done.stdout.decode("latin-1").splitlines())


def boot(modules: list[tuple[str, bytes]] | bytes | None, options: str = "",
         cpu: str = "pentium", memory: str = "16",
         serial: tuple[str, ...] = ("stdio",)) -> Outcome:
    """Start boot by QEMU's Multiboot loader.

    `modules` is a bundle, or modules with their strings (name and arguments, no comma), or None
    for no module at all. `memory` is as QEMU's -m has it, `serial` are the ends of the ports.
    """
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        command = command_line(cpu, memory) + ["-kernel", str(BOOT)]
        for end in serial:
            command += ["-serial", end]
        if isinstance(modules, bytes):
            modules = [("bundle.cpio", modules)]
        for text, data in modules or []:
            file = directory / text.split()[0]
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(data)
        if modules:
            command += ["-initrd", ",".join(text for text, _ in modules)]
        if options:
            command += ["-append", options]
        return run(command, directory)
