# SPDX-License-Identifier: BSD-2-Clause
"""Every way in which a bundle or an option can be wrong ends in one clear line, then a stop."""

import struct
import unittest
from collections.abc import Callable

from elf_image import PAGE, Elf, Segment, pattern
from machine import STATUS_ERROR, Outcome, boot
from system import BOOT_AT, KERNEL_AT, ROOT_AT, SIGMA0_AT, System, kernel, root, sigma0

import newc

# Of the kernel info page: magic and version, then the word at 54h.
MAGIC_AND_VERSION = struct.pack("<II", 0x4BE6344C, 0x02004444)
ROOM_FOR_20 = 0x200 << 16 | 20


def info_page(version: bytes = MAGIC_AND_VERSION, memory_info: int = ROOM_FOR_20) -> bytes:
    """A kernel info page as a kernel's file has it."""
    return (version.ljust(0x54, b"\0") + struct.pack("<I", memory_info)).ljust(PAGE, b"\0")


def kernel_with(page: bytes, offset: int = PAGE) -> bytes:
    """A kernel that consists of its info page."""
    return Elf([Segment(KERNEL_AT, bytes(offset) + page)]).file()


def patched(data: bytes, offset: int, value: bytes) -> bytes:
    """`data` with `value` written at `offset`."""
    return data[:offset] + value + data[offset + len(value):]


class ErrorTest(unittest.TestCase):
    """Each case changes one thing of a good system."""

    def refused(self, outcome: Outcome, text: str) -> None:
        """The boot must have ended with exactly this error, as the last thing said."""
        self.assertEqual(outcome.errors(), [text], "\n".join(outcome.lines))
        self.assertEqual(outcome.status, STATUS_ERROR)
        self.assertEqual(outcome.lines[-1], f"boot: error: {text}")
        self.assertTrue(all(line.startswith("boot: ") for line in outcome.lines))

    def with_file(self, name: str, data: bytes | None, text: str, **machine: str) -> None:
        """A bundle whose member `name` is `data`, or is missing."""
        system = System()
        if data is None:
            del system.files[name]
        else:
            system.files[name] = data
        with self.subTest(text):
            self.refused(boot(system.bundle(), **machine), text)

    def with_option(self, option: str, text: str) -> None:
        """A good bundle with a bad option."""
        with self.subTest(text):
            self.refused(boot(System().bundle(), option), text)

    def with_bundle(self, change: Callable[[bytes], bytes], text: str) -> None:
        """A bundle that was changed after packing."""
        with self.subTest(text):
            self.refused(boot(change(System().bundle())), text)

    def test_options(self) -> None:
        self.with_option("quiet", "quiet: unknown option")
        self.with_option("nofpu verbose=1", "verbose=1: unknown option")
        self.with_option("kernel=p6", "kernel=p6: bad value")
        self.with_option("cpu=386", "cpu=386: bad value")
        self.with_option("serial=com1,300", "serial=com1,300: bad value")
        self.with_option("kmem=lots", "kmem=lots: bad value")
        self.with_option("profile=fiasco", "profile=fiasco: bad value")
        self.with_option("nofpu " * 200, "command line: longer than 1023 characters")

    def test_modules_that_are_missing(self) -> None:
        self.refused(boot(None), "modules: the loader has loaded none")
        self.refused(boot(newc.archive([])), "kernel-pentium: no such module")
        self.with_file("kernel-pentium", None, "kernel-pentium: no such module")
        self.with_file("kernel-i486", None, "kernel-i486: no such module", cpu="486")
        self.with_file("sigma0", None, "sigma0: no such module")
        self.with_file("root", None, "root: no such module")

    def test_a_module_that_is_no_bundle(self) -> None:
        self.refused(boot([("bundle", pattern(5000, 1))]), "kernel-pentium: no such module")

    def test_damaged_bundles(self) -> None:
        self.with_bundle(lambda bundle: bundle[:-100], "bundle: truncated")
        self.with_bundle(lambda bundle: bundle[:len(bundle) // 2], "bundle: truncated")
        self.with_bundle(lambda bundle: bundle[:50], "bundle: truncated")
        self.with_bundle(lambda bundle: patched(bundle, 54, b"0000zz00"),
                         "bundle: damaged member header")
        self.with_bundle(lambda bundle: patched(bundle, 54, b"7FFFFFFF"), "bundle: truncated")
        self.with_bundle(lambda bundle: patched(bundle, 94, b"00000005"),
                         "bundle: damaged member name")

    def test_too_many_modules(self) -> None:
        many = newc.archive((f"program{n}", b"") for n in range(65))
        self.refused(boot(many), "modules: more than 64 of them")

    def test_files_that_are_no_programs(self) -> None:
        good = root().file()
        self.with_file("root", b"", "root: not an ELF file")
        self.with_file("root", b"#!/bin/sh\n", "root: not an ELF file")
        self.with_file("root", good[:40], "root: truncated ELF file")
        self.with_file("root", good[:80], "root: truncated ELF file")
        self.with_file("root", good[:-1], "root: truncated ELF file")
        self.with_file("root", patched(good, 28, b"\xff" * 4), "root: truncated ELF file")
        self.with_file("root", patched(good, 42, b"\x10"), "root: damaged ELF header")
        segments = [Segment(ROOT_AT, b"code")]
        self.with_file("root", Elf(segments, elf_class=2).file(), "root: not a 32-bit ELF file")
        self.with_file("root", Elf(segments, byte_order=2).file(),
                       "root: not a little-endian ELF file")
        self.with_file("root", Elf(segments, type=3).file(), "root: not an executable ELF file")
        self.with_file("root", Elf(segments, machine=62).file(),
                       "root: not an ELF file for the i386")

    def test_programs_that_cannot_be_loaded(self) -> None:
        code = Segment(ROOT_AT, b"code")
        self.with_file("root", Elf([], entry=0).file(), "root: ELF file without anything to load")
        self.with_file("root", Elf([code], entry=ROOT_AT + 4).file(),
                       "root: entry point outside of the image")
        self.with_file("root", Elf([code, Segment(ROOT_AT + 2, b"data")]).file(),
                       "root: overlapping segments")
        self.with_file("root", Elf([Segment(0xFFFFFF00, b"code", memory_size=0x200)]).file(),
                       "root: segment beyond the address space")
        self.with_file("root", Elf([code, Segment(ROOT_AT, b"/lib/ld.so", type=3)]).file(),
                       "root: ELF file that needs a dynamic linker")
        self.with_file("root", Elf([Segment(ROOT_AT, b"code", linked_at=0x8048000)]).file(),
                       "root: not linked at physical addresses")
        too_small = patched(root().file(), 52 + 20, struct.pack("<I", 1))
        self.with_file("root", too_small, "root: segment with more bytes than memory")

    def test_programs_in_each_others_way(self) -> None:
        self.with_file("root", root(SIGMA0_AT + 0x1000).file(),
                       "root: overlaps sigma0 at 001C1000-001C6000")
        self.with_file("root", root(BOOT_AT).file(),
                       "root: overlaps boot at 00200000-0020B000")
        self.with_file("sigma0", Elf([Segment(KERNEL_AT + 100, b"code")]).file(),
                       "sigma0: overlaps kernel-pentium at 00100000-00102000")

    def test_programs_where_no_memory_is(self) -> None:
        self.with_file("root", root(0x800000).file(),
                       "root: no memory at 00800000-0080B000", memory="8")
        self.with_file("root", root(0x98000).file(), "root: no memory at 00098000-000A3000")
        self.with_file("root", root(0).file(), "root: no memory at 00000000-0000B000")
        self.with_file("root", root(0xC0000000).file(),
                       "root: no memory at C0000000-C000B000")

    def test_kernels_without_a_usable_info_page(self) -> None:
        no_page = "kernel-pentium: no kernel info page"
        no_room = "kernel-pentium: kernel info page without room for memory descriptors"
        self.with_file("kernel-pentium", sigma0().file(), no_page)
        self.with_file("kernel-pentium", kernel_with(info_page(), PAGE + 4), no_page)
        self.with_file("kernel-pentium", kernel_with(info_page()[:-1]), no_page)
        self.with_file("kernel-pentium", kernel_with(info_page(b"L4\xe6K\x44\x44\x00\x87")),
                       "kernel-pentium: not a kernel for L4 version 2")
        self.with_file("kernel-pentium", kernel_with(info_page(memory_info=0)), no_room)
        self.with_file("kernel-pentium",
                       kernel_with(info_page(memory_info=0xFF0 << 16 | 20)), no_room)

    def test_too_little_memory(self) -> None:
        system = System()
        system.files["conformance"] = pattern(1_500_000, 9)
        # The root task belongs where the bundle lies, which therefore has to move: nowhere.
        system.files["root"] = root(0x2A0000).file()
        outcome = boot(system.bundle(), memory="4")
        text, = outcome.errors()
        self.assertRegex(text,
                         r"^bundle: too little memory to move it away; it lies at [0-9A-F-]+$")
        self.refused(outcome, text)
        outcome = boot(system.bundle(), memory="3")
        text, = outcome.errors()
        self.assertRegex(text, r"^bundle.cpio: does not fit into memory; it lies at [0-9A-F-]+$")
        self.refused(outcome, text)

    def test_a_wrong_kernel_is_not_looked_at(self) -> None:
        system = System()
        system.files["kernel-i486"] = b"not needed on a Pentium"
        self.assertEqual(boot(system.bundle()).errors(), [])
        self.assertNotEqual(kernel("i486"), kernel("pentium"))


if __name__ == "__main__":
    unittest.main()
