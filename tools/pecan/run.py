# SPDX-License-Identifier: BSD-2-Clause
"""tools/run: boots Pecan in an emulator, for a person or for a list of commands."""

import argparse
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pecan import bochs, media, qemu, terminal
from pecan.build import ROOT, BuildError, build, need_packages, say
from pecan.console import Console, GuestFailure
from pecan.machine import BUNDLES, NETWORKS, Machine, MachineError, RunningMachine

EXIT_FAILED = 1                         # packages, build, emulator
EXIT_USAGE = 2
EXIT_GUEST = 126                        # panic, hang, reset: no program of the guest ends with it
EXIT_INTERRUPTED = 130

DESCRIPTION = """\
Builds Pecan if need be and boots it in an emulator with its serial console on this terminal.
With --command it runs without a terminal: it types each command at the guest's prompt and prints
the answer."""

EPILOG = """\
quoting: each --command is one line for the guest's console and is passed on verbatim. Your shell
  removes one level of quotes, so quote the whole command once: --command "bench ipc".

exit status: the last non-zero status of the guest's commands, 0 if there was none; 1 if the build
  or the emulator failed, 2 for a wrong option, 126 if the guest panicked, hung, was reset or ended.

examples:
  tools/run                                   the console in QEMU, on a Pentium
  tools/run --cpu 486 --command "bench ipc"   one figure from a 486, counted in instructions
  tools/run --bochs --command info --command "test IPC"
  tools/run --floppy --memory 4 --option serial=com1,9600"""


def parser() -> argparse.ArgumentParser:
    """The command line of tools/run."""
    parse = argparse.ArgumentParser(prog="tools/run", description=DESCRIPTION, epilog=EPILOG,
                                    formatter_class=argparse.RawDescriptionHelpFormatter,
                                    allow_abbrev=False)
    machine = parse.add_argument_group("machine")
    machine.add_argument("--cpu", default="pentium", metavar="MODEL",
                         help="processor: 486, pentium, pentium3 or any model that QEMU knows "
                              "(default: pentium; with --bochs: %s)" % ", ".join(bochs.MODELS))
    machine.add_argument("--memory", type=_megabytes, default=16, metavar="MB",
                         help="main memory (default: 16; it boots with 4)")
    machine.add_argument("--bochs", action="store_true",
                         help="Bochs instead of QEMU: slower, but enforces segment limits")
    medium = machine.add_mutually_exclusive_group()
    for name, text in (("iso", "CD-ROM image"), ("floppy", "1.44 MB floppy image"),
                       ("disk", "hard disk image")):
        medium.add_argument(f"--{name}", dest="medium", action="store_const", const=name,
                            help=f"boot from the {text} by GRUB")
    machine.add_argument("--bundle", choices=BUNDLES,
                         help="what to boot: release, what the media hold; complete, with all "
                              "tests and Linux programs (default without a medium); busybox, with "
                              "one more root file system, for processors with CMOV")
    machine.add_argument("--option", action="append", default=[], type=_word, metavar="WORD",
                         help="a boot option, for example kernel=i486 (may be repeated)")
    machine.add_argument("--data-disk", type=_file, metavar="FILE",
                         help="an image to read and write as the second drive of the first IDE "
                              "channel, for example a copy of build/data-disk.img")
    machine.add_argument("--isa", action="store_true", help="QEMU: a machine without PCI")
    machine.add_argument("--network", nargs="?", const="pci", choices=NETWORKS,
                         help="a network card, NE2000 on PCI (or on ISA, at 300h), in a net "
                              "that holds nothing but 10.0.2.2")
    machine.add_argument("--display", action="store_true", help="open a window with the VGA screen")
    machine.add_argument("--gdb", action="store_true",
                         help="QEMU waits for gdb: gdb build/bin/kernel-pentium, "
                              "then 'target remote :1234'")
    machine.add_argument("--cycle-plugin", type=_plugin, metavar="PATH[,KEY=VALUE...]",
                         help="a TCG plugin of QEMU that watches the guest, for example a model of "
                              "a processor's clocks and caches; its files are relative to here")
    _add_headless_options(parse)
    return parse


def _add_headless_options(parse: argparse.ArgumentParser) -> None:
    headless = parse.add_argument_group("without a terminal")
    headless.add_argument("--command", action="append", default=[], type=_line, metavar="LINE",
                          help="type LINE at the prompt and print the answer (may be repeated)")
    headless.add_argument("--no-icount", action="store_true",
                          help="let QEMU's clock follow real time; by default every instruction "
                               "counts as one tick (-icount shift=0,sleep=off)")
    headless.add_argument("--timeout", type=_seconds, default=120, metavar="SECONDS",
                          help="the longest that the boot or one command may take (default: 120)")
    headless.add_argument("--verbose", action="store_true",
                          help="everything that the guest writes goes to stderr as well")
    parse.add_argument("--build-dir", type=Path, default=ROOT / "build", metavar="DIR",
                       help="where to build (default: build/ of the tree)")


def _megabytes(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 4096:
        raise argparse.ArgumentTypeError("1 to 4096 megabytes")
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError("a positive number of seconds")
    return value


def _file(text: str) -> Path:
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return Path(text).resolve()


def _plugin(text: str) -> str:
    path, comma, arguments = text.partition(",")
    if not Path(path).is_file():
        raise argparse.ArgumentTypeError(f"there is no plugin {path}")
    here = [f"out={Path(word[4:]).resolve()}" if word.startswith("out=") else word
            for word in arguments.split(",")]
    return str(Path(path).resolve()) + comma + ",".join(here)


def _word(text: str) -> str:
    if not text.isascii() or not text.isprintable() or not text or " " in text:
        raise argparse.ArgumentTypeError(f"{text!r}: a boot option is one word; repeat --option")
    return text


def _line(text: str) -> str:
    if not text.isascii() or not text.isprintable() or not text:
        raise argparse.ArgumentTypeError(f"{text!r}: a command is one line of printable ASCII")
    return text


def described_machine(chosen: argparse.Namespace) -> Machine:
    """The machine that the command line asks for; its image is made later."""
    machine = Machine(emulator="bochs" if chosen.bochs else "qemu", cpu=chosen.cpu,
                      memory=chosen.memory, medium=chosen.medium, bundle=chosen.bundle,
                      options=tuple(chosen.option), data_disk=chosen.data_disk, isa=chosen.isa,
                      network="isa" if chosen.network and chosen.isa else chosen.network,
                      display=chosen.display, debugger=chosen.gdb, plugin=chosen.cycle_plugin,
                      counting=bool(chosen.command) and not chosen.no_icount)
    return bochs.completed(machine) if chosen.bochs else machine


def check_combination(parse: argparse.ArgumentParser, chosen: argparse.Namespace) -> None:
    """Refuse what cannot work, as argparse does: usage and exit status 2."""
    if chosen.bochs and chosen.cycle_plugin:
        parse.error("--cycle-plugin works with QEMU only")
    if chosen.bochs and chosen.isa:
        parse.error("--isa works with QEMU only")
    if chosen.bochs and chosen.gdb:
        parse.error("--gdb works with QEMU only; Bochs has a debugger of its own")
    if chosen.bochs and chosen.cpu not in bochs.MODELS:
        parse.error(f"Bochs has no processor {chosen.cpu}; it has {', '.join(bochs.MODELS)}")
    if not chosen.command and not chosen.display and not sys.stdin.isatty():
        parse.error("standard input is not a terminal; say what to do with --command")


def packages_for(machine: Machine) -> list[str]:
    """Package groups that building and running `machine` takes."""
    groups = ["build", machine.emulator]
    if machine.medium:
        groups.append("media")
    if machine.display:
        groups.append("bochs-window" if machine.emulator == "bochs" else "window")
    return groups


def prepare(machine: Machine, build_dir: Path, scratch: Path) -> Machine:
    """Build, and make the image that `machine` boots from if it boots from one."""
    from_build = machine.medium and not media.needs_own(machine)
    build(build_dir, [media.target_of(machine)] if from_build
          else ["boot", machine.bundle_file()])
    return media.with_image(machine, build_dir, scratch)


def start(machine: Machine, build_dir: Path) -> RunningMachine:
    """Boot a prepared machine."""
    return bochs.start(machine) if machine.emulator == "bochs" else qemu.start(machine, build_dir)


def run_commands(machine: Machine, chosen: argparse.Namespace) -> int:
    """Type every command, print the answers, return the last status that was not 0."""
    status = 0
    with start(machine, chosen.build_dir) as running:
        console = Console(running, _to_stderr if chosen.verbose else None)
        for command in chosen.command:
            console.wait_for_prompt(chosen.timeout)
            if not chosen.verbose:
                _to_stderr(f"pecan> {command}\n")
            answer = console.run(command, chosen.timeout, _to_stdout)
            if answer.status:
                say(f"{command!r} ended with status {answer.status}")
                status = min(answer.status, 255)
    return status


def run_interactively(machine: Machine, build_dir: Path) -> int:
    """Give the user the console until they leave or the machine ends."""
    say(f"{terminal.HOW_TO_LEAVE}; 'help' lists the guest's commands")
    if machine.emulator == "bochs":
        with start(machine, build_dir) as running:
            ending = terminal.connect(running)
    else:
        code = subprocess.run(qemu.interactive_command(machine), cwd=build_dir).returncode
        ending = qemu.explain_interactive(code)
    say(ending.reason)
    return 0 if ending.clean else EXIT_GUEST


def _to_stdout(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _to_stderr(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def die_tidily() -> None:
    """Being terminated ends the emulators too, because the exit unwinds through their owners."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def main(arguments: Sequence[str]) -> int:
    """Run the command; the result is the exit status."""
    die_tidily()
    parse = parser()
    chosen = parse.parse_args(arguments)
    check_combination(parse, chosen)
    chosen.build_dir = chosen.build_dir.resolve()
    try:
        with tempfile.TemporaryDirectory(prefix="pecan-run-") as scratch:
            machine = described_machine(chosen)
            need_packages(*packages_for(machine))
            if not chosen.bochs and not qemu.has_model(chosen.cpu):
                parse.error(f"QEMU has no processor {chosen.cpu}; 'qemu-system-i386 -cpu help' "
                            "lists what it has")
            machine = prepare(machine, chosen.build_dir, Path(scratch))
            if chosen.command:
                return run_commands(machine, chosen)
            return run_interactively(machine, chosen.build_dir)
    except (BuildError, MachineError, OSError) as error:
        say(str(error))
        return EXIT_FAILED
    except GuestFailure as failure:
        say(failure.report())
        return EXIT_GUEST
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
