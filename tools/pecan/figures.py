# SPDX-License-Identifier: BSD-2-Clause
"""What benchmarks print, and the ceilings that their figures are held against.

A figure is the minimum that `bench` prints, in instructions, so it is exact: a ceiling is the
figure of the last change that was accepted, and one instruction more is a regression.
"""

import csv
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from pecan.build import ROOT
from pecan.console import Answer
from pecan.machine import Machine

# Benchmarks, and cases that each must have.
BENCHMARKS = {
    "ipc": {"same-space", "different-spaces"},
    "irq": {"same-space", "different-spaces"},
    "fault": {"different-spaces"},
    "map": {"call", "map-1", "unmap-256", "realtime-all"},
    "unmap": {"pages-64", "fan-out-1", "fan-out-1000"},
    "syscall": {"id_nearest", "thread_switch", "thread_schedule", "lthread_ex_regs",
                "fpage_unmap"},
    "exception": {"int-40h", "privileged", "undefined"},
    "pager": {"kernel", "default", "file", "guard", "evicting-swap"},
    "scale": {"few", "many"},
    "tlb": {"pages-0", "pages-64"},
    "rpc": {"bytes-8", "bytes-65536"},
}
COLUMNS = ["benchmark", "case", "unit", "minimum", "mode", "batches"]
POSITIVE = re.compile(r"0*[1-9]\d*(\.\d+)?|0*\.0*[1-9]\d*")

# The image, and the processor whose it is.
PROCESSORS = {"i486": "486", "pentium": "pentium"}

CEILINGS = ROOT / "tests" / "bench" / "ceilings.csv"
CEILING_COLUMNS = ["image", "benchmark", "case", "instructions"]

# (image, benchmark, case) -> instructions
Figures = dict[tuple[str, str, str], Decimal]


# What compares small address spaces with large ones. The emulator that counts checks no limits, so
# it has small ones only if forced; the Pentium's kernel puts tasks there by default.
WITH_SMALL_SPACES = {"ipc", "tlb"}


def counting_machine(image: str, benchmark: str = "") -> Machine:
    """Where figures are taken: with kernel memory for as many tasks as there are numbers."""
    small = ("small=force",) if image == "pentium" and benchmark in WITH_SMALL_SPACES else ()
    return Machine(cpu=PROCESSORS[image], memory=64, options=("kmem=32768", *small),
                   counting=True)


def figures(answer: Answer, benchmark: str) -> tuple[dict[str, dict[str, str]], list[str]]:
    """The rows of a bench report by case, and what is wrong with it."""
    rows = list(csv.DictReader(line for line in answer.text.splitlines()
                               if line and not line.startswith("#")))
    wrong = [] if answer.status == 0 else [f"status {answer.status}"]
    if not rows or list(rows[0]) != COLUMNS:
        return {}, [*wrong, f"the columns are not {','.join(COLUMNS)}"]
    by_case = {row["case"]: row for row in rows}
    wrong += [f"no row for {case}" for case in sorted(BENCHMARKS[benchmark] - by_case.keys())]
    wrong += [f"{case}: minimum {row['minimum']!r} is no positive number"
              for case, row in by_case.items()
              if not POSITIVE.fullmatch(row["minimum"] or "")]
    return by_case, wrong


def instructions(answer: Answer, image: str, benchmark: str) -> tuple[Figures, list[str]]:
    """The figures of a counted run, and what is wrong with it."""
    rows, wrong = figures(answer, benchmark)
    wrong += [f"{case} is in {row['unit']}" for case, row in rows.items()
              if row["unit"] != "instructions"]
    return ({} if wrong else {(image, benchmark, case): Decimal(row["minimum"])
                              for case, row in rows.items()}), wrong


def read_ceilings(path: Path = CEILINGS) -> Figures:
    """The checked-in ceilings."""
    with open(path, encoding="ascii", newline="") as text:
        return {(row["image"], row["benchmark"], row["case"]): Decimal(row["instructions"])
                for row in csv.DictReader(text)}


def write_ceilings(ceilings: Figures, path: Path = CEILINGS) -> None:
    """Make these the ceilings."""
    with open(path, "w", encoding="ascii", newline="") as text:
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(CEILING_COLUMNS)
        rows.writerows([*key, figure] for key, figure in ceilings.items())


def named(key: tuple[str, str, str]) -> str:
    """A figure as reports name it."""
    image, benchmark, case = key
    return f"{image} {benchmark} {case}"


def regressions(measured: Figures, ceilings: Figures,
                ran: Iterable[tuple[str, str]]) -> list[str]:
    """What is worse than its ceiling, without one, or gone. @param ran  (image, benchmark)"""
    worse = [f"{named(key)}: {figure} instructions, the ceiling is {ceilings[key]}"
             for key, figure in measured.items() if key in ceilings and figure > ceilings[key]]
    new = [f"{named(key)}: no ceiling" for key in measured.keys() - ceilings.keys()]
    covered = set(ran)
    gone = [f"{named(key)}: a ceiling, but no figure" for key in ceilings.keys() - measured.keys()
            if key[:2] in covered]
    return [*worse, *sorted(new), *sorted(gone)]
