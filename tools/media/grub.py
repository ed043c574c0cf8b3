# SPDX-License-Identifier: BSD-2-Clause
"""GRUB's pieces: the core image, its boot sector, and the menu.

The core carries every module it needs, so that a medium holds one GRUB file and the menu.
"""

import struct
from collections.abc import Sequence
from pathlib import Path

from command import MediaError, run

SECTOR = 512
PLATFORM = Path("/usr/lib/grub/i386-pc")

MODULES = ["biosdisk", "normal", "configfile", "multiboot", "serial", "terminal", "gzio"]

# Fields of boot.img, the boot sector: where the core begins, and a jump around code that repairs
# the drive number of BIOSes which hand over a wrong one; without the jump that code runs.
BOOT_KERNEL_SECTOR = 0x5C
BOOT_DRIVE_CHECK = 0x66
TWO_NOPS = b"\x90\x90"
BIOS_PARAMETERS = slice(0x03, 0x5A)
# The core's first sector ends in a list of the sectors that hold the rest.
CORE_BLOCK_LIST = SECTOR - 12
CORE_SEGMENT = 0x820

# Menu entries: title, and options behind those of the medium, which they override.
ENTRIES = [
    ("Pecan", ""),
    ("Pecan, kernel for the 486", "kernel=i486"),
    ("Pecan, kernel for the Pentium", "kernel=pentium"),
    ("Pecan, treat the processor as a plain 486", "cpu=486"),
]
COM_UNITS = {"com1": 0, "com2": 1}


def piece(name: str) -> bytes:
    """One of GRUB's boot sectors."""
    path = PLATFORM / name
    if not path.exists():
        raise MediaError(f"{path} is missing: install the Debian package grub-pc-bin")
    return path.read_bytes()


def core(platform: str, modules: Sequence[str], prefix: str, output: Path) -> None:
    """Write a core image with `modules` besides the usual ones. It finds the menu by `prefix`."""
    piece("boot.img")
    run(["grub-mkimage", "--format", platform, "--output", str(output), "--prefix", prefix,
         *MODULES, *modules])


def boot_sector(core_sector: int, parameters: bytes, hard_disk: bool) -> bytearray:
    """boot.img for a core that begins at `core_sector`. `parameters` is the sector that a file
    system's BIOS parameter block is taken from."""
    sector = bytearray(piece("boot.img"))
    sector[BIOS_PARAMETERS] = parameters[BIOS_PARAMETERS]
    struct.pack_into("<Q", sector, BOOT_KERNEL_SECTOR, core_sector)
    if hard_disk:
        sector[BOOT_DRIVE_CHECK:BOOT_DRIVE_CHECK + 2] = TWO_NOPS
    return sector


def core_at(image: bytes, sector: int) -> bytes:
    """A core that lies in one piece from `sector` on."""
    count = -(-len(image) // SECTOR)
    placed = bytearray(image.ljust(count * SECTOR, b"\0"))
    struct.pack_into("<QHH", placed, CORE_BLOCK_LIST, sector + 1, count - 1, CORE_SEGMENT)
    return bytes(placed)


def _terminal(options: Sequence[str]) -> str:
    """GRUB's serial terminal, as the serial= option has the system's. A port that is not there
    makes the first command fail, and GRUB stays on the screen and keyboard."""
    port, speed = "com1", "115200"
    for option in options:
        if option.startswith("serial="):
            port, _, given = option.removeprefix("serial=").partition(",")
            speed = given or "115200"
    if port == "off":
        return ""
    place = f"--port={port}" if port.startswith("0x") else f"--unit={COM_UNITS.get(port, 0)}"
    return (f"if serial {place} --speed={speed}; then\n"
            "    terminal_input --append serial\n"
            "    terminal_output --append serial\n"
            "fi\n")


def menu(options: Sequence[str], seconds: int = 1) -> str:
    """The text of grub.cfg, whose first entry boots after `seconds`."""
    text = _terminal(options) + f"set default=0\nset timeout={seconds}\n"
    for title, own in ENTRIES:
        line = " ".join(word for word in (*options, own) if word)
        text += (f"\nmenuentry '{title}' {{\n"
                 f"    multiboot /pecan/boot {line}\n".replace(" \n", "\n")
                 + "    module /pecan/bundle bundle\n"
                 "}\n")
    return text
