# SPDX-License-Identifier: BSD-2-Clause
"""Machines in QEMU.

Without a medium QEMU's own Multiboot loader starts boot with the bundle as its only module, which
is the quickest way up. Always TCG: hardware acceleration would neither model a 486 nor count.
"""

import subprocess
from pathlib import Path

from pecan.machine import Ending, Machine, RunningMachine, start_on_pipes

PROGRAM = "qemu-system-i386"

# The guest writes v to the debug exit port, QEMU exits with 2v+1 (docs/testing.md).
EXIT_HALT = 33
EXIT_CODES = {
    EXIT_HALT: Ending(True, "the machine was halted"),
    99: Ending(False, "the boot program stopped with an error"),
    101: Ending(False, "the kernel panicked"),
    0: Ending(False, "the machine was reset or had a triple fault"),
}

# Boot device and drive of each medium. Snapshots leave the image alone and need no lock on it.
MEDIUM_ARGUMENTS = {
    "iso": ("d", "media=cdrom,readonly=on"),
    "floppy": ("a", "if=floppy,snapshot=on"),
    "disk": ("c", "if=ide,snapshot=on"),
}


def explain(code: int) -> Ending:
    """What an exit code of QEMU says about the guest."""
    if code < 0:
        return Ending(False, f"QEMU was killed by signal {-code}")
    return EXIT_CODES.get(code, Ending(False, f"QEMU ended with exit code {code}"))


def explain_interactive(code: int) -> Ending:
    """The same where a user may have left by QEMU's own keys, which also gives 0."""
    return Ending(True, "the machine was left or reset") if code == 0 else explain(code)


def has_model(cpu: str) -> bool:
    """Whether QEMU knows the processor `cpu`, which may carry features after a comma."""
    listed = subprocess.run([PROGRAM, "-cpu", "help"], capture_output=True, text=True).stdout
    return cpu.split(",")[0] in {word for line in listed.splitlines() for word in line.split()[:2]}


CARDS = {
    "pci": "ne2k_pci,netdev=net,romfile=,mac=52:54:00:12:34:56",
    "isa": "ne2k_isa,netdev=net,iobase=0x300,irq=9,mac=52:54:00:12:34:56",
}


def arguments(machine: Machine) -> list[str]:
    """QEMU's command line for `machine`, but for the serial lines.

    To be run in the build directory: relative names keep spaces and commas of the path to it away
    from QEMU, which would split module names there.
    """
    line = [PROGRAM, "-machine", "isapc" if machine.isa else "pc", "-accel", "tcg",
            "-cpu", machine.cpu, "-m", f"{machine.memory}M", "-nic", "none", "-no-reboot",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
            "-display", "gtk" if machine.display else "none"]
    if machine.counting:
        # A disk takes the host's time: the guest's must not run ahead while it waits for it.
        sleep = "on" if machine.data_disk else "off"
        line += ["-icount", f"shift={machine.nanoseconds_log2},sleep={sleep}", "-rtc", "clock=vm"]
    if machine.debugger:
        line += ["-s", "-S"]
    if machine.data_disk:
        file = _escaped(machine.data_disk)
        if machine.disk_errors:
            file = f"blkdebug:{_escaped(machine.disk_errors)}:{file}"
        line += ["-drive", f"file={file},format=raw,if=ide,index=1,cache=unsafe"]
    if machine.network:
        line += ["-netdev", "user,id=net,restrict=on", "-device", CARDS[machine.network]]
    if machine.plugin:
        line += ["-plugin", f"file={machine.plugin}"]
    return line + _medium_arguments(machine)


def _medium_arguments(machine: Machine) -> list[str]:
    if machine.medium is None:
        line = ["-kernel", "bin/boot", "-initrd", machine.bundle_file()]
        return line + (["-append", " ".join(machine.options)] if machine.options else [])
    device, drive = MEDIUM_ARGUMENTS[machine.medium]
    return ["-boot", device, "-drive", f"file={_escaped(machine.image)},format=raw,{drive}"]


def _escaped(image: Path) -> str:
    return str(image).replace(",", ",,")


def serial_arguments(machine: Machine, backend: str) -> list[str]:
    """The serial lines, `backend` at the port that the guest uses."""
    unused = ["-serial", "null"] * (machine.serial_port() - 1)
    return [*unused, "-serial", backend]


def start(machine: Machine, build_dir: Path) -> RunningMachine:
    """Boot `machine` with its serial line on pipes."""
    command = arguments(machine) + ["-monitor", "none"] + serial_arguments(machine, "stdio")
    running = start_on_pipes(command, explain, build_dir)
    running.polite = machine.plugin is not None
    return running


def interactive_command(machine: Machine) -> list[str]:
    """The command line with the serial line on the user's terminal; Ctrl-A X leaves."""
    return arguments(machine) + serial_arguments(machine, "mon:stdio")
