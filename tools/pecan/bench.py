# SPDX-License-Identifier: BSD-2-Clause
"""tools/bench: all benchmarks on both images, side by side, against their ceilings."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pecan import clocks, ledger
from pecan.build import ROOT, BuildError, build, need_packages, say
from pecan.console import Answer, Console, GuestFailure
from pecan.figures import (BENCHMARKS, PROCESSORS, Figures, counting_machine, instructions,
                           read_ceilings, regressions, write_ceilings)
from pecan.machine import Machine, MachineError
from pecan.run import EXIT_FAILED, EXIT_GUEST, EXIT_INTERRUPTED, die_tidily, start

AT_A_TIME = 2
TIMEOUT = 600                           # seconds; a cycle model is slow
BOOT_TIMEOUT = 300

DESCRIPTION = """\
Runs the benchmarks on both images in QEMU, which counts instructions, and prints the figures side
by side. A figure above its ceiling in tests/bench/ceilings.csv is a regression. Every benchmark has
a boot of its own, so its figures do not depend on the others."""

EPILOG = """\
exit status: 0 if no figure is above its ceiling; 1 for a regression, or if the build or a benchmark
  failed; 2 for a wrong option; 126 if the guest panicked or hung.

examples:
  tools/bench                                     everything, as CI does
  tools/bench --only ipc --only fault
  tools/bench --only ipc --cycle-plugin model.so  clocks as well: one boot per case
  tools/bench --only ipc --cycle-plugin model.so --cold     the same with empty caches
  tools/bench --accept                            make these figures the ceilings"""


def parser() -> argparse.ArgumentParser:
    """The command line of tools/bench."""
    parse = argparse.ArgumentParser(prog="tools/bench", description=DESCRIPTION, epilog=EPILOG,
                                    formatter_class=argparse.RawDescriptionHelpFormatter,
                                    allow_abbrev=False)
    parse.add_argument("--only", action="append", default=[], choices=list(BENCHMARKS),
                       metavar="NAME", help="only this benchmark (may be repeated): "
                                            + ", ".join(BENCHMARKS))
    parse.add_argument("--image", action="append", default=[], choices=list(PROCESSORS),
                       help="only this image")
    parse.add_argument("--accept", action="store_true",
                       help="make the figures the new ceilings, whatever they are")
    parse.add_argument("--record", action="store_true",
                       help="append the figures to docs/ledger.md")
    parse.add_argument("--cycle-plugin", type=Path, metavar="PATH",
                       help="a TCG plugin of QEMU that models the processors' clocks between "
                            "markers: it takes pair=A:B:NAME, skip=N and out=FILE")
    parse.add_argument("--cold", action="store_true",
                       help="clocks with caches and TLBs that are empty when a path begins (the "
                            "plugin takes cold=both); not to be recorded")
    parse.add_argument("--build-dir", type=Path, default=ROOT / "build", metavar="DIR",
                       help="where to build (default: build/ of the tree)")
    return parse


def ask(machine: Machine, command: str, build_dir: Path) -> Answer:
    """Boot, and type one command."""
    with start(machine, build_dir) as running:
        console = Console(running)
        console.wait_for_prompt(BOOT_TIMEOUT)
        return console.run(command, TIMEOUT)


def measure(image: str, benchmark: str, build_dir: Path) -> tuple[Figures, list[str]]:
    """The figures of one benchmark, and what is wrong with them."""
    answer = ask(counting_machine(image, benchmark), f"bench {benchmark} --format csv", build_dir)
    found, wrong = instructions(answer, image, benchmark)
    return found, [f"{image} {benchmark}: {problem}:\n{answer.text}" for problem in wrong]


def measure_clocks(plugin: Path, key: tuple[str, str, str], cold: bool, build_dir: Path) -> str:
    """Estimated clocks of one case; empty where it has no markers."""
    image, benchmark, case = key
    if benchmark not in clocks.PAIRS:
        return ""
    with tempfile.TemporaryDirectory(prefix="pecan-bench-") as scratch:
        report = Path(scratch) / "report"
        machine = clocks.machine(image, plugin, benchmark, report, cold)
        answer = ask(machine, clocks.command(benchmark, case), build_dir)
        if answer.status != 0 or not report.exists():
            raise BuildError(f"no clocks of {image} {benchmark} {case}: {answer.text}")
        return clocks.clocks(report.read_text(errors="replace"), image, benchmark, case)


def print_table(measured: Figures, ceilings: Figures, estimates: dict,
                images: Sequence[str]) -> None:
    """One line per case, a figure per image, and what it differs from its ceiling by."""
    def cell(key: tuple[str, str, str]) -> str:
        if key not in measured:
            return f"{'-':>12}{'':9}" + f"{'':>12}" * bool(estimates)
        change = measured[key] - ceilings.get(key, measured[key])
        text = f"{measured[key]:>12}{f'({change:+})' if change else '':>9}"
        return text + (f"{estimates.get(key, ''):>12}" if estimates else "")

    head = "".join(f"{image:>12}{'':9}" + f"{'clocks':>12}" * bool(estimates) for image in images)
    print(f"{'benchmark':12}{'case':18}{head}".rstrip())
    for benchmark, case in dict.fromkeys(key[1:] for key in measured):
        cells = "".join(cell((image, benchmark, case)) for image in images)
        print(f"{benchmark:12}{case:18}{cells}".rstrip())


def settle(options: argparse.Namespace, measured: Figures, ceilings: Figures,
           ran: list[tuple[str, str]]) -> int:
    """Accept the figures, or say what is worse; the exit status."""
    if options.accept:
        kept = {key: figure for key, figure in ceilings.items() if key[:2] not in ran}
        everything = {**kept, **measured}
        order = [(image, benchmark) for image in PROCESSORS for benchmark in BENCHMARKS]
        write_ceilings({key: everything[key] for pair in order
                        for key in everything if key[:2] == pair})
        return 0
    problems = regressions(measured, ceilings, ran)
    for problem in problems:
        print(f"regression: {problem}")
    if not problems and any(figure < ceilings[key] for key, figure in measured.items()):
        print("figures below their ceilings: --accept keeps them so")
    return EXIT_FAILED if problems else 0


def run(options: argparse.Namespace, build_dir: Path) -> int:
    """Build, measure, print, compare."""
    images = options.image or list(PROCESSORS)
    ran = [(image, benchmark) for benchmark in BENCHMARKS
           if benchmark in (options.only or BENCHMARKS) for image in images]
    need_packages("build", "qemu")
    build(build_dir, ["boot", "bundle"])
    measured: Figures = {}
    wrong: list[str] = []
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for found, problems in pool.map(lambda pair: measure(*pair, build_dir), ran):
            measured.update(found)
            wrong += problems
        estimates = {} if not options.cycle_plugin else dict(zip(measured, pool.map(
            lambda key: measure_clocks(options.cycle_plugin, key, options.cold, build_dir),
            measured)))
    ceilings = read_ceilings()
    print_table(measured, ceilings, estimates, images)
    if wrong:
        print("\n".join(wrong))
        return EXIT_FAILED
    if options.record:
        ledger.append([(key[0], " ".join(key[1:]), str(figure), estimates.get(key, ""))
                       for key, figure in measured.items()])
    return settle(options, measured, ceilings, ran)


def main(arguments: Sequence[str]) -> int:
    """Run the command; the result is the exit status."""
    die_tidily()
    parse = parser()
    options = parse.parse_args(arguments)
    if options.cycle_plugin and not options.cycle_plugin.is_file():
        parse.error(f"there is no plugin {options.cycle_plugin}")
    if options.cold and (options.record or not options.cycle_plugin):
        parse.error("--cold goes with --cycle-plugin, and without --record")
    try:
        return run(options, options.build_dir.resolve())
    except (BuildError, MachineError, OSError) as error:
        say(str(error))
        return EXIT_FAILED
    except GuestFailure as failure:
        say(failure.report())
        return EXIT_GUEST
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
