# SPDX-License-Identifier: BSD-2-Clause
"""Writer of cpio archives in the "newc" format, byte for byte the same from the same members.

cpio itself would record the build machine's inode numbers, users and times.
"""

from collections.abc import Iterable

MAGIC = "070701"
TRAILER = "TRAILER!!!"
REGULAR_FILE = 0o100644


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def member(name: str, data: bytes, number: int = 0, mode: int = REGULAR_FILE,
           device: tuple[int, int] = (0, 0)) -> bytes:
    """One member: header, name and data, each padded to four bytes. `device`: what a device file
    stands for, its two numbers."""
    encoded = name.encode("ascii") + b"\0"
    fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(encoded), 0]
    header = MAGIC + "".join(f"{field:08X}" for field in fields)
    return _padded(header.encode("ascii") + encoded) + _padded(data)


def archive(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A whole archive with its trailer."""
    parts = [member(name, data, number) for number, (name, data) in enumerate(members, 1)]
    return b"".join(parts) + member(TRAILER, b"", mode=0)
