# SPDX-License-Identifier: BSD-2-Clause
"""The ledger of figures, docs/ledger.md: rows are only ever appended."""

import subprocess
from collections.abc import Sequence
from datetime import date

from pecan.build import ROOT

LEDGER = ROOT / "docs" / "ledger.md"


def commit() -> str:
    """The commit that was measured; a `+` says that the tree had more than it."""
    named = subprocess.run(["git", "describe", "--always", "--abbrev=7", "--dirty=+",
                            "--exclude=*"], cwd=ROOT, capture_output=True, text=True)
    return named.stdout.strip() or "unknown"


def append(rows: Sequence[tuple[str, str, str, str]]) -> None:
    """Append (image, case, instructions, clocks)."""
    today, measured = date.today().isoformat(), commit()
    with open(LEDGER, "a", encoding="ascii") as ledger:
        for row in rows:
            ledger.write(f"| {' | '.join((today, measured, *row))} |\n")
