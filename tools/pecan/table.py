# SPDX-License-Identifier: BSD-2-Clause
"""The table of ABI statements against test cases and their results, from the guests' reports."""

import subprocess
import sys
from pathlib import Path

from pecan.build import ROOT
from pecan.ctest import Counts

SCRIPT = ROOT / "tools" / "conformance_table.py"


def check(results: Path, suites: list[str]) -> Counts:
    """Write the table of the conformance runs of `suites`; its complaints are one failed case."""
    reports = [path for suite in suites if (path := results / f"{suite}.tap").exists()]
    if not reports:
        return Counts()
    done = subprocess.run([sys.executable, str(SCRIPT), *map(str, reports)],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL)
    (results / "conformance.txt").write_text(done.stdout)
    if done.returncode != 0:
        return Counts(failed=1, reports=[f"{SCRIPT.name} failed:\n{done.stdout}{done.stderr}"])
    print(f"statements and results: {results / 'conformance.txt'}")
    return Counts(passed=1)
