# SPDX-License-Identifier: BSD-2-Clause
"""The three media: ISO, 1.44 MB floppy, and a raw disk for hard disks and CF cards.

All hold the same files: /pecan/boot, /pecan/bundle and /boot/grub/grub.cfg. The same input gives
the same bytes: serial numbers and times are fixed.
"""

import gzip
import os
import struct
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import grub
from command import MediaError, run
from grub import SECTOR

LABEL = "PECAN"
SERIAL_NUMBER = "50454341"
DATE = "946684800"                  # 2000-01-01, in seconds since 1970

# Floppy: 1.44 MB as every DOS formats it; files begin at this sector.
FLOPPY_SECTORS = 2880
FLOPPY_RESERVED = 1
FLOPPY_FAT_SECTORS = 9
FLOPPY_FIRST_DATA = 33
FAT12_LAST = 0xFF8

# Disk: a geometry that every BIOS with IDE understands. GRUB's core lies in the first cylinder,
# the partition begins with the second one.
HEADS = 16
TRACK = 63
CYLINDERS = 30
CYLINDER = HEADS * TRACK
PARTITION_TYPE_FAT16 = 0x04
DISK_CORE = 1
DISK_SIGNATURE = 0x1B8              # in the first sector; then two zeros and the table
END_OF_TABLE = 0x1FE


@dataclass
class Files:
    """What goes onto a medium."""

    boot: bytes
    bundle: bytes
    options: Sequence[str]
    menu_seconds: int = 1

    def by_path(self, compress: bool) -> dict[str, bytes]:
        """File contents. GRUB unpacks a compressed bundle while it loads it."""
        bundle = gzip.compress(self.bundle, 9, mtime=0) if compress else self.bundle
        return {"pecan/boot": self.boot, "pecan/bundle": bundle,
                "boot/grub/grub.cfg": grub.menu(self.options, self.menu_seconds).encode("ascii")}


def _environment() -> dict[str, str]:
    """Makes tools that would record the time of day record a fixed one."""
    return {**os.environ, "SOURCE_DATE_EPOCH": DATE, "TZ": "UTC", "MTOOLS_SKIP_CHECK": "1"}


def _run(*command: str) -> None:
    run(command, _environment())


def _write_tree(files: dict[str, bytes], directory: Path) -> None:
    for name, data in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def make_iso(files: Files, output: Path) -> None:
    """An ISO that boots by El Torito, and as a disk where a BIOS boots it from USB."""
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "tree"
        _write_tree(files.by_path(compress=False), tree)
        grub.core("i386-pc-eltorito", ["iso9660", "part_msdos"], "/boot/grub",
                  tree / "boot" / "grub" / "core.img")
        for path in sorted(tree.rglob("*")):
            os.utime(path, (int(DATE), int(DATE)))
        _run("xorriso", "-as", "mkisofs", "-quiet", "-V", LABEL, "-r",
             "-b", "boot/grub/core.img", "-no-emul-boot", "-boot-load-size", "4",
             "-boot-info-table", "--grub2-boot-info",
             "--grub2-mbr", str(grub.PLATFORM / "boot_hybrid.img"),
             "--set_all_file_dates", "2000010100000000",
             "-o", str(output), str(tree))


def _fill_fat(volume: str, files: dict[str, bytes], scratch: Path) -> None:
    """Copy `files` into the FAT volume that mtools knows as `volume`."""
    _write_tree(files, scratch)
    made: set[str] = set()
    for name in files:
        directories = name.split("/")[:-1]
        for depth in range(1, len(directories) + 1):
            directory = "/".join(directories[:depth])
            if directory not in made:
                _run("mmd", "-i", volume, f"::{directory}")
                made.add(directory)
        _run("mcopy", "-i", volume, str(scratch / name), f"::{name}")


def _fat12_chain(image: bytes, cluster: int) -> list[int]:
    """The clusters of a file."""
    table = image[FLOPPY_RESERVED * SECTOR:(FLOPPY_RESERVED + FLOPPY_FAT_SECTORS) * SECTOR]
    chain = []
    while cluster < FAT12_LAST:
        chain.append(cluster)
        pair = struct.unpack_from("<H", table, cluster * 3 // 2)[0]
        cluster = pair >> 4 if cluster & 1 else pair & 0xFFF
    return chain


def make_floppy(files: Files, output: Path) -> None:
    """A DOS floppy whose first file is GRUB's core, in one piece where the boot sector looks."""
    volume = str(output)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        core_file = scratch / "core.img"
        grub.core("i386-pc", ["fat"], "/boot/grub", core_file)
        core = grub.core_at(core_file.read_bytes(), FLOPPY_FIRST_DATA)
        core_file.write_bytes(core)

        output.write_bytes(bytes(FLOPPY_SECTORS * SECTOR))
        _run("mformat", "-i", volume, "-f", "1440", "-v", LABEL, "-N", SERIAL_NUMBER, "::")
        _run("mcopy", "-i", volume, str(core_file), "::core.img")
        _run("mattrib", "-i", volume, "+r", "+s", "+h", "::core.img")
        _fill_fat(volume, files.by_path(compress=True), scratch / "tree")
    image = bytearray(output.read_bytes())
    clusters = len(core) // SECTOR
    if _fat12_chain(image, 2) != list(range(2, 2 + clusters)):
        raise MediaError("GRUB's core does not lie in one piece on the floppy")
    image[:SECTOR] = grub.boot_sector(FLOPPY_FIRST_DATA, image[:SECTOR], hard_disk=False)
    output.write_bytes(image)


def _partition_entry(begin: int, count: int) -> bytes:
    """An active partition, in both of the ways in which BIOSes read the table."""

    def cylinder_head_sector(sector: int) -> bytes:
        cylinder, rest = divmod(sector, CYLINDER)
        head, track_sector = divmod(rest, TRACK)
        return bytes([head, (track_sector + 1) | (cylinder >> 2 & 0xC0), cylinder & 0xFF])

    return (b"\x80" + cylinder_head_sector(begin) + bytes([PARTITION_TYPE_FAT16])
            + cylinder_head_sector(begin + count - 1) + struct.pack("<II", begin, count))


def make_disk(files: Files, output: Path) -> None:
    """A disk with one FAT16 partition and GRUB's core in front of it."""
    sectors = CYLINDERS * CYLINDER
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        core_file = scratch / "core.img"
        grub.core("i386-pc", ["part_msdos", "fat"], "(,msdos1)/boot/grub", core_file)
        core = grub.core_at(core_file.read_bytes(), DISK_CORE)
        if DISK_CORE * SECTOR + len(core) > CYLINDER * SECTOR:
            raise MediaError("GRUB's core does not fit in front of the partition")

        image = bytearray(sectors * SECTOR)
        image[DISK_CORE * SECTOR:DISK_CORE * SECTOR + len(core)] = core
        output.write_bytes(image)
        volume = f"{output}@@{CYLINDER * SECTOR}"
        _run("mformat", "-i", volume, "-T", str(sectors - CYLINDER), "-h", str(HEADS),
             "-s", str(TRACK), "-H", str(CYLINDER), "-c", "4", "-v", LABEL, "-N", SERIAL_NUMBER,
             "::")
        _fill_fat(volume, files.by_path(compress=False), scratch / "tree")
    with open(output, "r+b") as disk:
        # Only floppies run the code that the boot sector has where disks have their table.
        sector = grub.boot_sector(DISK_CORE, bytes(SECTOR), hard_disk=True)
        table = bytes.fromhex(SERIAL_NUMBER) + bytes(2) + _partition_entry(
            CYLINDER, sectors - CYLINDER)
        sector[DISK_SIGNATURE:END_OF_TABLE] = table.ljust(END_OF_TABLE - DISK_SIGNATURE, b"\0")
        disk.write(sector)


MAKERS = {"iso": make_iso, "floppy": make_floppy, "disk": make_disk}
