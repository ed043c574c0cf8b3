#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Checks what every source file owes the reader: licence line, size, width, no marks of doubt.

With a build directory it also checks that assembly is assembled anew when a file that it includes
changes: this version of NASM forgets included files when it writes dependencies, so each source
must list them by hand (OBJECT_DEPENDS), and a list kept by hand is one that gets out of date.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

MOST_LINES = 600
MOST_COLUMNS = 100
LICENCE = "SPDX-License-Identifier: BSD-2-Clause"
SUFFIXES = {".hpp", ".cpp", ".asm", ".inc", ".ld", ".py", ".sh", ".cmake", ".in", ".cfg", ".md"}
NAMES = {"CMakeLists.txt"}
LEFT_OUT = re.compile(r"^(\.git|build.*|__pycache__)$")

# Written so that they do not find themselves.
DOUBTS = re.compile(r"[?]{3}|\bTO[D]O\b|\bX[X]X\b|\bFIX[M]E\b|^\s*#\s*if\s+[0]\b")
OUTPUT = re.compile(r" -o (\S+)")
INCLUDE = re.compile(r'^\s*%include\s+"([^"]+)"', re.MULTILINE)


def is_script(path: Path) -> bool:
    """Whether a file without a suffix is a program in a scripting language."""
    with open(path, "rb") as stream:
        return stream.read(2) == b"#!"


def sources(root: Path) -> list[Path]:
    """Every text that people write here."""
    found = []
    for path in sorted(root.rglob("*")):
        if any(LEFT_OUT.match(part) for part in path.relative_to(root).parts):
            continue
        if not path.is_file() or path.is_symlink():
            continue
        if path.suffix in SUFFIXES or path.name in NAMES or (not path.suffix and is_script(path)):
            found.append(path)
    return found


def complaints(name: str, text: str) -> list[str]:
    """What is wrong with the text of a file."""
    lines = text.split("\n")
    is_prose = name.endswith(".md")
    found = []
    if not is_prose and not any(LICENCE in line for line in lines[:3]):
        found.append(f"{name}: no licence line at the top")
    if not is_prose and len(lines) - 1 > MOST_LINES:
        found.append(f"{name}: {len(lines) - 1} lines, at most {MOST_LINES}")
    if name.endswith(".hpp") and "#pragma once" not in lines:
        found.append(f"{name}: no #pragma once")
    if name.endswith(".hpp") and not any("@file" in line for line in lines[:4]):
        found.append(f"{name}: the head does not say what it is (@file)")
    if text and not text.endswith("\n"):
        found.append(f"{name}: the last line has no end")
    for number, line in enumerate(lines, 1):
        found += [f"{name}:{number}: {what}" for what in complaints_about_line(line, is_prose)]
    return found


def complaints_about_line(line: str, is_prose: bool) -> list[str]:
    """What is wrong with one line."""
    found = []
    if "\t" in line:
        found.append("tab")
    if line.endswith((" ", "\r")):
        found.append("space at the end")
    if DOUBTS.search(line):
        found.append("a mark of doubt belongs into docs/caveats.md or an issue")
    if not is_prose and len(line) > MOST_COLUMNS:
        found.append(f"{len(line)} columns, at most {MOST_COLUMNS}")
    return found


def included(source: Path, directories: list[Path]) -> set[Path]:
    """The files that an assembly source includes, directly or not. What is generated into a
    build directory that does not exist here is left out."""
    found: set[Path] = set()
    for name in INCLUDE.findall(source.read_text()):
        for directory in (source.parent, *directories):
            path = (directory / name).resolve()
            if path.is_file() and path not in found:
                found |= {path} | included(path, directories)
                break
    return found


def assembly(build: Path) -> list[dict]:
    """The entries of the compilation database that assemble something."""
    database = json.loads((build / "compile_commands.json").read_text())
    return [entry for entry in database if entry["file"].endswith(".asm")]


def include_directories(command: str, build: Path) -> list[Path]:
    """Where the assembler looks for included files."""
    return [build / name.strip('"') for name in re.findall(r"-[iI]\s*(\S+)", command)]


def inputs_of(build: Path, target: str) -> set[Path]:
    """Everything that ninja makes a file from."""
    done = subprocess.run(["ninja", "-C", str(build), "-t", "inputs", target],
                          capture_output=True, text=True, check=True)
    return {(build / line).resolve() for line in done.stdout.splitlines()}


def check_assembly(build: Path) -> list[str]:
    """Sources that would not be assembled anew after a change of a file that they include."""
    build = build.resolve()
    found = []
    for entry in assembly(build):
        source = Path(entry["file"])
        needed = included(source, include_directories(entry["command"], build))
        if needed:
            target = OUTPUT.search(entry["command"])[1]
            found += [f"{source}: {path} is included, but is no dependency of {target}"
                      for path in sorted(needed - inputs_of(build, target))]
    return found


def main() -> int:
    """Check the tree that this script lies in."""
    parse = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parse.add_argument("--root", type=Path, default=ROOT, help="top of the tree")
    parse.add_argument("--build", type=Path, help="a build directory: check dependencies, too")
    chosen = parse.parse_args()
    found = []
    checked = sources(chosen.root)
    for path in checked:
        found += complaints(str(path.relative_to(chosen.root)), path.read_text(encoding="utf-8"))
    if chosen.build:
        found += check_assembly(chosen.build)
    print("\n".join(found) or f"{len(checked)} files are in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
