# SPDX-License-Identifier: BSD-2-Clause
"""What a suite is, and what suites that talk to a guest share."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pecan import media, tap
from pecan.console import Answer, Console, GuestFailure
from pecan.ctest import Counts
from pecan.machine import Machine
from pecan.run import start

BOOT_TIMEOUT = 60
GUEST_TIMEOUT = 180
LAST_LINES = 15


@dataclass(frozen=True)
class Context:
    """What every suite gets: where things are."""

    build_dir: Path
    results: Path


@dataclass(frozen=True)
class Suite:
    """A named set of test cases."""

    name: str
    purpose: str
    run: Callable[[Context], Counts]
    full_only: bool = False
    media: tuple[str, ...] = ()         # images to be built before


def images(machine: Machine) -> tuple[str, ...]:
    """What the build has to make before a machine can boot."""
    target = media.target_of(machine)
    return (target,) if target else ()


def with_console(machine: Machine, context: Context, name: str,
                 talk: Callable[[Console], Counts]) -> Counts:
    """Boot `machine` and let `talk` use its console. All output is kept in the results; a guest
    that fails is one failed case, told with its last output."""
    log = context.results / f"{name}.log"
    with tempfile.TemporaryDirectory(prefix="pecan-suite-") as scratch:
        machine = media.with_image(machine, context.build_dir, Path(scratch))
        with start(machine, context.build_dir) as running:
            console = Console(running)
            try:
                console.wait_for_prompt(BOOT_TIMEOUT)
                return talk(console)
            except GuestFailure as failure:
                return Counts(failed=1, reports=[f"{name}: {failure.report()}"])
            finally:
                log.write_text(console.output, encoding="latin-1")


def conformance(answer: Answer, name: str, context: Context) -> Counts:
    """Count the cases of a conformance run; what makes it incredible counts as failed, too."""
    (context.results / f"{name}.tap").write_text(answer.text, encoding="latin-1")
    result = tap.parse(answer.text)
    passed, failed, skipped = result.count()
    reports = ["\n".join([f"{name}: not ok - {case.description}", *case.details])
               for case in result.cases if not case.passed]
    problems = result.problems(answer.status)
    if problems:
        last = "\n    ".join(answer.text.splitlines()[-LAST_LINES:])
        reports.append(f"{name}: {'; '.join(problems)}; the last output:\n    {last}")
    return Counts(passed, failed + bool(problems), skipped, reports)
