# SPDX-License-Identifier: BSD-2-Clause
"""Runs the tests that CMake knows and counts the cases inside them.

One test of ctest is often a whole program full of cases. The programs' own reports (GoogleTest,
unittest, TAP) say how many, so that the summary counts cases wherever they run.
"""

import re
import subprocess
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field
from pathlib import Path

from pecan import tap

GTEST = re.compile(r"^\[ +(OK|FAILED|SKIPPED) +\] .*\(\d+ ms\)$", re.MULTILINE)
UNITTEST = re.compile(r"^Ran (\d+) tests? in [\d.]+s\s+(?:OK|FAILED)(?: \((.*)\))?", re.MULTILINE)
TAP_PLAN = re.compile(r"^1\.\.\d+$", re.MULTILINE)
OUTPUT_LIMIT = 1_000_000
REPORT_LINES = 60


@dataclass
class Counts:
    """Cases by result, and what to tell about the failed ones."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reports: list[str] = field(default_factory=list)

    def add(self, other: "Counts") -> None:
        """Take over the cases of `other`."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.reports += other.reports


def _count_gtest(output: str) -> Counts | None:
    results = GTEST.findall(output)
    if not results:
        return None
    return Counts(results.count("OK"), results.count("FAILED"), results.count("SKIPPED"))


def _count_unittest(output: str) -> Counts | None:
    match = UNITTEST.search(output)
    if not match:
        return None
    kinds = dict(re.findall(r"([\w ]+?)=(\d+)", match.group(2) or ""))
    kinds = {kind.strip(" ,"): int(number) for kind, number in kinds.items()}
    failed = sum(kinds.get(kind, 0) for kind in ("failures", "errors", "unexpected successes"))
    skipped = kinds.get("skipped", 0)
    return Counts(int(match.group(1)) - failed - skipped, failed, skipped)


def _count_tap(output: str) -> Counts | None:
    return Counts(*tap.parse(output).count()) if TAP_PLAN.search(output) else None


def count_cases(name: str, passed: bool, output: str) -> Counts:
    """The cases inside the ctest test `name`. One that failed without naming a failed case, by
    crashing for instance, counts as a failed case of its own."""
    counts = (_count_gtest(output) or _count_unittest(output) or _count_tap(output)
              or Counts(passed=int(passed)))
    if not passed:
        counts.failed = max(counts.failed, 1)
        lines = output.rstrip().splitlines()[-REPORT_LINES:]
        counts.reports.append("\n    ".join([f"{name} failed:", *lines]))
    return counts


def read_report(path: Path) -> Counts:
    """The cases of a JUnit file that ctest wrote."""
    total = Counts()
    for test in xml.parse(path).getroot().iter("testcase"):
        if test.get("status") == "disabled":
            continue
        output = test.findtext("system-out") or ""
        total.add(count_cases(test.get("name", "?"), test.get("status") == "run", output))
    return total


def run(build_dir: Path, report: Path, *selection: str) -> Counts:
    """Run the tests that `selection` (options of ctest) picks."""
    report.unlink(missing_ok=True)
    done = subprocess.run(
        ["ctest", "--test-dir", str(build_dir), "--output-junit", str(report), "--timeout", "300",
         "--test-output-size-passed", str(OUTPUT_LIMIT),
         "--test-output-size-failed", str(OUTPUT_LIMIT), *selection],
        capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if "No tests were found" in done.stdout + done.stderr:
        return Counts()
    if not report.exists():
        return Counts(failed=1, reports=[f"ctest wrote no report:\n{done.stdout}{done.stderr}"])
    counts = read_report(report)
    if done.returncode != 0 and counts.failed == 0:
        counts.failed = 1
        counts.reports.append(f"ctest failed:\n{done.stdout}{done.stderr}")
    return counts
