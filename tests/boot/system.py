# SPDX-License-Identifier: BSD-2-Clause
"""A complete system for boot to start: test kernels, and servers made of recognisable bytes."""

from dataclasses import dataclass, field

from elf_image import PAGE, Elf, Segment, pattern
from machine import BUILD_DIR

import newc

SIGMA0_AT = 0x1C0000
ROOT_AT = 0x1D0000
BOOT_AT = 0x200000
KERNEL_AT = 0x100000


def kernel(image: str) -> bytes:
    """The test kernel under one of the kernels' names."""
    return (BUILD_DIR / "bin" / "tests" / f"boot-test-kernel-{image}").read_bytes()


def sigma0() -> Elf:
    """Code and a little data with bss behind it."""
    return Elf([Segment(SIGMA0_AT, pattern(5000, 1)),
                Segment(SIGMA0_AT + 0x3000, pattern(100, 2), memory_size=0x1800)],
               entry=SIGMA0_AT + 16)


def root(at: int = ROOT_AT) -> Elf:
    """Two segments on pages of their own, the second mostly bss."""
    return Elf([Segment(at, pattern(20000, 3)),
                Segment(at + 0x6000, pattern(3000, 4), memory_size=0x5000)], entry=at + 0x123)


def loaded(elf: Elf, begin: int, end: int) -> bytes:
    """What memory from `begin` to `end` holds after `elf` was loaded there."""
    memory = bytearray(end - begin)
    for segment in elf.segments:
        at = segment.address - begin
        memory[at:at + len(segment.data)] = segment.data
    return bytes(memory)


@dataclass
class System:
    """Modules by name, in the order of the bundle. Arguments go with separate modules only."""

    files: dict[str, bytes] = field(default_factory=lambda: {
        "kernel-i486": kernel("i486"), "kernel-pentium": kernel("pentium"),
        "sigma0": sigma0().file(), "root": root().file(),
        "console": pattern(12345, 5), "bench": pattern(3, 6)})

    def bundle(self) -> bytes:
        """As one cpio archive."""
        return newc.archive(self.files.items())

    def modules(self, arguments: dict[str, str] | None = None) -> list[tuple[str, bytes]]:
        """As separate modules."""
        arguments = arguments or {}
        return [(f"{name} {arguments[name]}" if name in arguments else name, data)
                for name, data in self.files.items()]

    def order(self, image: str) -> list[str]:
        """The names in the order in which the kernel is to see them."""
        first = [f"kernel-{image}", "sigma0", "root"]
        return first + [name for name in self.files
                        if name not in first and not name.startswith("kernel-")]


__all__ = ["BOOT_AT", "KERNEL_AT", "PAGE", "ROOT_AT", "SIGMA0_AT", "System", "kernel", "loaded",
           "root", "sigma0"]
