# SPDX-License-Identifier: BSD-2-Clause
"""What the kernels give to the first two programs: probes in their places report it."""

import tempfile
import unittest
from pathlib import Path

from machine import BUILD_DIR, STATUS_DONE, Outcome, command_line, run

BIN = BUILD_DIR / "bin"
LOADER = BIN / "tests" / "foreign-loader"
SIGMA0_PROBE = BIN / "tests" / "sigma0-probe"
ROOT_PROBE = BIN / "tests" / "root-probe"
KERNELS = {"486": "kernel-i486", "pentium": "kernel-pentium"}
VERSIONS = {"strict": "02000001", "l4env": "02004444"}
ELF_MAGIC = "464C457F"


def start(cpu: str, profile: str, sigma0: Path, root: Path) -> Outcome:
    """One boot; what the probes report."""
    files = [BIN / KERNELS[cpu], sigma0, root, BIN / "byhand"]
    with tempfile.TemporaryDirectory() as scratch:
        return run([*command_line(cpu, "16"), "-serial", "null", "-debugcon", "stdio",
                    "-kernel", str(LOADER), "-append", f"profile={profile}",
                    "-initrd", ",".join(map(str, files))], Path(scratch))


class FirstPrograms(unittest.TestCase):
    """V2-050, V2-253, V2-260, V2-262, V2-319, V2-361, V2-362, V2-364, V2-366."""

    def check_modules(self, outcome: Outcome, programs: list[Path]) -> None:
        """Kernel, sigma0, root task, programs: each string begins with the file's name."""
        names = [text.split()[0] for text in outcome.values("module")]
        self.assertEqual(len(names), len(programs))
        for name, file in zip(names, programs):
            self.assertTrue(name.endswith(file.name), name)

    def check_sigma0(self, cpu: str) -> None:
        outcome = start(cpu, "strict", SIGMA0_PROBE, ROOT_PROBE)
        self.assertEqual(outcome.status, STATUS_DONE, outcome.lines)
        # V2-260, V2-366: how it starts.
        self.assertEqual(outcome.value("registers"), "00000000")
        self.assertEqual(int(outcome.value("esp"), 16),
                         int(outcome.value("sigma0-esp"), 16) - 4)
        self.assertEqual(int(outcome.value("page"), 16) % 4096, 0)
        self.assertEqual(outcome.value("magic"), "4BE6344C")
        self.assertEqual(outcome.value("version"), VERSIONS["strict"])
        self.check_modules(outcome, [BIN / KERNELS[cpu], SIGMA0_PROBE, ROOT_PROBE,
                                     BIN / "byhand"])
        # V2-319: its memory, and what is not.
        self.assertEqual(outcome.value("kernel-file"), ELF_MAGIC)
        self.assertEqual(outcome.value("written"), "5160A000")
        self.assertEqual(outcome.values("refused"), ["00000000"] * 3)
        self.assertEqual([outcome.values(key) for key in ("page-write", "image-read",
                                                          "pool-read")], [[], [], []])
        # V2-366: the root task. Its first instruction is its first fault.
        entry = outcome.value("root-eip")
        self.assertEqual(outcome.values("fault"), [f"{int(entry, 16) & ~3:08X}"])
        self.assertEqual(outcome.value("fault-eip"), entry)
        self.assertEqual(outcome.value("fault-from"), "00080000")
        self.assertEqual(outcome.value("root-registers"), "00000000")

    def check_root(self, cpu: str, profile: str) -> None:
        outcome = start(cpu, profile, BIN / "sigma0", ROOT_PROBE)
        self.assertEqual(outcome.status, STATUS_DONE, outcome.lines)
        self.assertEqual(outcome.value("answer"), "00004002")
        self.assertEqual(outcome.value("magic"), "4BE6344C")
        self.assertEqual(outcome.value("version"), VERSIONS[profile])
        self.check_modules(outcome, [BIN / KERNELS[cpu], BIN / "sigma0", ROOT_PROBE,
                                     BIN / "byhand"])
        self.assertEqual(outcome.value("root-file"), ELF_MAGIC)
        self.assertEqual(outcome.value("written"), "5160A000")
        self.assertEqual(outcome.value("ram"), "5160A001")

    def test_sigma0_finds_what_it_needs_i486(self) -> None:
        self.check_sigma0("486")

    def test_sigma0_finds_what_it_needs_pentium(self) -> None:
        self.check_sigma0("pentium")

    def test_the_root_task_gets_memory_by_touching_it_i486(self) -> None:
        for profile in VERSIONS:
            self.check_root("486", profile)

    def test_the_root_task_gets_memory_by_touching_it_pentium(self) -> None:
        for profile in VERSIONS:
            self.check_root("pentium", profile)


if __name__ == "__main__":
    unittest.main()
