# SPDX-License-Identifier: BSD-2-Clause
"""The suites of the Unix server: programs of our own, and the shell cases, whose output must be
what the same programs print on Linux."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pecan.console import Console, GuestFailure
from pecan.ctest import Counts
from pecan.machine import Machine
from pecan.shell_cases import Case, Native, NativeError, NativeMissing, cases
from pecan.suite import BOOT_TIMEOUT, GUEST_TIMEOUT, Context, Suite, images, with_console

# What the Unix server runs: command, status, and what is printed, line by line. A line that ends a
# process by a signal says where; that depends on how the program was linked.
UNIX_SIGNAL = r"unix: process \d+: signal {} at [0-9a-f]{{8}}"
UNIX_COMMANDS = (
    ("unix --root test", 2, [r"usage: unix \[--root NAME\] \[-c .*\]"]),
    ("unix --root none -c x", 127, [r"unix: no root file system none\.root: .*"]),
    ("unix --root test -c nothere", 127, [r"unix: /bin/nothere: not found"]),
    ("unix --root test -c /bin", 127, [r"unix: /bin: not a program"]),
    ("unix --root test -c 'hello  a b'", 3, [r"hello /bin/hello a b"]),
    ("unix --root test -c report", 0, [
        *["ok .*"] * 12, r"hello /bin/hello from", *["ok .*"] * 3, UNIX_SIGNAL.format(11),
        *["ok .*"] * 3, r"unix: process 2: unknown system call 9999 at [0-9a-f]{8}", "ok .*"]),
    ("unix --root test -c hostile", 0, [*[UNIX_SIGNAL.format(11)] * 8, UNIX_SIGNAL.format(31),
                                        *[UNIX_SIGNAL.format(11)] * 3, r"still here"]),
    ("unix --root test -c files", 0, [
        *["ok .*"] * 198, UNIX_SIGNAL.format(7), *["ok .*"] * 17]),
    ("unix --root test -c signals", 0, ["ok .*"] * 46),
    ("unix --root test -c waiting", 0, ["ok .*"] * 42),
)


def unix_suite(name: str, purpose: str, machine: Machine) -> Suite:
    """Linux programs by the Unix server: what they print and how they end."""

    def talk(console: Console) -> Counts:
        counts = Counts()
        for number, (command, status, lines) in enumerate(UNIX_COMMANDS):
            if number:
                console.wait_for_prompt(BOOT_TIMEOUT)
            answer = console.run(command, GUEST_TIMEOUT)
            good = answer.status == status and re.fullmatch(r"\n".join(lines),
                                                            answer.text.strip())
            report = [f"{name}: {command}: status {answer.status}:\n{answer.text}"]
            counts.add(Counts(int(bool(good)), int(not good), 0, [] if good else report))
        return counts

    def run(context: Context) -> Counts:
        return with_console(machine, context, name, talk)

    return Suite(name, purpose, run, media=images(machine))


# Programs that do their worst, and how many things each of them checks at least.
TRIALS = (("intruder", 95), ("hog", 17), ("wild", 42), ("badelf", 7))


def trial_suite(name: str, purpose: str, machine: Machine, full_only: bool = False) -> Suite:
    """Programs that print a line for each thing they have tried, and a case for each of these."""

    def talk(console: Console) -> Counts:
        counts = Counts()
        for number, (program, least) in enumerate(TRIALS):
            if number:
                console.wait_for_prompt(BOOT_TIMEOUT)
            answer = console.run(f"unix --root test -c {program}", GUEST_TIMEOUT)
            lines = answer.text.splitlines()
            passed = sum(line.startswith("ok ") for line in lines)
            failed = sum(line.startswith("not ok ") for line in lines)
            if passed < least or answer.status != failed:
                failed += 1
            counts.add(Counts(passed, failed, 0, [
                f"{name}: {program}: status {answer.status}:\n{answer.text}"] if failed else []))
        return counts

    def run(context: Context) -> Counts:
        return with_console(machine, context, name, talk)

    return Suite(name, purpose, run, full_only, images(machine))


# Cases that hang are ended by a new boot; after so many of them the rest counts as failed.
CASE_TIMEOUT = 20
MOST_BOOTS = 5
# What the server itself says about its processes, in between.
SERVER_LINE = re.compile(r"unix: process \d+: [^\n]*\n")
SMOKE = ("quoting-", "pipeline-five", "redirection-here-document", "processes-trap-signal",
         "processes-ended", "files-symbolic-link", "errors-not-found")


def verdict(name: str, case: Case, native: str, text: str, status: int) -> Counts:
    """Whether a case came out as on Linux."""
    mine = SERVER_LINE.sub("", text)
    if mine == native and status == 0:
        return Counts(passed=1)
    return Counts(failed=1, reports=[f"{name}: {case.name}: status {status}\n--- Linux\n{native}"
                                     f"--- Pecan\n{text}"])


def shell_suite(name: str, purpose: str, machine: Machine, shell: str,
                only: Sequence[str] = (), with_pending: bool = False,
                full_only: bool = False) -> Suite:
    """The shell cases on one machine, by one command each."""
    chosen = [case for case in cases(shell)
              if not only or any(case.name.startswith(prefix) for prefix in only)]
    due = [case for case in chosen if with_pending or not case.pending]

    def talk(console: Console, native: Native, left: list[Case], counts: Counts) -> Counts:
        first = True
        while left:
            case = left.pop(0)
            if not first:
                console.wait_for_prompt(BOOT_TIMEOUT)
            first = False
            try:
                answer = console.run(f"unix --root {shell}-cases -c 'sh /cases/run {case.name}'",
                                     CASE_TIMEOUT)
            except GuestFailure as failure:
                counts.add(Counts(failed=1, reports=[f"{name}: {case.name}: {failure.report()}"]))
                break
            counts.add(verdict(name, case, native.run(case.name), answer.text, answer.status))
        return Counts()

    def run(context: Context) -> Counts:
        counts = Counts(skipped=len(chosen) - len(due))
        archive = context.build_dir / "unix" / f"{shell}-cases.root"
        if not (context.build_dir / "unix" / "packages" / "stamp").exists():
            return Counts(skipped=len(chosen), reports=[
                f"{name}: skipped: the Debian programs could not be fetched"])
        left = list(due)
        try:
            with Native(archive) as native:
                for boot in range(1, MOST_BOOTS + 1):
                    if left:
                        counts.add(with_console(machine, context, f"{name}-{boot}",
                                                lambda console: talk(console, native, left,
                                                                     counts)))
        except NativeMissing as error:
            return Counts(skipped=len(chosen), reports=[f"{name}: skipped: {error}"])
        except NativeError as error:
            return Counts(failed=1, reports=[f"{name}: {error}"])
        if left:
            counts.add(Counts(failed=len(left), reports=[
                f"{name}: {len(left)} cases not run after {MOST_BOOTS} boots"]))
        return counts

    return Suite(name, purpose, run, full_only, images(machine))


def all_suites(machine: Machine, on_bochs: Machine) -> list[Suite]:
    """The suites, on what the other suites' machines are made from."""
    on_486 = replace(machine, cpu="486")
    shells = replace(machine, bundle="unix-tests")
    return [
        unix_suite("unix-486", "Linux programs by the Unix server, QEMU 486", on_486),
        unix_suite("unix-pentium", "the same, QEMU Pentium", machine),
        unix_suite("unix-bochs", "the same in Bochs", on_bochs),
        trial_suite("hostile-486", "programs that attack the Unix server, QEMU 486", on_486),
        trial_suite("hostile-pentium", "the same, QEMU Pentium", machine),
        trial_suite("hostile-bochs", "the same in Bochs", on_bochs, full_only=True),
        shell_suite("shell-486", "lksh and klibc's programs as on Linux, QEMU 486",
                    replace(shells, cpu="486"), "lksh"),
        shell_suite("shell-pentium", "the same, QEMU Pentium", shells, "lksh"),
        shell_suite("shell-pentium3", "busybox as on Linux, QEMU Pentium III",
                    replace(shells, cpu="pentium3"), "ash", full_only=True),
        shell_suite("shell-bochs", "some of lksh's cases in Bochs",
                    replace(on_bochs, bundle="unix-tests"), "lksh", SMOKE,
                    full_only=True),
    ]
