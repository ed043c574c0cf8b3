# SPDX-License-Identifier: BSD-2-Clause
"""The table of ABI statements against test cases and their results, from the guests' reports."""

import subprocess
import sys
from pathlib import Path

from pecan.build import ROOT
from pecan.ctest import Counts

SCRIPT = ROOT / "tools" / "conformance_table.py"

MOST_ERRORS = 10


def check(results: Path, suites: list[str]) -> Counts:
    """Write the table of the conformance runs of `suites`; its complaints are one failed case."""
    logs = [f"--tap={suite}={path}" for suite in suites
            if (path := results / f"{suite}.tap").exists()]
    if not logs:
        return Counts()
    done = subprocess.run([sys.executable, str(SCRIPT), *logs],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL)
    table = results / "conformance.txt"
    table.write_text(done.stdout)
    if done.returncode != 0:
        errors = done.stderr.splitlines()
        more = [f"... and {len(errors) - MOST_ERRORS} more"] * (len(errors) > MOST_ERRORS)
        return Counts(failed=1, reports=["\n    ".join([
            f"statements, cases and results do not fit together ({table}):",
            *errors[:MOST_ERRORS], *more])])
    print(f"statement x case x result: {table}")
    return Counts(passed=1)
