# SPDX-License-Identifier: BSD-2-Clause
"""tools/test: builds everything, runs the suites, ends in one summary line."""

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from fnmatch import fnmatchcase
from pathlib import Path

from pecan import table
from pecan.build import ROOT, BuildError, build, need_packages, say
from pecan.ctest import Counts
from pecan.machine import end_all
from pecan.run import EXIT_FAILED, EXIT_INTERRUPTED, die_tidily
from pecan.suites import Context, Suite, all_suites

AT_A_TIME = 2

DESCRIPTION = """\
Builds Pecan and runs its tests: the suites that CI runs, two at a time. The last line says
'N passed, M failed', counting test cases. What the guests wrote is kept in build/results/."""

EPILOG = """\
exit status: 0 if every case passed, 1 if one failed or the build did, 2 for a wrong option."""


def parser() -> argparse.ArgumentParser:
    """The command line of tools/test."""
    parse = argparse.ArgumentParser(prog="tools/test", description=DESCRIPTION, epilog=EPILOG,
                                    formatter_class=argparse.RawDescriptionHelpFormatter,
                                    allow_abbrev=False)
    parse.add_argument("--full", action="store_true", help="the suites that CI leaves out as well")
    parse.add_argument("--only", action="append", default=[], metavar="NAME",
                       help="only the suite NAME, or those that match it (guest-*); "
                            "may be repeated")
    parse.add_argument("--list", action="store_true", help="list the suites and stop")
    parse.add_argument("--build-dir", type=Path, default=ROOT / "build", metavar="DIR",
                       help="where to build (default: build/ of the tree)")
    return parse


def chosen_suites(parse: argparse.ArgumentParser, options: argparse.Namespace) -> list[Suite]:
    """The suites that the command line asks for; a name that is none is a usage error."""
    suites = all_suites()
    for name in options.only:
        if not any(fnmatchcase(suite.name, name) for suite in suites):
            parse.error(f"no suite {name}; tools/test --list names them")
    if options.only:
        return [suite for suite in suites
                if any(fnmatchcase(suite.name, name) for name in options.only)]
    return [suite for suite in suites if options.full or not suite.full_only]


def print_list() -> None:
    """One line per suite."""
    for suite in all_suites():
        print(f"{suite.name:16} {suite.purpose}{' (--full)' if suite.full_only else ''}")


def run_one(suite: Suite, context: Context) -> tuple[Counts, float]:
    """Run a suite. A tool that breaks is a failed case, so that the others still run."""
    begin = time.monotonic()
    try:
        counts = suite.run(context)
    except (OSError, ValueError, RuntimeError) as error:
        counts = Counts(failed=1, reports=[f"{suite.name}: {type(error).__name__}: {error}"])
    return counts, time.monotonic() - begin


def print_result(suite: Suite, counts: Counts, seconds: float) -> None:
    """The reports of a suite and its line."""
    for report in counts.reports:
        print(report)
    skipped = f", {counts.skipped} skipped" if counts.skipped else ""
    verdict = "FAILED" if counts.failed else "ok"
    print(f"{suite.name:16} {verdict:6} {seconds:6.1f} s   "
          f"{counts.passed} passed, {counts.failed} failed{skipped}", flush=True)


def run_all(suites: Sequence[Suite], context: Context) -> Counts:
    """Run the suites side by side, printing each when it is done."""
    total = Counts()
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        running = {pool.submit(run_one, suite, context): suite for suite in suites}
        try:
            for done in as_completed(running):
                counts, seconds = done.result()
                print_result(running[done], counts, seconds)
                total.add(counts)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise
    return total


def run_table(suites: Sequence[Suite], context: Context) -> Counts:
    """Put the results of the conformance runs together, once all of them are there."""
    names = [suite.name for suite in suites]
    last = Suite("table", "statements, cases and results fit together",
                 lambda where: table.check(where.results, names))
    counts, seconds = run_one(last, context)
    if counts != Counts():
        print_result(last, counts, seconds)
    return counts


def forget_results(suites: Sequence[Suite], results: Path) -> None:
    """A guest that dies must not be judged by what it wrote last time."""
    results.mkdir(exist_ok=True)
    for suite in suites:
        for old in results.glob(f"{suite.name}*"):
            old.unlink()


def prepare(suites: Sequence[Suite], build_dir: Path) -> None:
    """Packages and build, timed like a suite."""
    begin = time.monotonic()
    need_packages("build", "qemu", "bochs", "media")
    images = sorted({medium for suite in suites for medium in suite.media})
    build(build_dir, ["all", *images])
    print(f"{'build':16} {'ok':6} {time.monotonic() - begin:6.1f} s", flush=True)


def main(arguments: Sequence[str]) -> int:
    """Run the command; the result is the exit status."""
    die_tidily()
    parse = parser()
    options = parse.parse_args(arguments)
    if options.list:
        print_list()
        return 0
    suites = chosen_suites(parse, options)
    context = Context(options.build_dir.resolve(), options.build_dir.resolve() / "results")
    try:
        prepare(suites, context.build_dir)
        forget_results(suites, context.results)
        total = run_all(suites, context)
        total.add(run_table(suites, context))
    except BuildError as error:
        say(str(error))
        print("0 passed, 1 failed")
        return EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    print(f"{total.passed} passed, {total.failed} failed")
    return EXIT_FAILED if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
