# SPDX-License-Identifier: BSD-2-Clause
"""The suites of drivers: what they do, their deaths, and what becomes of them when their text is
changed at random."""

import re
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pecan.console import Console
from pecan.ctest import Counts
from pecan.machine import Machine
from pecan.suite import (BOOT_TIMEOUT, GUEST_TIMEOUT, Context, Suite, conformance, images,
                         with_console)

DRIVER_TIMEOUT = 900
COST_CASES = 7
DATA_DISK = "data-disk.img"
# Without FLT, which has suites of its own.
DRIVER_PATTERNS = ("DSK", "NET", "CLK", "SUP", "KIL", "DPG")
# CLK-002 sets the clock, and Bochs may then take an hour off (it leaves daylight saving undefined).
DRIVER_SMOKE_PATTERNS = ("DSK", "NET", "CLK-001", "CLK-003", "CLK-004", "CLK-005", "SUP", "KIL",
                         "DPG-001")


def driver_suite(name: str, purpose: str, machine: Machine, patterns: tuple[str, ...] = ("",),
                 full_only: bool = False) -> Suite:
    """Drivers and their supervision, with a disk of their own."""

    def talk(console: Console, context: Context) -> Counts:
        counts = Counts()
        for number, pattern in enumerate(patterns):
            if number:
                console.wait_for_prompt(BOOT_TIMEOUT)
            answer = console.run(f"run drivertest {pattern}".strip(), DRIVER_TIMEOUT)
            label = pattern.split()[0] if pattern else "all"
            counts.add(conformance(answer, f"{name}-{label}", context))
        return counts

    def run(context: Context) -> Counts:
        return with_data_disk(machine, context, name, lambda console: talk(console, context))

    return Suite(name, purpose, run, full_only, images(machine))


# Sector 100 of partition 3 can never be read, sector 200 not at the first try; sector 50 of
# partition 2 can never be written. `sector` counts on the drive.
DISK_ERRORS = """\
[inject-error]
event = "read_aio"
errno = "5"
sector = "10403"
[inject-error]
event = "read_aio"
errno = "5"
sector = "10503"
once = "on"
[inject-error]
event = "write_aio"
errno = "5"
sector = "8305"
"""


def errors_suite(name: str, purpose: str, machine: Machine) -> Suite:
    """A disk with sectors that cannot be read or written."""

    def run(context: Context) -> Counts:
        with tempfile.TemporaryDirectory(prefix="pecan-errors-") as scratch:
            rules = Path(scratch) / "rules"
            rules.write_text(DISK_ERRORS)
            return with_data_disk(
                replace(machine, disk_errors=rules), context, name,
                lambda console: conformance(console.run("run drivertest ERR", DRIVER_TIMEOUT),
                                            f"{name}-ERR", context))

    return Suite(name, purpose, run)


def costs_suite(name: str, purpose: str, machine: Machine) -> Suite:
    """The figures of a driver exist. They are for a reader: a disk takes its own time."""

    def talk(console: Console) -> Counts:
        answer = console.run("bench driver --batches 5 --format csv", GUEST_TIMEOUT)
        rows = answer.text.count("\ndriver,")
        good = answer.status == 0 and rows == COST_CASES
        return Counts(int(good), int(not good), 0,
                      [] if good else [f"{name}: status {answer.status}:\n{answer.text}"])

    return Suite(name, purpose, lambda context: with_data_disk(machine, context, name, talk))


def with_data_disk(machine: Machine, context: Context, name: str,
                   talk: Callable[[Console], Counts]) -> Counts:
    """`with_console`, and a disk that the guest may write to."""
    with tempfile.TemporaryDirectory(prefix="pecan-disk-") as scratch:
        disk = Path(scratch) / DATA_DISK
        disk.write_bytes((context.build_dir / DATA_DISK).read_bytes())
        return with_console(replace(machine, data_disk=disk), context, name, talk)


# What a case about mutations prints, and what ends a driver that has one.
EFFECT = re.compile(r"^# effect (.+): (\d+)$", re.MULTILINE)
DEATHS = {
    "page fault": re.compile(r"root: ide: page fault"),
    "foreign port": re.compile(r"root: ide: access to port"),
    "exception": re.compile(r"ide: exception \d+ at"),
}
MUTATIONS = 200                         # in one boot
MOST_BOOTS = 2                          # per MUTATIONS wanted: a disk may be destroyed early


def faults_suite(name: str, purpose: str, machine: Machine, mutations: int,
                 full_only: bool = False) -> Suite:
    """A driver's text is changed at random, `mutations` times, in boots with a fresh disk each;
    after each the kernel still does what it should. Keeps a table of what came of it."""

    def talk(console: Console, context: Context, seed: int, effects: Counter[str]) -> Counts:
        mutate = f"run drivertest FLT --times {MUTATIONS // 5} --seed {seed}"
        answer = console.run(mutate, DRIVER_TIMEOUT)
        counts = conformance(answer, f"{name}-{seed}", context)
        effects.update({effect: int(number) for effect, number in EFFECT.findall(answer.text)})
        effects.update({f"  by {death}": len(line.findall(answer.text))
                        for death, line in DEATHS.items()})
        console.wait_for_prompt(BOOT_TIMEOUT)
        console.run("drivers", GUEST_TIMEOUT)           # for the log
        console.wait_for_prompt(BOOT_TIMEOUT)
        counts.add(conformance(console.run("test IPC-00", GUEST_TIMEOUT), f"{name}-after", context))
        return counts

    def run(context: Context) -> Counts:
        counts, effects, seed = Counts(), Counter(), 0

        def done() -> int:
            return sum(number for effect, number in effects.items() if effect[0] != " ")

        while done() < mutations and seed < MOST_BOOTS * mutations // MUTATIONS:
            seed += 1
            counts.add(with_data_disk(machine, context, f"{name}-{seed}",
                                      lambda console: talk(console, context, seed, effects)))
        if done() < mutations:
            counts.add(Counts(failed=1, reports=[f"{name}: {done()} mutations in {seed} boots"]))
        lines = [f"{effect},{number}" for effect, number in effects.items()]
        (context.results / f"{name}.csv").write_text("\n".join(["effect,mutations", *lines, ""]))
        return counts

    return Suite(name, purpose, run, full_only, images(machine))


def all_suites(machine: Machine, on_486: Machine, on_bochs: Machine) -> list[Suite]:
    """What CI runs."""
    return [
        driver_suite("drivers-486", "drivers and supervision, i486 image, QEMU 486",
                     replace(on_486, network="pci"), DRIVER_PATTERNS),
        driver_suite("drivers-pentium", "the same, pentium image, QEMU Pentium",
                     replace(machine, network="pci"), DRIVER_PATTERNS),
        driver_suite("drivers-isa", "disks and network without PCI, QEMU 486",
                     replace(on_486, isa=True, network="isa"), ("DSK", "NET")),
        driver_suite("drivers-bochs", "the same in Bochs", replace(on_bochs, network="pci"),
                     DRIVER_SMOKE_PATTERNS),
        errors_suite("drivers-errors", "a disk with bad sectors, QEMU 486", on_486),
        costs_suite("drivers-costs", "figures of the disk driver, i486 image, QEMU 486",
                    replace(on_486, nanoseconds_log2=0)),
        faults_suite("faults-486", "200 mutations of a driver's text, QEMU 486", on_486, 200),
        faults_suite("faults-pentium", "the same, QEMU Pentium", machine, 200),
    ]


def full_suites(on_486: Machine) -> list[Suite]:
    """What CI leaves out."""
    return [
        faults_suite("faults-long", "10,000 mutations of a driver's text, QEMU 486",
                     on_486, 10_000, full_only=True),
        faults_suite("faults-assertions", "200 mutations, i486 image that checks itself, QEMU 486",
                     replace(on_486, bundle="assertions"), 200, full_only=True),
        driver_suite("kills-long", "200 kills of a disk driver at work, QEMU 486",
                     on_486, ("KIL --times 10", "DPG --times 3"),
                     full_only=True),
    ]
