# SPDX-License-Identifier: BSD-2-Clause
"""tools/listing: what each instruction of a benchmark's path costs, by a cycle model.

The plugin of QEMU that `tools/bench --cycle-plugin` takes also lists an interval between two
markers, instruction by instruction (`trace=path:N`, `elf=FILE` for symbols), and can flush the
caches and TLBs of its models before each (`cold=both`). Here both listings become one table, with
the cache lines that the path touches.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pecan import clocks
from pecan.bench import ask
from pecan.build import ROOT, BuildError, build, need_packages, say
from pecan.figures import PROCESSORS, counting_machine
from pecan.machine import MachineError
from pecan.run import EXIT_FAILED, die_tidily

DESCRIPTION = """Prints the path of a benchmark instruction by instruction: clocks by a model of
the image's processor, warm and with cold caches and TLBs, pipe of the Pentium, and what it waits
for."""
EPILOG = """examples:
  tools/listing --cycle-plugin model.so ipc different-spaces
  tools/listing --cycle-plugin model.so --image i486 irq same-space
  tools/listing --cycle-plugin model.so --write      docs/listings anew
"""

OUTPUT = ROOT / "docs" / "listings"            # a file for each image
LINE_BITS = {"i486": 4, "pentium": 5}
COLUMN = {"pentium": 3, "i486": 4}                  # of the report
# An interval that is a path, not a turn of the empty loop, when all is warm: by benchmark, or case.
INTERVAL = {"ipc": 501, "irq": 70, "same-space ipc": 2001, "different-spaces ipc": 2001}
DOCUMENTED = (("ipc", "same-space"), ("ipc", "different-spaces"), ("ipc", "timeouts"),
              ("ipc", "halves"), ("ipc", "direct-64"), ("ipc", "string-512"), ("irq", "same-space"))

HEAD = re.compile(r"^interval #\d+ of 'path': +P5 (\d+) cycles +486 (\d+) cycles")
ROW = re.compile(r"^([0-9a-f]{8}) (.{27})([^|]*)\|([^|]*)\|([^|]*)$")
CELL = re.compile(r"^ *(\d+) ?([UVn]?) *([^@]*)(?:@(\S+))?")


@dataclass(frozen=True)
class Instruction:
    """One row of a listing."""

    address: int
    symbol: str
    text: str
    clocks: int
    pipe: str
    waits: str
    data: tuple[int, ...]           # addresses that were not in a cache or TLB


@dataclass(frozen=True)
class Path_:
    """What ran between two markers, once."""

    clocks: int
    rows: list[Instruction]

    def executed(self) -> int:
        """Instructions; an interrupt is none."""
        return sum("---" not in row.text for row in self.rows)


def read(report: str, image: str) -> Path_:
    """The listing in a report."""
    total, rows = 0, []
    for line in report.splitlines():
        if head := HEAD.match(line):
            total = int(head[1 if image == "pentium" else 2])
        elif row := ROW.match(line):
            cell = CELL.match(row[COLUMN[image] + 1])
            if cell:
                data = tuple(int(a, 16) for a in (cell[4] or "").split(",") if a)
                rows.append(Instruction(int(row[1], 16), row[2].strip(), row[3].strip(),
                                        int(cell[1]), cell[2], cell[3].strip(), data))
    if not rows:
        raise BuildError("the cycle plugin has listed nothing:\n" + report)
    return Path_(total, rows)


def trace(plugin: Path, image: str, benchmark: str, case: str, cold: bool,
          build_dir: Path) -> Path_:
    """Run a case with one interval listed."""
    with tempfile.TemporaryDirectory(prefix="pecan-listing-") as scratch:
        report = Path(scratch) / "report"
        interval = INTERVAL.get(f"{case} {benchmark}", INTERVAL[benchmark])
        text = (f"{plugin.resolve()},elf=bin/kernel-{image},elf=bin/bench,pair=m1:m2:path,"
                f"trace=path:{interval},out={report}" + ",cold=both" * cold)
        machine = replace(counting_machine(image, benchmark), plugin=text)
        answer = ask(machine, clocks.command(benchmark, case), build_dir)
        if answer.status != 0 or not report.exists():
            raise BuildError(f"no listing of {image} {benchmark} {case}: {answer.text}")
        return read(report.read_text(errors="replace"), image)


def lines_touched(path: Path_, image: str) -> tuple[int, int]:
    """Cache lines of code and of data that a path with cold caches has touched."""
    bits = LINE_BITS[image]
    code = {row.address >> bits for row in path.rows if "---" not in row.text}
    data = {address >> bits for row in path.rows for address in row.data}
    return len(code), len(data)


def table(image: str, warm: Path_, cold: Path_) -> list[str]:
    """One line per instruction; the turns of a REP in one."""
    colder = [row.clocks for row in cold.rows]
    if [row.address for row in cold.rows] != [row.address for row in warm.rows]:
        colder = []
    pipes = image == "pentium"
    result = []
    index = 0
    while index < len(warm.rows):
        row, end = warm.rows[index], index + 1
        while end < len(warm.rows) and (warm.rows[end].address, warm.rows[end].text) == (
                row.address, row.text):
            end += 1
        spent = sum(r.clocks for r in warm.rows[index:end])
        text = row.text + (f"  x {end - index}" if end > index + 1 else "")
        cost = f"{spent:>5}" + (f" {row.pipe:1}" if pipes else "")
        if colder:
            cost += f"{sum(colder[index:end]):>6}"
        waits = row.waits if end == index + 1 else ""
        result.append(f"{row.symbol[:30]:31}{text[:38]:39}{cost} {waits}".rstrip())
        index = end
    return result


def listing(plugin: Path, image: str, benchmark: str, case: str, build_dir: Path) -> list[str]:
    """The table of one path, with its sums."""
    warm = trace(plugin, image, benchmark, case, False, build_dir)
    cold = trace(plugin, image, benchmark, case, True, build_dir)
    code, data = lines_touched(cold, image)
    size = 1 << LINE_BITS[image]
    head = (f"{'':31}{'':39} warm" + (" p" if image == "pentium" else "") + "  cold")
    return [head, *table(image, warm, cold), "",
            f"{warm.executed()} instructions, {warm.clocks} clocks warm, {cold.clocks} cold;"
            f" {code} lines of code and {data} of data: {(code + data) * size} bytes of cache"]


def document(plugin: Path, image: str, build_dir: Path) -> str:
    """All that docs/ipc.md refers to, of one image."""
    text = [f"Listings of the fast paths of image {image}, which docs/ipc.md explains. Written by",
            "tools/listing --cycle-plugin PATH --write.", "",
            "Columns: clocks warm, pipe (Pentium: U, V = with the line above, n = alone), clocks",
            "with caches and TLBs emptied before, and what the processor waits for when warm. The",
            "first line is the trap, or the OUT that raises an interrupt; the clocks of a path are",
            "the sum.", ""]
    for benchmark, case in DOCUMENTED:
        text += [f"==== {benchmark} {case}", "",
                 *listing(plugin, image, benchmark, case, build_dir), ""]
    return "\n".join(text)


def parser() -> argparse.ArgumentParser:
    """The command line of tools/listing."""
    parse = argparse.ArgumentParser(prog="tools/listing", description=DESCRIPTION, epilog=EPILOG,
                                    formatter_class=argparse.RawDescriptionHelpFormatter,
                                    allow_abbrev=False)
    parse.add_argument("benchmark", nargs="?", choices=["ipc", "irq"], help="ipc or irq")
    parse.add_argument("case", nargs="?", help="one of its cases")
    parse.add_argument("--cycle-plugin", type=Path, metavar="PATH", required=True,
                       help="the plugin of QEMU that models the processors")
    parse.add_argument("--image", choices=list(PROCESSORS), default="pentium")
    parse.add_argument("--write", action="store_true", help="write docs/listings")
    parse.add_argument("--build-dir", type=Path, default=ROOT / "build", metavar="DIR",
                       help="where to build (default: build/ of the tree)")
    return parse


def main(arguments: Sequence[str]) -> int:
    """Run the command; the result is the exit status."""
    die_tidily()
    parse = parser()
    options = parse.parse_args(arguments)
    if not options.cycle_plugin.is_file():
        parse.error(f"there is no plugin {options.cycle_plugin}")
    if not options.write and options.case is None:
        parse.error("name a benchmark and a case")
    try:
        need_packages("build", "qemu")
        build_dir = options.build_dir.resolve()
        build(build_dir, ["boot", "bundle"])
        if options.write:
            OUTPUT.mkdir(exist_ok=True)
            for image in PROCESSORS:
                (OUTPUT / f"{image}.txt").write_text(
                    document(options.cycle_plugin, image, build_dir))
        else:
            print("\n".join(listing(options.cycle_plugin, options.image, options.benchmark,
                                    options.case, build_dir)))
    except (BuildError, MachineError, OSError) as error:
        say(str(error))
        return EXIT_FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
