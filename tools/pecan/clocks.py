# SPDX-License-Identifier: BSD-2-Clause
"""Estimated clocks of benchmark cases, by a plugin of QEMU that models the processors.

The plugin measures from one marker of the guest to another (`pair=`), and reports, for each
processor, the values that were most frequent. One boot per case: the report knows no cases.
"""

import re
from dataclasses import replace
from pathlib import Path

from pecan.build import BuildError
from pecan.figures import counting_machine
from pecan.machine import Machine

# From marker to marker: around the path, or from turn to turn of a loop. The others have none.
PATH, TURN = "m1:m2", "m3:m3"
PAIRS = {"ipc": PATH, "irq": PATH, "fault": PATH, "unmap": PATH, "syscall": PATH,
         "exception": PATH, "scale": PATH, "tlb": TURN, "rpc": TURN}

# Batches are few, as the model is slow; where a batch is one path there must be more of them.
BATCHES = {"irq": 50, "unmap": 20, "scale": 2}
FEW_BATCHES = 5
# Intervals to be left out: bench irq begins with as many without a handler as it has batches.
SKIPPED = {"irq": BATCHES["irq"] + 2}

# Empty loops have the markers, too. Nothing that enters the kernel and leaves it is shorter.
SHORTEST = 70

PROCESSOR = {"i486": "486", "pentium": "P5"}    # as the report calls them
NUMBER = re.compile(r"\d+$")


def plugin(path: Path, benchmark: str, report: Path, cold: bool = False) -> str:
    """QEMU's argument for a plugin that watches `benchmark`. Cold: caches and TLBs are empty when a
    path begins."""
    text = f"{path.resolve()},pair={PAIRS[benchmark]}:path,out={report}" + ",cold=both" * cold
    return text + (f",skip={SKIPPED[benchmark]}" if benchmark in SKIPPED else "")


def command(benchmark: str, case: str) -> str:
    """What to type for one case."""
    batches = BATCHES.get(benchmark, FEW_BATCHES)
    return f"bench {benchmark} --case {case} --batches {batches} --format csv"


def machine(image: str, path: Path, benchmark: str, report: Path, cold: bool = False) -> Machine:
    """The machine to type it at."""
    return replace(counting_machine(image, benchmark),
                   plugin=plugin(path, benchmark, report, cold))


def most_frequent(report: str, image: str) -> list[int]:
    """The most frequent number of clocks of a path; two where two directions are as frequent."""
    found = re.search(rf"^path +{PROCESSOR[image]} .*\n +most frequent: (.*)$", report,
                      re.MULTILINE)
    if not found:
        raise BuildError("the cycle plugin has written no report")
    values = [(int(value), int(share)) for value, share in
              re.findall(r"(\d+) \((\d+)%\)", found[1]) if int(value) >= SHORTEST]
    if not values:
        return []
    first = values[0]
    return sorted({value for value, share in values[:2] if 2 * share >= first[1] > 0}
                  or {first[0]})


def clocks(report: str, image: str, benchmark: str, case: str) -> str:
    """The same as text, per page where a path has several."""
    number = NUMBER.search(case)
    pages = int(number[0]) if benchmark == "unmap" and number else 1
    rounded = dict.fromkeys(f"{value / pages:.0f}" for value in most_frequent(report, image))
    return "..".join(rounded) or "-"
