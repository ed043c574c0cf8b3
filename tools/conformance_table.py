#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Print the table statement x test case x result.

Statements come from docs/abi.md (lines that begin with `- **V2-nnn**`), cases from the guest
tests (`TEST_CASE ("IPC-001", "sentence", "V2-113 V2-123")`), results from TAP logs, which may
contain other output. Statements that no case covers have to be in the table of docs/testing.md
that says why, and no others: rows that begin with `| V2-nnn`. The exit status is 1 if all this
does not fit together: a case cites an unknown statement or none, an id is defined twice, a case
id repeats, a log lacks a case or has one that does not exist, a statement is in neither list or
in both. Whether cases passed is the test runner's business.
"""

from __future__ import annotations

import argparse
import re
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator, Sequence

ROOT = Path (__file__).resolve ().parent.parent

STATEMENT = re.compile (r"- \*\*(V2-\d{3,})\*\*\s*((?:\[\w+\]\s*)*)(.*)")
SENTENCE_END = re.compile (r"(?<=[.:])\s+(?=[A-Z`])")
STATEMENT_ID = re.compile (r"V2-\d{3,}")
EXCUSED = re.compile (r"^\| *(V2-\d{3,}(?:, V2-\d{3,})*) *\|", re.MULTILINE)
# A string literal is kept and a comment is not, whichever begins first.
STRING_OR_COMMENT = re.compile (r'("(?:\\.|[^"\\\n])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
LITERAL = r'"((?:\\.|[^"\\\n])*)"'
CASE = re.compile (r"\bTEST_CASE\s*\(((?:[^()\"]|" + LITERAL + r")*)\)")
TAP_RESULT = re.compile (r"(not )?ok \d+ - (\S+)(.*)")
TAP_SKIP = re.compile (r"# SKIP\b", re.IGNORECASE)

# Of several results of one case in one log the worst counts.
SEVERITY = { "pass": 0, "skip": 1, "FAIL": 2 }


class Mismatch (Exception):
    """The inputs cannot be read at all."""


@dataclass
class Statement:
    id: str
    profiles: str
    sentence: str           # the first one


@dataclass
class Case:
    id: str
    sentence: str
    statements: list[str]
    place: str              # file:line


@dataclass
class Log:
    name: str
    results: dict[str, str] = field (default_factory = dict)     # case id -> pass, skip, FAIL


def read_statements (text: str) -> tuple[list[Statement], list[str]]:
    """The statements in the order of the page, and what is wrong with them."""
    statements: list[Statement] = []
    errors: list[str] = []
    seen: set[str] = set ()
    for number, line in enumerate (text.splitlines (), 1):
        match = STATEMENT.match (line)
        if not match:
            continue
        identifier, profiles, body = match.groups ()
        if identifier in seen:
            errors.append (f"line {number}: {identifier} is defined twice")
            continue
        seen.add (identifier)
        statements.append (Statement (identifier, profiles.strip (),
                                      SENTENCE_END.split (body.strip ())[0]))
    if not statements:
        errors.append ("no statements found")
    return statements, errors


def without_comments (source: str) -> str:
    """The source with every comment replaced by its line ends."""
    def keep (match: re.Match[str]) -> str:
        return match.group (1) or "\n" * match.group (0).count ("\n")
    return STRING_OR_COMMENT.sub (keep, source)


def case_arguments (text: str) -> list[str] | None:
    """The arguments of a TEST_CASE: adjacent literals join; None if one is not a literal."""
    arguments = [""]
    rest = text.strip ()
    while rest:
        literal = re.match (LITERAL, rest)
        if literal:
            arguments[-1] += literal.group (1).replace ('\\"', '"')
            rest = rest[literal.end ():].lstrip ()
        elif rest.startswith (","):
            arguments.append ("")
            rest = rest[1:].lstrip ()
        else:
            return None
    return arguments


def read_cases (source: str, name: str) -> tuple[list[Case], list[str]]:
    """The test cases of one source file, and what is wrong with them."""
    cases: list[Case] = []
    errors: list[str] = []
    source = without_comments (source)
    for match in CASE.finditer (source):
        place = f"{name}:{source.count (chr (10), 0, match.start ()) + 1}"
        arguments = case_arguments (match.group (1))
        if arguments is None or len (arguments) != 3:
            errors.append (f'{place}: not TEST_CASE ("ID", "sentence", "V2-nnn")')
            continue
        identifier, sentence, cited = arguments
        statements = STATEMENT_ID.findall (cited)
        if not statements or STATEMENT_ID.sub ("", cited).strip (" ,"):
            errors.append (f'{place}: {identifier} cites "{cited}", not statements')
        cases.append (Case (identifier, sentence, statements, place))
    return cases, errors


def read_tap (text: str, name: str) -> Log:
    """The results in a log; lines that are no TAP results are skipped."""
    log = Log (name)
    for line in text.splitlines ():
        match = TAP_RESULT.match (line.strip ())
        if not match:
            continue
        failed, case, rest = match.groups ()
        result = "FAIL" if failed else "skip" if TAP_SKIP.search (rest) else "pass"
        before = log.results.get (case, result)
        log.results[case] = max (before, result, key = SEVERITY.__getitem__)
    return log


def read_excused (text: str) -> list[str]:
    """The statements that are listed as having no case."""
    return [cited for row in EXCUSED.findall (text) for cited in STATEMENT_ID.findall (row)]


def check_excused (statements: Sequence[Statement], cases: Sequence[Case],
                   excused: Sequence[str], page: str) -> list[str]:
    """Statements without a case that the page does not list, and others that it does."""
    known = { statement.id for statement in statements }
    covered = { cited for case in cases for cited in case.statements }
    errors = [f"{statement.id} has neither a case nor a reason in {page}"
              for statement in statements if statement.id not in covered.union (excused)]
    errors += [f"{page}: {cited} has a case" for cited in excused if cited in covered]
    errors += [f"{page}: {cited} is unknown" for cited in excused if cited not in known]
    return errors


def check (statements: Sequence[Statement], cases: Sequence[Case],
           logs: Sequence[Log]) -> list[str]:
    """Where statements, cases and logs contradict each other."""
    errors: list[str] = []
    known = { statement.id for statement in statements }
    places: dict[str, str] = {}
    for case in cases:
        if case.id in places:
            errors.append (f"{case.place}: {case.id} is already at {places[case.id]}")
        places.setdefault (case.id, case.place)
        errors += [f"{case.place}: {case.id} cites unknown {cited}"
                   for cited in case.statements if cited not in known]
    for log in logs:
        errors += [f"{log.name}: no result of {case}" for case in places
                   if case not in log.results]
        errors += [f"{log.name}: result of unknown case {case}" for case in log.results
                   if case not in places]
    return errors


def rows (statements: Sequence[Statement], cases: Sequence[Case], logs: Sequence[Log],
          shown: str) -> Iterator[list[str]]:
    """One row per statement and citing case; a row without a case where there is none."""
    for statement in sorted (statements, key = lambda statement: int (statement.id[3:])):
        citing = [case for case in cases if statement.id in case.statements]
        if shown != "all" and bool (citing) != (shown == "covered"):
            continue
        text = f"{statement.profiles} {statement.sentence}".strip ()
        if not citing:
            yield [statement.id, text, "-"] + ["-"] * len (logs)
        for case in citing:
            yield [statement.id, text, case.id] + [log.results.get (case.id, "none")
                                                   for log in logs]


def render_text (head: list[str], body: list[list[str]], width: int = 64) -> str:
    def fit (text: str) -> str:
        return text if len (text) <= width else text[:width - 3] + "..."
    lines = [[fit (cell) for cell in row] for row in [head, *body]]
    widths = [max (len (row[i]) for row in lines) for i in range (len (head))]
    return "\n".join ("  ".join (cell.ljust (w) for cell, w in zip (row, widths)).rstrip ()
                      for row in lines)


def render_markdown (head: list[str], body: list[list[str]]) -> str:
    def line (cells: Sequence[str]) -> str:
        return "| " + " | ".join (cell.replace ("|", "\\|") for cell in cells) + " |"
    return "\n".join ([line (head), "|" + "---|" * len (head), *map (line, body)])


def summary (statements: Sequence[Statement], cases: Sequence[Case],
             logs: Sequence[Log]) -> list[str]:
    cited = { identifier for case in cases for identifier in case.statements }
    covered = sum (statement.id in cited for statement in statements)
    lines = [f"{len (statements)} statements: {covered} covered by {len (cases)} cases, "
             f"{len (statements) - covered} not covered"]
    for log in logs:
        results = [log.results.get (case.id, "none") for case in cases]
        counts = ", ".join (f"{results.count (result)} {result}" for result in [*SEVERITY, "none"])
        lines.append (f"{log.name}: {counts}")
    return lines


def tap_argument (text: str) -> tuple[str, Path]:
    name, separator, path = text.partition ("=")
    if not (name and separator and path):
        raise argparse.ArgumentTypeError (f"'{text}' is not NAME=PATH")
    return name, Path (path)


def parse_arguments (arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser (description = "Table of ABI statements, cases and results.")
    parser.add_argument ("--abi", type = Path, default = ROOT / "docs" / "abi.md",
                         help = "the specification (default: docs/abi.md)")
    parser.add_argument ("--tests", type = Path, default = ROOT / "tests" / "guest",
                         help = "directory of the cases (default: tests/guest)")
    parser.add_argument ("--testing", type = Path, default = ROOT / "docs" / "testing.md",
                         help = "the page with the statements that have no case "
                                "(default: docs/testing.md)")
    parser.add_argument ("--tap", type = tap_argument, action = "append", default = [],
                         metavar = "NAME=PATH", help = "a log with results; may be repeated")
    parser.add_argument ("--format", choices = ["text", "markdown"], default = "text")
    parser.add_argument ("--rows", choices = ["all", "covered", "uncovered"], default = "all",
                         help = "which statements to list")
    return parser.parse_args (arguments)


def read_file (path: Path) -> str:
    try:
        return path.read_text (encoding = "utf-8", errors = "replace")
    except OSError as error:
        raise Mismatch (f"{path}: {error.strerror}") from error


def collect_cases (directory: Path) -> tuple[list[Case], list[str]]:
    cases: list[Case] = []
    errors: list[str] = []
    for path in sorted (directory.rglob ("*.cpp")):
        found, wrong = read_cases (read_file (path), str (path.relative_to (directory)))
        cases += found
        errors += wrong
    return cases, errors


def main (arguments: Sequence[str] | None = None) -> int:
    options = parse_arguments (arguments)
    try:
        statements, errors = read_statements (read_file (options.abi))
        errors = [f"{options.abi.name}: {error}" for error in errors]
        cases, wrong = collect_cases (options.tests)
        excused = read_excused (read_file (options.testing))
        logs = [read_tap (read_file (path), name) for name, path in options.tap]
    except Mismatch as error:
        print (f"error: {error}", file = sys.stderr)
        return 1
    errors += wrong + check (statements, cases, logs)
    errors += check_excused (statements, cases, excused, options.testing.name)
    head = ["statement", "first sentence", "case", *(log.name for log in logs)]
    body = list (rows (statements, cases, logs, options.rows))
    render = render_markdown if options.format == "markdown" else render_text
    print (render (head, body))
    print ("\n" + "\n".join (summary (statements, cases, logs)))
    for error in errors:
        print (f"error: {error}", file = sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    signal.signal (signal.SIGPIPE, signal.SIG_DFL)      # quiet when the reader stops early
    sys.exit (main ())
