# SPDX-License-Identifier: BSD-2-Clause
"""Machines in Bochs, the emulator that enforces segment limits as the processors do.

Debian's Bochs has its debugger built in, so it starts at a debugger prompt: a command file holding
"c" lets it go. Its text display then makes a pseudo-terminal of its own, which is emptied here.
COM1 is a second pseudo-terminal: no port number to pick, nothing shared between machines that run
side by side. Bochs leaves when the guest writes "Shutdown" to port 8900h.
"""

import os
import pty
import re
import subprocess
import tempfile
import time
import tty
from dataclasses import replace
from pathlib import Path

from pecan.machine import COMPLETE, Ending, Machine, MachineError, RunningMachine

PROGRAM = "bochs-bin"
DATA = Path("/usr/share")

# Bochs has no 486: the boot option makes boot and kernel treat the Pentium as one.
MODELS = {
    "486": "pentium",
    "pentium": "pentium",
    "pentium2": "p2_klamath",
    "pentium3": "p3_katmai",
}

# Instructions per emulated second. Nothing waits for real time, so this only sets how much the
# guest gets done per clock tick, and how long BIOS and floppy delays last: a floppy drive at its
# real speed would take half a minute.
SPEED = {"iso": 50_000_000, "disk": 50_000_000, "floppy": 8_000_000}

SCREEN = re.compile(r'connected to screen "(.+)"')
SCREEN_TIMEOUT = 10

CONFIGURATION = """\
plugin_ctrl: unmapped=true, biosdev=true, serial=true, extfpuirq=true
plugin_ctrl: speaker=false, parallel=false, gameport=false, iodebug=false
display_library: {display}
romimage: file={data}/bochs/BIOS-bochs-latest
vgaromimage: file={data}/vgabios/vgabios.bin
cpu: model={cpu}, count=1, ips={speed}, reset_on_triple_fault=0
clock: sync=none, time0=946684800
megs: {memory}
{drive}
{network}
com1: enabled=1, {com1}
com2: enabled={com2_enabled}, {com2}
log: {scratch}/log
panic: action=fatal
error: action=report
info: action=ignore
debug: action=ignore
"""

DRIVES = {
    "iso": "ata0-master: type=cdrom, path=\"{image}\", status=inserted\nboot: cdrom",
    "disk": "ata0-master: type=disk, mode=volatile, path=\"{image}\"\nboot: disk",
    "floppy": "floppya: 1_44=\"{image}\", status=inserted, write_protected=1\nboot: floppy",
}

# Its geometry follows from its size.
DATA_DISK = "ata0-slave: type=disk, mode=flat, path=\"{image}\", cylinders=0"

CARDS = {
    "pci": "pci: enabled=1, chipset=i440fx, slot1=ne2k\nne2k: type=pci, enabled=1, {rest}",
    "isa": "ne2k: type=isa, enabled=1, ioaddr=0x300, irq=3, {rest}",
}
# Another machine, 10.0.2.2, that Bochs pretends.
VNET = "# vnet config\nnet = 10.0.2.0\nhost = 10.0.2.2\n"
NETWORK = "mac=52:54:00:12:34:56, ethmod=vnet, ethdev={scratch}, script={scratch}/vnet"


def completed(machine: Machine) -> Machine:
    """`machine` with what Bochs needs beyond the user's description.

    Bochs boots from media only (the hard disk comes up quickest), and its 486 is a boot option.
    A medium that nobody has asked for holds what emulators without one start from.
    """
    options = machine.options
    if machine.cpu == "486" and "cpu=486" not in options:
        options = (*options, "cpu=486")
    if machine.medium is None:
        machine = replace(machine, medium="disk", bundle=machine.bundle or COMPLETE)
    return replace(machine, options=options)


def configuration(machine: Machine, scratch: Path, line: str) -> str:
    """The text of a bochsrc whose serial line is the terminal `line`."""
    if machine.cpu not in MODELS:
        raise MachineError(f"Bochs has no processor {machine.cpu}: use one of {', '.join(MODELS)}")
    if machine.medium is None or machine.image is None:
        raise MachineError("Bochs boots from a medium only")
    used, unused = f"mode=term, dev={line}", "mode=null"
    second = machine.serial_port() == 2
    return CONFIGURATION.format(
        display="x" if machine.display else "term", data=DATA, cpu=MODELS[machine.cpu],
        speed=SPEED[machine.medium], memory=machine.memory, scratch=scratch,
        drive="\n".join([DRIVES[machine.medium].format(image=machine.image)]
                        + [DATA_DISK.format(image=machine.data_disk)] * bool(machine.data_disk)),
        network=CARDS[machine.network].format(rest=NETWORK.format(scratch=scratch))
        if machine.network else "",
        com1=unused if second else used, com2=used if second else unused,
        com2_enabled=1 if second else 0)


def explain(log: str) -> Ending:
    """What the end of Bochs' log says about the guest. Its exit code says nothing."""
    lines = [line for line in log.splitlines() if ">>PANIC<<" in line]
    if not lines:
        return Ending(False, "Bochs ended without saying why")
    reason = lines[-1].split(">>PANIC<<", 1)[1].strip()
    if "shutdown requested" in reason:
        return Ending(True, "the machine was halted")
    if "exception with no resolution" in reason:
        return Ending(False, f"triple fault ({reason})")
    return Ending(False, f"Bochs stopped: {reason}")


def start(machine: Machine) -> RunningMachine:
    """Boot `machine` with its serial line on a pseudo-terminal."""
    scratch = tempfile.TemporaryDirectory(prefix="pecan-bochs-")
    here = Path(scratch.name)
    line, line_far = _raw_terminal()
    (here / "bochsrc").write_text(configuration(machine, here, os.ttyname(line_far)))
    (here / "vnet").write_text(VNET)
    (here / "commands").write_text("c\n")
    with open(here / "output", "wb") as output:
        process = subprocess.Popen(
            [PROGRAM, "-q", "-f", str(here / "bochsrc"), "-rc", str(here / "commands")],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=here,
            env={**os.environ, "TERM": "xterm"})
    screen = None if machine.display else _open_screen(here / "output", process)

    def explain_from_files(_: int) -> Ending:
        said = "".join(_read(here / name) for name in ("output", "log"))
        return explain(said)

    descriptors = [line, line_far] + ([] if screen is None else [screen])
    return RunningMachine(process, line, line, explain_from_files, descriptors, unread=screen,
                          scratch=scratch)


def _open_screen(output: Path, process: subprocess.Popen) -> int | None:
    """The far side of the terminal that Bochs made for its screen, once it has told its name.

    Nobody looks at it, but somebody must read it: Bochs stops when its buffer is full."""
    deadline = time.monotonic() + SCREEN_TIMEOUT
    while not (told := SCREEN.search(_read(output))):
        if process.poll() is not None or time.monotonic() > deadline:
            return None
        time.sleep(0.02)
    screen = os.open(told[1], os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
    if os.isatty(screen):
        tty.setraw(screen)              # or it would keep back what is not a line
    return screen


def _raw_terminal() -> tuple[int, int]:
    """A pseudo-terminal that passes every byte on. Bochs opens its far side by name; keeping that
    side open here as well means that the line never hangs up while Bochs is between two opens."""
    near, far = pty.openpty()
    tty.setraw(far)
    return near, far


def _read(path: Path) -> str:
    return path.read_text(errors="replace") if path.exists() else ""
