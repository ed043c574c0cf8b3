# SPDX-License-Identifier: BSD-2-Clause
"""tools/run from its command line to its exit status, with fake emulators on the PATH."""

import subprocess
import sys
import unittest

import support

from pecan import bochs, media, qemu, run
from pecan.machine import Machine, MachineError


class Command(support.WithScratch):
    """Runs the real command against programs that only pretend."""

    def setUp(self) -> None:
        super().setUp()
        guest = f"exec {sys.executable} {support.FAKE_GUEST} ${{FAKE_BOOT:-normal}}"
        self.program("dpkg-query", "echo installed")
        self.program("cmake", 'mkdir -p "$4"; touch "$4/build.ninja"; echo configured')
        self.program("ninja", 'echo "ninja: no work to do."')
        self.program("qemu-system-i386", f"""\
            if [ "$2" = help ]; then echo "x86 486"; echo "x86 pentium"; exit; fi
            printf '%s\\n' "$@" > {self.scratch}/arguments
            {guest}""")
        self.program("bochs-bin", f"""\
            cp "$3" {self.scratch}/bochsrc
            line=$(sed -n 's/^com1: .*dev=//p' "$3")
            mkfifo screen
            exec 9<> screen
            echo 'Bochs connected to screen "'$PWD/screen'"' >&2
            head -c 200000 /dev/zero >&9
            {guest} < "$line" > "$line" """)

    def run_it(self, *arguments: str, **more: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(support.ROOT / "tools/run"), "--build-dir", str(self.scratch / "build"),
             *arguments],
            env=self.environment(**more), capture_output=True, text=True, timeout=60,
            stdin=subprocess.DEVNULL)

    def emulator_arguments(self) -> str:
        return (self.scratch / "arguments").read_text().replace("\n", " ")

    def test_the_answer_alone_goes_to_stdout(self) -> None:
        done = self.run_it("--command", "info")
        self.assertEqual((done.stdout, done.returncode), ("kernel: Pecan, image pentium\n", 0))

    def test_the_status_is_the_last_one_that_is_not_0(self) -> None:
        done = self.run_it(*("--command=status 3 --command=status 5 --command=info"
                             .replace(" --", "\n--").split("\n")))
        self.assertEqual(done.returncode, 5)
        self.assertEqual(done.stdout, "kernel: Pecan, image pentium\n")

    def test_a_panic_is_126_with_the_last_output(self) -> None:
        done = self.run_it("--command", "panic")
        self.assertEqual(done.returncode, 126)
        self.assertIn("backtrace: f0100000", done.stderr)

    def test_a_hang_is_126_after_the_timeout(self) -> None:
        done = self.run_it("--timeout", "1", "--command", "hang")
        self.assertEqual(done.returncode, 126)
        self.assertIn("timeout", done.stderr)
        self.assertIn("working", done.stderr)

    def test_a_boot_error_is_126(self) -> None:
        done = self.run_it("--command", "info", FAKE_BOOT="error")
        self.assertEqual(done.returncode, 126)
        self.assertIn("module sigma0 is missing", done.stderr)

    def test_wrong_options_are_2_with_the_usage(self) -> None:
        for wrong in (["--nonsense"], ["--command", ""], ["--command", "a\nb"],
                      ["--option", "two words", "--command", "info"], ["--memory", "0"],
                      ["--iso", "--disk"], ["--cpu", "z80", "--command", "info"],
                      ["--bochs", "--cpu", "core2duo", "--command", "info"],
                      ["--bochs", "--gdb", "--command", "info"],
                      ["--cycle-plugin", "/nowhere.so", "--command", "info"], []):
            with self.subTest(wrong):
                done = self.run_it(*wrong)
                self.assertEqual(done.returncode, 2)
                self.assertIn("usage: tools/run", done.stderr)

    def test_help_names_the_quoting_rule(self) -> None:
        done = self.run_it("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("verbatim", done.stdout)

    def test_commands_are_counted_unless_told_otherwise(self) -> None:
        self.run_it("--command", "info")
        self.assertIn("-icount shift=0,sleep=off", self.emulator_arguments())
        self.run_it("--command", "info", "--no-icount")
        self.assertNotIn("-icount", self.emulator_arguments())

    def test_machine_and_boot_options_reach_the_emulator(self) -> None:
        self.run_it("--cpu", "486", "--memory", "4", "--option", "nommap", "--option",
                    "serial=com1,9600", "--command", "info")
        line = self.emulator_arguments()
        self.assertIn("-cpu 486 -m 4M", line)
        self.assertIn("-append nommap serial=com1,9600", line)

    def test_a_cycle_plugin_reaches_the_emulator_with_its_arguments(self) -> None:
        plugin = self.scratch / "model.so"
        plugin.touch()
        path = str(plugin.resolve())
        chosen = run.parser().parse_args(["--cycle-plugin", f"{path},l2=256,out=/tmp/report"])
        line = qemu.arguments(run.described_machine(chosen))
        self.assertIn(f"file={path},l2=256,out=/tmp/report", line)

    def test_bochs_is_reached_by_its_serial_terminal(self) -> None:
        done = self.run_it("--bochs", "--command", "info", "--command", "status 4")
        self.assertEqual((done.stdout, done.returncode), ("kernel: Pecan, image pentium\n", 4))
        self.assertIn("boot: disk", (self.scratch / "bochsrc").read_text())

    def test_a_busy_screen_does_not_stop_bochs(self) -> None:
        """The fake writes more to its screen than any pipe or terminal holds, before it boots."""
        self.assertEqual(self.run_it("--bochs", "--timeout", "5", "--command", "info").returncode,
                         0)

    def test_bochs_that_dies_is_126(self) -> None:
        done = self.run_it("--bochs", "--command", "die")
        self.assertEqual(done.returncode, 126)
        self.assertIn("last words", done.stderr)

    def test_a_failing_build_is_1_and_nothing_boots(self) -> None:
        self.program("ninja", "echo broken; exit 1")
        done = self.run_it("--command", "info")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("broken", done.stderr)

    def test_the_build_of_another_tree_is_refused(self) -> None:
        (self.scratch / "build").mkdir()
        (self.scratch / "build/CMakeCache.txt").write_text(
            "CMAKE_HOME_DIRECTORY:INTERNAL=/another/tree\n")
        done = self.run_it("--command", "info")
        self.assertEqual(done.returncode, 1)
        self.assertIn("was made for /another/tree", done.stderr)

    def test_nothing_is_said_about_a_build_that_is_up_to_date(self) -> None:
        self.run_it("--command", "info")
        self.assertEqual(self.run_it("--command", "info").stderr, "pecan> info\n")


class Descriptions(unittest.TestCase):
    """Machines as emulator command lines and configurations."""

    def test_commas_in_the_name_of_an_image_are_kept_from_qemu(self) -> None:
        line = qemu.arguments(Machine(medium="disk", image=support.Path("/a,b/x.img")))
        self.assertIn("file=/a,,b/x.img,format=raw,if=ide,snapshot=on", line)

    def test_the_serial_line_follows_the_boot_option(self) -> None:
        self.assertEqual(qemu.serial_arguments(Machine(options=("serial=com2",)), "stdio"),
                         ["-serial", "null", "-serial", "stdio"])
        self.assertEqual(qemu.serial_arguments(Machine(), "stdio"), ["-serial", "stdio"])

    def test_a_486_in_bochs_is_a_pentium_with_a_boot_option(self) -> None:
        machine = bochs.completed(Machine(emulator="bochs", cpu="486"))
        self.assertEqual((machine.options, machine.medium), (("cpu=486",), "disk"))
        self.assertEqual(bochs.completed(machine), machine)

    def test_media_hold_what_fits_a_floppy_and_direct_boots_have_all(self) -> None:
        self.assertEqual(Machine().bundle_file(), "pecan.cpio")
        self.assertEqual(Machine(medium="iso").bundle_file(), "pecan-release.cpio")
        self.assertEqual(Machine(medium="iso", bundle="complete").bundle_file(), "pecan.cpio")
        self.assertEqual(Machine(bundle="busybox").bundle_file(), "pecan-busybox.cpio")

    def test_bochs_finds_everything_on_its_disk_unless_a_medium_was_asked_for(self) -> None:
        alone = bochs.completed(Machine(emulator="bochs"))
        asked = bochs.completed(Machine(emulator="bochs", medium="disk"))
        self.assertEqual((alone.bundle_file(), media.target_of(alone), media.needs_own(alone)),
                         ("pecan.cpio", "disk-complete", False))
        self.assertEqual((asked.bundle_file(), media.target_of(asked)),
                         ("pecan-release.cpio", "disk"))
        self.assertTrue(media.needs_own(Machine(medium="iso", bundle="busybox", counting=False)))

    def test_bochs_refuses_a_machine_without_a_medium(self) -> None:
        with self.assertRaises(MachineError):
            bochs.configuration(Machine(emulator="bochs"), support.HERE, "/dev/null")

    def test_the_log_of_bochs_tells_halt_from_triple_fault(self) -> None:
        halt = bochs.explain("0001p[UNMAP ] >>PANIC<< Shutdown port: shutdown requested\n")
        fault = bochs.explain("0002p[CPU0  ] >>PANIC<< exception(): 3rd (13) exception with no "
                              "resolution\n")
        self.assertTrue(halt.clean)
        self.assertFalse(fault.clean)
        self.assertIn("triple fault", fault.reason)
        self.assertFalse(bochs.explain("").clean)


if __name__ == "__main__":
    unittest.main()
