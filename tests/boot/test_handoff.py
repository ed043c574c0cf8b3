# SPDX-License-Identifier: BSD-2-Clause
"""What the kernel gets: the right image, filled info page, modules, memory, options."""

import subprocess
import tempfile
import unittest
from pathlib import Path

from elf_image import pattern
from machine import (ARCHITECTURE, BOOT_LOADER, CONVENTIONAL, RESERVED, STATUS_DONE, Outcome,
                     Range, boot, checksum)
from system import KERNEL_AT, ROOT_AT, SIGMA0_AT, System, loaded, root, sigma0

ADAPTERS = Range(0xA0000, 0x100000)
MB = 1 << 20
LIMIT = 0xC0000000


class HandoffTest(unittest.TestCase):
    """Boots and compares the test kernel's report with what was put into the bundle."""

    def started(self, outcome: Outcome, image: str) -> Outcome:
        """`outcome`, which must be a complete report of the kernel `image`."""
        self.assertEqual(outcome.status, STATUS_DONE, "\n".join(outcome.lines))
        self.assertEqual(outcome.errors(), [])
        self.assertEqual(outcome.value("image"), image)
        self.assertEqual(outcome.value("done"), "1")
        return outcome

    def check_memory(self, outcome: Outcome) -> None:
        """The rules that the memory descriptors follow on every machine."""
        conventional, kept = outcome.memory(CONVENTIONAL), outcome.memory(RESERVED)
        given = outcome.memory(BOOT_LOADER)
        self.assertEqual(outcome.memory(ARCHITECTURE), [ADAPTERS])
        for memory in conventional:
            self.assertGreaterEqual(memory.begin, 0x1000)
            self.assertLessEqual(memory.end, LIMIT)
            self.assertFalse(memory.overlaps(ADAPTERS))
        self.assertEqual(len(kept), 2)
        self.assertEqual(kept[0].begin, KERNEL_AT)
        self.assertEqual(kept[1], outcome.server("sigma0").memory)
        for memory in kept + given:
            self.assertTrue(any(c.contains(memory) for c in conventional), memory)
        for memory in given:
            self.assertFalse(any(k.overlaps(memory) for k in kept), memory)
        information = int(outcome.value("info"), 16)
        owned = [outcome.server("root").memory, Range(information, information + 1),
                 *(module.memory for module in outcome.modules())]
        for memory in owned:
            self.assertTrue(any(g.contains(memory) for g in given), memory)

    def check_modules(self, outcome: Outcome, system: System, texts: list[str]) -> None:
        """The module table holds the files of `texts`, in that order."""
        self.assertEqual([module.text for module in outcome.modules()], texts)
        for module in outcome.modules():
            data = system.files[module.text.split()[0]]
            self.assertEqual(module.memory.end - module.memory.begin, len(data), module.text)
            self.assertEqual(module.checksum, checksum(data), module.text)
            self.assertEqual(module.memory.begin % 4, 0, module.text)

    def test_the_kernel_starts_in_the_agreed_state(self) -> None:
        outcome = self.started(boot(System().bundle()), "pentium")
        self.assertEqual(outcome.value("eax"), "2BADB002")
        self.assertEqual(outcome.value("paging"), "0")
        self.assertEqual(outcome.value("interrupts"), "0")
        self.assertEqual(outcome.value("user_ptr_is_ebx"), "1")
        self.assertEqual(outcome.value("descriptors_offset"), "200")
        self.assertEqual(outcome.value("command_line"), "")
        self.assertEqual(int(outcome.value("info_flags"), 16) & 0xD, 0xD)

    def test_sigma0_and_root_are_loaded_and_described(self) -> None:
        outcome = self.started(boot(System().bundle()), "pentium")
        first, second = outcome.server("sigma0"), outcome.server("root")
        stack = SIGMA0_AT + 0x5000
        self.assertEqual(first.memory, Range(SIGMA0_AT, stack + 0x1000))
        self.assertEqual(first.esp, first.memory.end)
        self.assertEqual(first.eip, SIGMA0_AT + 16)
        self.assertEqual(first.checksum, checksum(loaded(sigma0(), SIGMA0_AT, stack + 0x1000)))
        self.assertEqual(second.memory, Range(ROOT_AT, ROOT_AT + 0xB000))
        self.assertEqual(second.esp, 0)
        self.assertEqual(second.eip, ROOT_AT + 0x123)
        self.assertEqual(second.checksum, checksum(loaded(root(), ROOT_AT, ROOT_AT + 0xB000)))

    def test_a_bundle_becomes_modules_in_the_agreed_order(self) -> None:
        system = System()
        outcome = self.started(boot(system.bundle()), "pentium")
        self.check_modules(outcome, system, system.order("pentium"))
        self.check_memory(outcome)

    def test_separate_modules_keep_their_arguments_and_lose_their_directories(self) -> None:
        system = System()
        modules = [(f"files/{text}", data)
                   for text, data in system.modules({"root": "a=1 b", "bench": "ipc"})]
        outcome = self.started(boot(modules, cpu="486"), "i486")
        self.check_modules(outcome, system,
                           ["kernel-i486", "sigma0", "root a=1 b", "console", "bench ipc"])
        self.check_memory(outcome)

    def test_an_archive_of_the_cpio_program_is_a_bundle(self) -> None:
        system = System()
        with tempfile.TemporaryDirectory() as scratch:
            directory = Path(scratch) / "bundle"
            directory.mkdir()
            for name, data in system.files.items():
                (directory / name).write_bytes(data)
            names = "".join(f"./{name}\n" for name in system.files)
            archive = subprocess.run(["cpio", "--quiet", "-o", "-H", "newc"], cwd=directory,
                                     input=f".\n{names}".encode(), check=True,
                                     stdout=subprocess.PIPE).stdout
        outcome = self.started(boot(archive), "pentium")
        self.check_modules(outcome, system, system.order("pentium"))

    def test_the_processor_chooses_the_kernel(self) -> None:
        for cpu, image, name in (("486", "i486", "486"), ("pentium", "pentium", "pentium"),
                                 ("pentium3", "pentium", "p6"),
                                 ("pentium,tsc=off", "i486", "pentium")):
            with self.subTest(cpu=cpu):
                outcome = self.started(boot(System().bundle(), cpu=cpu), image)
                self.assertTrue(outcome.lines[0].startswith(f"boot: processor {name}, "))

    def test_options_choose_the_kernel(self) -> None:
        for options, cpu, image in (("kernel=i486", "pentium", "i486"),
                                    ("kernel=pentium", "pentium3", "pentium"),
                                    ("cpu=486", "pentium", "i486"),
                                    ("nocpuid", "pentium3", "i486"),
                                    ("cpu=486 kernel=pentium", "pentium", "pentium"),
                                    ("nofpu small=off", "pentium", "pentium")):
            with self.subTest(options=options):
                outcome = self.started(boot(System().bundle(), options, cpu), image)
                self.assertEqual(outcome.value("command_line"), options)

    def test_a_kernel_for_a_better_processor_is_started_with_a_warning(self) -> None:
        outcome = self.started(boot(System().bundle(), "kernel=pentium", "486"), "pentium")
        self.assertIn("boot: warning: kernel-pentium is not for this processor", outcome.lines)

    def test_every_size_of_memory(self) -> None:
        for size in (4, 8, 17, 64, 512, 3500):
            with self.subTest(megabytes=size):
                outcome = self.started(boot(System().bundle(), memory=str(size)), "pentium")
                self.check_memory(outcome)
                top = max(memory.end for memory in outcome.memory(CONVENTIONAL))
                self.assertLessEqual(top, size * MB)
                self.assertGreaterEqual(top, min(size * MB, LIMIT) - MB // 2)
                dropped = [line for line in outcome.lines if "above 3 GB are not used" in line]
                self.assertEqual(len(dropped), int(size > 3072))

    def test_without_a_memory_map_the_sizes_suffice(self) -> None:
        for size in (4, 16, 64):
            with self.subTest(megabytes=size):
                outcome = self.started(
                    boot(System().bundle(), "nommap", memory=str(size), cpu="486"), "i486")
                self.check_memory(outcome)
                self.assertTrue(any(line.endswith("KB, no map") for line in outcome.lines))
                self.assertEqual(len(outcome.memory(CONVENTIONAL)), 2)

    def test_a_bundle_in_the_way_is_moved(self) -> None:
        # QEMU puts the bundle right behind boot, which is where this root task belongs.
        system = System()
        place = 0x214000
        system.files["root"] = root(place).file()
        for memory in ("4", "64"):
            with self.subTest(megabytes=memory):
                outcome = self.started(boot(system.bundle(), memory=memory), "pentium")
                server = outcome.server("root")
                self.assertEqual(server.memory.begin, place)
                self.assertEqual(server.checksum,
                                 checksum(loaded(root(place), place, server.memory.end)))
                self.check_modules(outcome, system, system.order("pentium"))
                self.check_memory(outcome)

    def test_modules_in_the_way_are_moved_one_by_one(self) -> None:
        system = System()
        place = 0x214000
        system.files["root"] = root(place).file()
        outcome = self.started(boot(system.modules(), memory="4"), "pentium")
        self.check_modules(outcome, system, system.order("pentium"))
        self.check_memory(outcome)

    def test_a_bundle_may_fill_most_of_a_small_memory(self) -> None:
        system = System()
        system.files["conformance"] = pattern(1_500_000, 9)
        outcome = self.started(boot(system.bundle(), memory="4"), "pentium")
        self.check_modules(outcome, system, system.order("pentium"))
        self.check_memory(outcome)

    def test_the_second_serial_port(self) -> None:
        for options in ("serial=com2,9600", "serial=0x2f8"):
            with self.subTest(options=options):
                outcome = boot(System().bundle(), options, serial=("null", "stdio"))
                self.assertEqual(outcome.status, STATUS_DONE)
                self.assertTrue(outcome.lines[-1].startswith("boot: starting kernel-pentium"))

    def test_no_serial_output(self) -> None:
        outcome = self.started(boot(System().bundle(), "serial=off"), "pentium")
        self.assertEqual([line for line in outcome.lines if line.startswith("boot: ")], [])

    def test_a_machine_without_serial_port(self) -> None:
        outcome = boot(System().bundle(), serial=("none",))
        self.assertEqual(outcome.status, STATUS_DONE)


if __name__ == "__main__":
    unittest.main()
