# SPDX-License-Identifier: BSD-2-Clause
"""Reads what the guest's conformance suite prints (TAP 13, docs/testing.md).

A suite that stops half way must never look green: the plan, the numbers, the last line and the
exit status have to agree, and each disagreement is a problem of its own.
"""

import re
from dataclasses import dataclass, field

CASE = re.compile(r"(not )?ok (\d+)(?: - (.*))?$")
PLAN = re.compile(r"1\.\.(\d+)$")
SUMMARY = re.compile(r"# (\d+) passed, (\d+) failed, (\d+) skipped$")
SKIP = re.compile(r"# *SKIP", re.IGNORECASE)
MOST_FAILURES = 125                     # the exit status cannot count further


@dataclass
class Case:
    """One test case: its number, its line, and the comments that followed it."""

    number: int
    passed: bool
    skipped: bool
    description: str
    details: list[str] = field(default_factory=list)


@dataclass
class Tap:
    """What a TAP stream said."""

    cases: list[Case] = field(default_factory=list)
    planned: int | None = None
    summary: tuple[int, int, int] | None = None
    versioned: bool = False

    def count(self) -> tuple[int, int, int]:
        """Cases passed, failed, skipped."""
        failed = sum(not case.passed for case in self.cases)
        skipped = sum(case.passed and case.skipped for case in self.cases)
        return len(self.cases) - failed - skipped, failed, skipped

    def problems(self, status: int) -> list[str]:
        """Why the stream cannot be believed, given the exit status that came with it."""
        found = []
        if not self.versioned:
            found.append("no line 'TAP version 13'")
        if self.planned is None:
            found.append("no plan (1..N)")
        elif [case.number for case in self.cases] != list(range(1, self.planned + 1)):
            found.append(f"{self.planned} cases planned, but the results are not 1 to "
                         f"{self.planned} ({len(self.cases)} came)")
        if not self.cases:
            found.append("no case ran")
        if self.summary is None:
            found.append("the last line '# N passed, M failed, K skipped' is missing")
        elif self.summary != self.count():
            found.append(f"the last line says {self.summary}, the cases say {self.count()}")
        failed = min(self.count()[1], MOST_FAILURES)
        if status != failed:
            found.append(f"status {status} after {failed} failed cases")
        return found


def parse(text: str) -> Tap:
    """Read a TAP stream; lines that are no TAP are left out."""
    tap = Tap()
    for line in text.splitlines():
        line = line.rstrip()
        if not line:
            continue
        tap.summary = None              # only the very last line is the summary
        if line == "TAP version 13":
            tap.versioned = True
        elif match := PLAN.match(line):
            tap.planned = int(match.group(1))
        elif match := SUMMARY.match(line):
            tap.summary = tuple(int(number) for number in match.groups())
        elif match := CASE.match(line):
            description = match.group(3) or ""
            tap.cases.append(Case(int(match.group(2)), match.group(1) is None,
                                  bool(SKIP.search(description)), description))
        elif line.startswith("#") and tap.cases:
            tap.cases[-1].details.append(line)
    return tap
