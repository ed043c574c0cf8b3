#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Prints how much code each kernel keeps in memory, by object, and checks the limit.

Resident is the text that stays after initialisation: all of it but sections named .init*. A kernel
also must not hold a helper of the compiler's library: 64-bit division, exceptions and their kin
creep in by one careless expression, cost hundreds of clocks and are not linked on purpose.
"""

import argparse
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

KERNELS = ("kernel-i486", "kernel-pentium")
# Catches growth by accident: raise it only with a reason in the commit. The goal is 20 KB.
MOST_RESIDENT_TEXT = 62 * 1024

SECTION = re.compile(r"^\s*\d+\s+(\S+)\s+([0-9a-f]{8})\s")
LONG_NAME = re.compile(r"^( \.\S+)\n\s+", re.MULTILINE)
PART = re.compile(r"^ \.\S+\s+0x[0-9a-f]+\s+0x([0-9a-f]+)\s+(\S+\.o(?:bj)?)$")
LIBRARY = re.compile(r"^(__[a-z]+(?:hi|si|di|ti|sf|df|xf|tf)(?:hi|si|di|ti|sf|df|xf)?[2-4]?"
                     r"|_Unwind_\w+|__cxa_\w+|__gxx_\w+|__stack_chk_\w+|_Znwj|_Znaj|_ZdlPv\w*"
                     r"|malloc|free|abort)$")


@dataclass(frozen=True)
class Size:
    """Bytes of code, by what becomes of them."""

    resident: int
    initial: int


def output_of(*command: str) -> str:
    """What a program of the toolchain prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def code_size(headers: str) -> Size:
    """The code in a file, from the listing of `objdump -h`: each section is followed by its
    flags."""
    resident = initial = 0
    lines = headers.splitlines()
    for line, flags in zip(lines, lines[1:]):
        if (section := SECTION.match(line)) and "CODE" in flags:
            if section[1].startswith(".init"):
                initial += int(section[2], 16)
            else:
                resident += int(section[2], 16)
    return Size(resident, initial)


def library_symbols(symbols: str) -> list[str]:
    """Names that `nm` lists and that belong to the compiler's or the C++ library."""
    names = [line.split()[-1] for line in symbols.splitlines() if line.strip()]
    return sorted({name for name in names if LIBRARY.match(name)})


def code_by_object(link_map: str) -> dict[str, int]:
    """Resident code of each object file, from the linker's map: an output section starts in the
    first column, what it is made of is indented, a long name takes a line of its own."""
    sizes: dict[str, int] = {}
    output_section = ""
    placed = link_map.split("Linker script and memory map", 1)[-1]
    for line in LONG_NAME.sub(r"\1 ", placed).splitlines():
        if line.startswith("."):
            output_section = line.split()[0]
        part = PART.match(line)
        if part and output_section == ".text":
            sizes[part[2]] = sizes.get(part[2], 0) + int(part[1], 16)
    return sizes


def print_table(link_map: Path) -> None:
    """Code by object, the largest first."""
    sizes = code_by_object(link_map.read_text())
    for name, size in sorted(sizes.items(), key=lambda row: -row[1]):
        if size:
            print(f"{size:8}  {name.split('.dir/', 1)[-1].removesuffix('.o').replace('__/', '')}")


def check(build: Path, kernel: str, limit: int | None) -> list[str]:
    """Print the figures of a kernel; what is wrong with them."""
    image = build / "bin" / kernel
    if not image.exists():
        return [f"{kernel}: not built"]
    size = code_size(output_of("objdump", "-h", str(image)))
    print(f"{kernel}: {size.resident} bytes of resident text, {size.initial} of initialisation")
    print_table(build / "arch" / "ia32" / f"{kernel}.map")
    wrong = [f"{kernel}: {name} is linked in" for name in library_symbols(output_of("nm", image))]
    if limit is not None and size.resident > limit:
        wrong.append(f"{kernel}: {size.resident} bytes of resident text are more than {limit}")
    return wrong


def is_release(build: Path) -> bool:
    """Whether the limit applies: assertions make a debug image as large as they like."""
    return "CMAKE_BUILD_TYPE:STRING=Release" in (build / "CMakeCache.txt").read_text()


def main() -> int:
    """Check the kernels of a build."""
    parse = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parse.add_argument("build", type=Path, help="the build directory")
    build = parse.parse_args().build
    limit = MOST_RESIDENT_TEXT if is_release(build) else None
    wrong = [text for kernel in KERNELS for text in check(build, kernel, limit)]
    print("\n".join(wrong) or "the kernels keep to their limits")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
