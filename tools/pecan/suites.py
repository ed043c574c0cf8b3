# SPDX-License-Identifier: BSD-2-Clause
"""The suites of tools/test: what runs where, as data.

A suite is a name and a function from Context to Counts. Suites do not depend on each other, so
two run at a time (one per core of the smallest machine that must cope).
"""

import csv
import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pecan import ctest, driver_suites, typing_suites, unix_suites
from pecan.console import Answer, Console
from pecan.ctest import Counts
from pecan.figures import (BENCHMARKS, Figures, counting_machine, figures, instructions,
                           read_ceilings, regressions)
from pecan.machine import COMPLETE, MEDIA, Machine
from pecan.suite import (BOOT_TIMEOUT, GUEST_TIMEOUT, Context, Suite, conformance, images,
                         with_console)

# The labels of ctest that are suites of their own; tests without any of them run as "other", so
# that no test is forgotten.
LABELS = {
    "host": "unit tests of all pure logic, as Linux processes",
    "layout": "layers, instructions, sizes and source rules",
    "tools": "the Python code of the commands",
    "boot": "the boot program, its options and its errors",
}

FULL_TIMEOUT = 1800
FEW_BATCHES = 5                         # where benchmarks only have to work

# log2 of the nanoseconds of guest time that an instruction takes in the conformance suites. Their
# clock counts instructions, so a busy host changes nothing; one nanosecond per instruction would
# make guests that wait take long. An image that checks itself executes many more in the same time.
CONFORMANCE_PACE = 3
ASSERTION_PACE = 0


def guest_suite(name: str, purpose: str, machine: Machine, image: str,
                full_only: bool = False) -> Suite:
    """The conformance suite on one machine, after making sure that `image` is what runs there."""

    def talk(console: Console, context: Context) -> Counts:
        about = console.run("info", GUEST_TIMEOUT).text
        if not re.search(rf"\bimage {image}\b", about):
            return Counts(failed=1, reports=[f"{name}: not the image {image}:\n{about}"])
        console.wait_for_prompt(BOOT_TIMEOUT)
        return conformance(console.run("test", GUEST_TIMEOUT), name, context)

    def run(context: Context) -> Counts:
        return with_console(machine, context, name, lambda console: talk(console, context))

    return Suite(name, purpose, run, full_only, images(machine))


def paths_suite(name: str, purpose: str, machine: Machine, image: str) -> Suite:
    """The conformance suite without the fast paths, which must report just what it reports with
    them, byte for byte."""
    complete = guest_suite(name, purpose, replace(machine, options=("nofast",)), image)
    fast = guest_suite(f"{name}-fast", purpose, machine, image)

    def report(context: Context, suite: Suite) -> bytes:
        return (context.results / f"{suite.name}.tap").read_bytes()

    def run(context: Context) -> Counts:
        counts = complete.run(context)
        others = fast.run(context)
        if counts.failed or others.failed:
            counts.failed += others.failed
            counts.reports += others.reports
        elif report(context, complete) == report(context, fast):
            counts.passed += 1
        else:
            counts.add(Counts(failed=1, reports=[f"{name}: the reports with and without fast "
                                                 f"paths differ: compare {name}*.tap"]))
        return counts

    return Suite(name, purpose, run, media=complete.media)


# Where preempters get messages, what depends on time slices is the same.
PREEMPTER_PATTERNS = ("PRE", "SCH", "SWI", "THR")

# What to make longer, and how much: 20,000 lives of tasks, 10,000 grants, 200,000 messages at
# random. In a full run 100,000 lives, 100,000 grants and a million messages.
ENDURANCE = ("LIF --times 200", "BMB-003 --times 20", "STS-001 --times 100")
FULL_ENDURANCE = ("LIF --times 1000", "BMB-003 --times 200", "STS-001 --times 500",
                  "STS-002 --times 100", "RAC --times 20", "ROB --times 50")


def groups_suite(name: str, purpose: str, machine: Machine, groups: Sequence[str],
                 timeout: int = GUEST_TIMEOUT, full_only: bool = False) -> Suite:
    """Some groups of cases, each a command."""

    def talk(console: Console, context: Context) -> Counts:
        counts = Counts()
        for number, group in enumerate(groups):
            if number:
                console.wait_for_prompt(BOOT_TIMEOUT)
            answer = console.run(f"test {group}", timeout)
            counts.add(conformance(answer, f"{name}-{group.split()[0]}", context))
        return counts

    def run(context: Context) -> Counts:
        return with_console(machine, context, name, lambda console: talk(console, context))

    return Suite(name, purpose, run, full_only, images(machine))


# What ENV-013 has the kernel print.
DEBUGGER_LINE = "# int3: 89ABCDEF BCDEF CDEF DEF EF 2309737967 text zero-terminated zeroA"


RESULT = re.compile(r"^((?:not )?ok) (\d+) - (\S+)(.*)$", re.MULTILINE)


def joined(report: str, better: str) -> str:
    """A TAP report with the results that another one has for the same cases."""
    others = {match[3]: match for match in RESULT.finditer(better)}

    def choose(own: re.Match[str]) -> str:
        match = others.get(own[3], own)
        return f"{match[1]} {own[2]} - {match[3]}{match[4]}"

    return RESULT.sub(choose, report)


def profiles_suite(name: str, purpose: str, machine: Machine, strict_cases: str = "") -> Suite:
    """An l4env root task with programs of both profiles: the one made by hand, the cases about
    l4env tasks, and those about strict ones."""

    def talk(console: Console, context: Context) -> Counts:
        by_hand = console.run("run byhand", GUEST_TIMEOUT)
        counts = conformance(by_hand, f"{name}-byhand", context)
        console.wait_for_prompt(BOOT_TIMEOUT)
        l4env = console.run("run l4env conformance ENV", GUEST_TIMEOUT)
        counts.add(conformance(l4env, f"{name}-l4env", context))
        if DEBUGGER_LINE not in l4env.text.splitlines():
            counts.add(Counts(failed=1, reports=[f"{name}: int3 did not print: {DEBUGGER_LINE}"]))
        console.wait_for_prompt(BOOT_TIMEOUT)
        strict = console.run(f"test {strict_cases}".strip(), GUEST_TIMEOUT)
        counts.add(conformance(strict, f"{name}-strict", context))
        if not strict_cases:            # for the table of statements
            (context.results / f"{name}.tap").write_text(joined(strict.text, l4env.text),
                                                         encoding="latin-1")
        return counts

    def talk_of_all_ports(console: Console, context: Context) -> Counts:
        answer = console.run("run l4env conformance APO", GUEST_TIMEOUT)
        return conformance(answer, f"{name}-ports", context)

    def run(context: Context) -> Counts:
        root = replace(machine, options=(*machine.options, "profile=l4env"))
        counts = with_console(root, context, name, lambda console: talk(console, context))
        # Who has all ports keeps them: a boot of its own.
        counts.add(with_console(root, context, f"{name}-ports",
                                lambda console: talk_of_all_ports(console, context)))
        return counts

    return Suite(name, purpose, run, media=images(machine))


SERVER_SMOKE_PATTERNS = ("NAM", "POL", "STK-001", "DTH-001")


def server_suite(name: str, purpose: str, machine: Machine, patterns: tuple[str, ...] = ("",),
                 full_only: bool = False) -> Suite:
    """The tests of the servers, a program of the same kind, in little memory."""

    def talk(console: Console, context: Context) -> Counts:
        counts = Counts()
        for number, pattern in enumerate(patterns):
            if number:
                console.wait_for_prompt(BOOT_TIMEOUT)
            answer = console.run(f"run servertest {pattern}".strip(), GUEST_TIMEOUT)
            counts.add(conformance(answer, f"{name}-{pattern or 'all'}", context))
        return counts

    def run(context: Context) -> Counts:
        return with_console(machine, context, name, lambda console: talk(console, context))

    return Suite(name, purpose, run, full_only, images(machine))


def bench_suite(name: str, purpose: str, machine: Machine, repeats: int = 2,
                image: str | None = None) -> Suite:
    """Benchmarks that must print figures. Where instructions are counted, each has a boot of its
    own, a second one must print the same, and no figure of `image` may be above its ceiling."""
    short = "" if image else f" --batches {FEW_BATCHES}"
    boots = [[benchmark] for benchmark in BENCHMARKS] if image else [list(BENCHMARKS)]

    def run(context: Context) -> Counts:
        seen: list[dict[str, Answer]] = []

        def talk(console: Console, benchmarks: list[str], answers: dict[str, Answer]) -> Counts:
            wrong = []
            for benchmark in benchmarks:
                if benchmark != benchmarks[0]:
                    console.wait_for_prompt(BOOT_TIMEOUT)
                answer = console.run(f"bench {benchmark}{short} --format csv", GUEST_TIMEOUT)
                problems = figures(answer, benchmark)[1]
                if seen and answer.text != seen[0][benchmark].text:
                    problems.append("the figures differ from the first run")
                wrong += [f"{name}: {benchmark}: {'; '.join(problems)}:\n{answer.text}"
                          ] * bool(problems)
                answers[benchmark] = answer
            return Counts(len(benchmarks) - len(wrong), len(wrong), 0, wrong)

        def run_once(number: int) -> Counts:
            counts, answers = Counts(), {}
            for benchmarks in boots:
                boot = counting_machine(image, benchmarks[0]) if image else machine
                counts.add(with_console(boot, context, f"{name}-{number}-{benchmarks[0]}",
                                        lambda console: talk(console, benchmarks, answers)))
            if not counts.failed:
                seen.append(answers)
            return counts

        counts = Counts()
        for number in range(1, repeats + 1):
            counts.add(run_once(number))
        if seen:
            (context.results / f"{name}.csv").write_text(
                "\n".join(answer.text for answer in seen[0].values()), encoding="latin-1")
        if image and not counts.failed:
            counts.add(compare_with_ceilings(name, image, seen[0]))
        return counts

    return Suite(name, purpose, run, media=images(machine))


def compare_with_ceilings(name: str, image: str, answers: dict[str, Answer]) -> Counts:
    """One case: no figure is above its ceiling."""
    measured: Figures = {}
    wrong = []
    for benchmark, answer in answers.items():
        found, problems = instructions(answer, image, benchmark)
        measured.update(found)
        wrong += problems
    wrong += regressions(measured, read_ceilings(), [(image, name) for name in answers])
    report = "\n    ".join([f"{name}: (tools/bench --accept makes figures the ceilings)", *wrong])
    return Counts(int(not wrong), int(bool(wrong)), 0, [report] if wrong else [])


MOST_INSTRUCTIONS = 1000
EXEMPT = {"start-up"}                   # before the first instruction of a user
SPAN_COLUMNS = ["entry", "longest", "spans", "from", "to"]


def long_spans(answer: Answer) -> list[str]:
    """What is wrong with the table of a latency image: spans with interrupts off that are too
    long, or no table."""
    rows = list(csv.DictReader(answer.text.splitlines()))
    if answer.status != 0 or not rows or list(rows[0]) != SPAN_COLUMNS:
        return [f"no table of spans, status {answer.status}"]
    wrong = [f"no spans of {entry}"
             for entry in sorted({"ipc", "clock-tick", "page-fault"} - {r["entry"] for r in rows})]
    return wrong + [f"{row['entry']}: {row['longest']} instructions with interrupts off, "
                    f"at most {MOST_INSTRUCTIONS}" for row in rows
                    if row["entry"] not in EXEMPT and int(row["longest"]) > MOST_INSTRUCTIONS]


# What a latency image is made to do; what it has measured is read, and forgotten, behind each.
LATENCY_WORK = {"conformance": "test", "workloads": "run workloads"}


def latency_suite(name: str, purpose: str, machine: Machine, full_only: bool = False) -> Suite:
    """The conformance suite, and then what takes the kernel longest, in an image that measures how
    long interrupts are off. Its tables are printed, kept, and judged."""

    def talk(console: Console, context: Context) -> Counts:
        counts = Counts()
        for work, command in LATENCY_WORK.items():
            if counts.passed:
                console.wait_for_prompt(BOOT_TIMEOUT)
            counts.add(conformance(console.run(command, GUEST_TIMEOUT), f"{name}-{work}", context))
            console.wait_for_prompt(BOOT_TIMEOUT)
            answer = console.run("bench", GUEST_TIMEOUT)
            (context.results / f"{name}-{work}.csv").write_text(answer.text, encoding="latin-1")
            wrong = long_spans(answer)
            report = f"{name}: {work}: {'; '.join(wrong) or 'longest spans'}\n{answer.text}"
            counts.add(Counts(int(not wrong), int(bool(wrong)), 0, [report]))
        return counts

    def run(context: Context) -> Counts:
        return with_console(machine, context, name, lambda console: talk(console, context))

    return Suite(name, purpose, run, full_only)


def media_suite(emulator: str) -> Suite:
    """Every medium boots to the prompt, with as little memory as promised."""
    name = f"media-{emulator}"
    machine = Machine(emulator=emulator, memory=4, counting=False)

    def talk(console: Console) -> Counts:
        answer = console.run("info", GUEST_TIMEOUT)
        if answer.status == 0 and answer.text.strip():
            return Counts(passed=1)
        return Counts(failed=1, reports=[f"{name}: info, status {answer.status}:\n{answer.text}"])

    def run(context: Context) -> Counts:
        counts = Counts()
        for medium in MEDIA:
            counts.add(with_console(replace(machine, medium=medium), context, f"{name}-{medium}",
                                    talk))
        return counts

    return Suite(name, f"ISO, floppy and disk boot in {emulator} with 4 MB", run, media=MEDIA)


def label_suite(label: str, purpose: str) -> Suite:
    """The tests of ctest with one label. None at all means that something is not registered."""

    def run(context: Context) -> Counts:
        counts = ctest.run(context.build_dir, context.results / f"{label}.xml", "-L", f"^{label}$")
        if counts == Counts():
            return Counts(failed=1, reports=[f"ctest knows no test with the label {label}"])
        return counts

    return Suite(label, purpose, run)


def other_suite() -> Suite:
    """The tests of ctest without any label known here."""
    return Suite("other", "tests of ctest without a label of the above", lambda context: ctest.run(
        context.build_dir, context.results / "other.xml", "-LE", f"^({'|'.join(LABELS)})$"))


def all_suites() -> list[Suite]:
    """Every suite there is; the long ones first, so that no core waits at the end."""
    machine = Machine(nanoseconds_log2=CONFORMANCE_PACE)
    on_486 = replace(machine, cpu="486")
    checking = Machine(nanoseconds_log2=ASSERTION_PACE, bundle="assertions")
    on_bochs = Machine(emulator="bochs", medium="disk", bundle=COMPLETE)
    # A step of the time-stamp counter is an instruction; memory for many threads.
    measuring = Machine(nanoseconds_log2=0, memory=32, bundle="latency")
    return [
        label_suite("host", LABELS["host"]),
        guest_suite("guest-486", "conformance, i486 image, QEMU 486", on_486, "i486"),
        guest_suite("guest-pentium", "conformance, pentium image, QEMU Pentium", machine,
                    "pentium"),
        guest_suite("guest-bochs", "conformance, pentium image, Bochs", on_bochs, "pentium"),
        guest_suite("guest-bochs-486", "conformance, i486 image, Bochs with cpu=486",
                    replace(on_bochs, cpu="486", options=("cpu=486",)), "i486"),
        profiles_suite("profiles-486", "both profiles under an l4env root task, QEMU 486", on_486),
        profiles_suite("profiles-pentium", "the same, QEMU Pentium", machine),
        profiles_suite("profiles-bochs", "the same in Bochs, fewer strict cases", on_bochs, "PR"),
        server_suite("servers-486", "servers and pagers, i486 image, QEMU 486, 8 MB",
                     replace(on_486, memory=8)),
        server_suite("servers-pentium", "servers and pagers, pentium image, QEMU Pentium, 8 MB",
                     replace(machine, memory=8)),
        server_suite("servers-bochs", "names, policy, death of pagers in Bochs", on_bochs,
                     SERVER_SMOKE_PATTERNS),
        guest_suite("small-pentium", "conformance in small spaces, without limits, QEMU Pentium",
                    replace(machine, options=("small=force",)), "pentium"),
        server_suite("servers-small", "servers and pagers in small spaces, QEMU Pentium, 8 MB",
                     replace(machine, memory=8, options=("small=force",))),
        *driver_suites.all_suites(machine, on_486, on_bochs),
        *unix_suites.all_suites(machine, on_bochs),
        *typing_suites.all_suites(machine, on_bochs),
        groups_suite("preempters-486", "preempters get messages, QEMU 486",
                     replace(on_486, options=("preempters",)), PREEMPTER_PATTERNS),
        groups_suite("preempters-pentium", "the same, QEMU Pentium",
                     replace(machine, options=("preempters",)), PREEMPTER_PATTERNS),
        groups_suite("endurance-486", "20,000 lives of tasks and more, QEMU 486", on_486,
                     ENDURANCE),
        groups_suite("endurance-pentium", "the same, QEMU Pentium", machine, ENDURANCE),
        paths_suite("complete-486", "conformance without fast paths, the same report, QEMU 486",
                    on_486, "i486"),
        paths_suite("complete-pentium", "the same, QEMU Pentium", machine, "pentium"),
        guest_suite("assertions-486", "conformance, i486 image that checks itself, QEMU 486",
                    replace(checking, cpu="486"), "i486"),
        guest_suite("assertions-pentium", "conformance, pentium image that checks itself, QEMU",
                    checking, "pentium"),
        latency_suite("latency-486", "longest spans with interrupts off, i486 image, QEMU 486",
                      replace(measuring, cpu="486")),
        latency_suite("latency-pentium", "the same, pentium image, QEMU Pentium", measuring),
        latency_suite("latency-small", "the same in small spaces, QEMU Pentium",
                      replace(measuring, options=("small=force",)), full_only=True),
        bench_suite("bench-486", "figures, i486 image, counted twice, against their ceilings",
                    counting_machine("i486"), image="i486"),
        bench_suite("bench-pentium", "the same, pentium image", counting_machine("pentium"),
                    image="pentium"),
        bench_suite("bench-bochs", "figures, Bochs", on_bochs, repeats=1),
        media_suite("qemu"),
        media_suite("bochs"),
        *(label_suite(label, purpose) for label, purpose in LABELS.items() if label != "host"),
        other_suite(),
        *full_suites(),
    ]


def full_suites() -> list[Suite]:
    """What CI leaves out: other ways to run the same images."""
    machine = Machine(nanoseconds_log2=CONFORMANCE_PACE)
    return [
        *driver_suites.full_suites(replace(machine, cpu="486")),
        guest_suite("guest-pentium3", "conformance, pentium image, QEMU Pentium III",
                    replace(machine, cpu="pentium3"), "pentium", full_only=True),
        groups_suite("endurance-long-486", "100,000 lives of tasks and more, QEMU 486",
                     replace(machine, cpu="486"), FULL_ENDURANCE, FULL_TIMEOUT, full_only=True),
        groups_suite("endurance-long-pentium", "the same, QEMU Pentium", machine, FULL_ENDURANCE,
                     FULL_TIMEOUT, full_only=True),
        guest_suite("guest-real-time", "conformance while QEMU's clock follows real time",
                    Machine(counting=False), "pentium", full_only=True),
    ]
