# SPDX-License-Identifier: BSD-2-Clause
"""Suites that type into a running program, as a person at the terminal does: the interactive shell
of the Unix server, with its line editing, signals from the keyboard, and job control."""

import re
from dataclasses import dataclass, replace

from pecan.console import Console, GuestFailure
from pecan.ctest import Counts
from pecan.machine import Machine
from pecan.suite import Context, Suite, images, with_console

STEP_TIMEOUT = 30
CONTROL_C, CONTROL_D, CONTROL_Z, ESCAPE = "\x03", "\x04", "\x1a", "\x1d"
PROMPT = r"# $"


@dataclass(frozen=True)
class Step:
    """What is typed, and what must come then: a pattern for the whole output until it matches."""

    typed: str
    pattern: str


# lksh edits lines itself, in raw mode; cat reads lines that the terminal edits. What is to be
# interrupted says first that it runs: before, the key would be the shell's.
SLEEP = "sh -c 'echo on; exec sleep 1000'\r"
SHELL_STEPS = (
    Step("unix\r", PROMPT),
    Step("echo $((6*7))\r", r"\r\n42\r\n" + PROMPT),
    Step("echo wrong\x15echo right\r", r"\r\nright\r\n" + PROMPT),
    # The terminal's own line editing, and the end of the file.
    Step("cat\r", r"cat\r+\n$"),
    Step("one\x7f\x7f\x7ftwo\r", r"two\r\ntwo\r\n$"),
    Step(CONTROL_D, PROMPT),
    # ^C ends what waits, and what computes; the shell goes on.
    Step(SLEEP, r"\non\r\n$"),
    Step(CONTROL_C, r"\^C.*" + PROMPT),
    Step("echo $?\r", r"\r\n130\r\n" + PROMPT),
    Step("echo on; while :; do :; done\r", r"\non\r\n$"),
    Step(CONTROL_C, r"\^C.*" + PROMPT),
    Step("sh -c 'echo on; while :; do :; done'\r", r"\non\r\n$"),
    Step(CONTROL_C, r"\^C.*" + PROMPT),
    # A trap of the shell's own.
    Step("trap 'echo caught' INT\r", PROMPT),
    Step(CONTROL_C, r"caught\r\n.*" + PROMPT),
    Step("trap - INT\r", PROMPT),
    # Job control: stop, list, go on in the background, bring back.
    Step(SLEEP, r"\non\r\n$"),
    Step(CONTROL_Z, r"\^Z.*Stopped.*" + PROMPT),
    Step("jobs\r", r"Stopped.*sleep 1000.*" + PROMPT),
    Step("bg\r", r"sleep 1000.*" + PROMPT),
    Step("jobs\r", r"Running.*sleep 1000.*" + PROMPT),
    Step("fg\r", r"sleep 1000.\s*\n$"),
    Step(CONTROL_C, r"\^C.*" + PROMPT),
    # Who reads in the background is stopped.
    Step("cat &\r", PROMPT),
    Step("sleep 1; jobs\r", r"Stopped.*cat.*" + PROMPT),
    Step("kill %1; wait\r", PROMPT),
    Step("exit 5\r", r"\[status 5\]\r?\npecan> $"),
    # A program that ignores ^C is left by the console's own keys.
    Step("unix -c 'trap \"\" INT QUIT TSTP; echo on; while :; do :; done'\r", r"\non\r\n$"),
    Step(CONTROL_C, r"\^C$"),
    Step(ESCAPE + "k", r"\[status 130\]\r?\npecan> $"),
)


def typing_suite(name: str, purpose: str, machine: Machine, steps: tuple[Step, ...],
                 full_only: bool = False) -> Suite:
    """Each step is a case; behind one that fails the rest cannot be judged."""

    def talk(console: Console) -> Counts:
        counts = Counts()
        for number, step in enumerate(steps):
            try:
                console.type(step.typed)
                console.expect(re.compile(step.pattern, re.DOTALL), STEP_TIMEOUT)
            except GuestFailure as failure:
                counts.add(Counts(failed=len(steps) - number, reports=[
                    f"{name}: after {step.typed!r} not {step.pattern!r}: {failure.report()}"]))
                return counts
            counts.add(Counts(passed=1))
        return counts

    def run(context: Context) -> Counts:
        if not (context.build_dir / "unix" / "packages" / "stamp").exists():
            return Counts(skipped=len(steps), reports=[
                f"{name}: skipped: the Debian programs could not be fetched"])
        return with_console(machine, context, name, talk)

    return Suite(name, purpose, run, full_only, images(machine))


def all_suites(machine: Machine, on_bochs: Machine) -> list[Suite]:
    """The suites, on what the other suites' machines are made from."""
    return [
        typing_suite("typing-486", "keys typed to the Unix server's shell, QEMU 486",
                     replace(machine, cpu="486"), SHELL_STEPS),
        typing_suite("typing-pentium", "the same, QEMU Pentium", machine, SHELL_STEPS,
                     full_only=True),
        typing_suite("typing-bochs", "the same in Bochs", on_bochs, SHELL_STEPS, full_only=True),
    ]
