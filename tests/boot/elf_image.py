# SPDX-License-Identifier: BSD-2-Clause
"""Small ELF executables made to measure, good ones and ones with a single flaw."""

import struct
from dataclasses import dataclass, field

HEADER_SIZE = 52
SEGMENT_SIZE = 32
PT_LOAD = 1
PAGE = 4096


@dataclass
class Segment:
    """A loadable segment; `memory_size` beyond the bytes is zero-filled by the loader."""

    address: int
    data: bytes
    memory_size: int = 0
    type: int = PT_LOAD
    linked_at: int | None = None

    def header(self, offset: int) -> bytes:
        """Its program header, with the bytes at `offset` of the file."""
        linked_at = self.address if self.linked_at is None else self.linked_at
        size = max(self.memory_size, len(self.data))
        return struct.pack("<8I", self.type, offset, linked_at, self.address, len(self.data),
                           size, 7, PAGE)


@dataclass
class Elf:
    """An executable for the i386. The entry is the first segment's first byte unless given."""

    segments: list[Segment] = field(default_factory=list)
    entry: int | None = None
    elf_class: int = 1
    byte_order: int = 1
    type: int = 2
    machine: int = 3

    def file(self) -> bytes:
        """The bytes of the file: header, program headers, data."""
        entry = self.entry if self.entry is not None else self.segments[0].address
        ident = b"\x7fELF" + bytes([self.elf_class, self.byte_order, 1]) + bytes(9)
        header = ident + struct.pack("<HHIIIIIHHHHHH", self.type, self.machine, 1, entry,
                                     HEADER_SIZE, 0, 0, HEADER_SIZE, SEGMENT_SIZE,
                                     len(self.segments), 0, 0, 0)
        offset = HEADER_SIZE + SEGMENT_SIZE * len(self.segments)
        headers, data = b"", b""
        for segment in self.segments:
            headers += segment.header(offset + len(data))
            data += segment.data
        return header + headers + data


def pattern(size: int, seed: int) -> bytes:
    """Bytes that no other place has by accident."""
    return bytes((seed + i * 7 + i // 251) & 0xFF for i in range(size))
