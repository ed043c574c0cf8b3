# SPDX-License-Identifier: BSD-2-Clause
"""The dialogue with the guest's console, against a guest that misbehaves on request."""

import sys
import unittest

import support

from pecan import console as console_module
from pecan import qemu
from pecan.console import Console, GuestFailure
from pecan.machine import start_on_pipes


class Dialogue(unittest.TestCase):
    """Each test talks to a fake guest of its own."""

    def boot(self, how: str = "normal") -> Console:
        command = [sys.executable, str(support.FAKE_GUEST), how]
        machine = start_on_pipes(command, qemu.explain)
        self.addCleanup(machine.close)
        return Console(machine)

    def ready(self) -> Console:
        console = self.boot()
        console.wait_for_prompt(10)
        return console

    def failure(self, command: str, timeout: float = 10) -> GuestFailure:
        console = self.ready()
        with self.assertRaises(GuestFailure) as caught:
            console.run(command, timeout)
        return caught.exception

    def test_an_answer_comes_without_echo_and_status_line(self) -> None:
        answer = self.ready().run("info", 10)
        self.assertEqual((answer.text, answer.status), ("kernel: Pecan, image pentium\n", 0))

    def test_a_status_is_passed_on(self) -> None:
        answer = self.ready().run("status 42", 10)
        self.assertEqual((answer.text, answer.status), ("", 42))

    def test_commands_follow_each_other(self) -> None:
        console = self.ready()
        self.assertEqual(console.run("status 1", 10).status, 1)
        console.wait_for_prompt(10)
        self.assertEqual(console.run("status 2", 10).status, 2)

    def test_a_line_longer_than_any_fifo_arrives_whole(self) -> None:
        self.assertEqual(self.ready().run("status " + "0" * 100 + "7", 10).status, 7)

    def test_prompt_and_status_in_mid_line_mean_nothing(self) -> None:
        answer = self.ready().run("quick", 10)
        self.assertEqual(answer.status, 0)
        self.assertIn("in mid-line", answer.text)

    def test_the_answer_is_told_while_it_comes(self) -> None:
        pieces: list[str] = []
        answer = self.ready().run("test good", 10, pieces.append)
        self.assertEqual("".join(pieces), answer.text)
        self.assertGreater(len(pieces), 1)

    def test_a_hang_is_a_timeout_with_the_last_output(self) -> None:
        failure = self.failure("hang", timeout=0.5)
        self.assertIn("timeout", failure.reason)
        self.assertIn("working", failure.report())

    def test_a_panic_is_reported_with_what_follows_it(self) -> None:
        failure = self.failure("panic")
        self.assertIn("PANIC: out of luck", failure.reason)
        self.assertIn("backtrace: f0100000", failure.report())

    def test_a_reset_is_a_failure(self) -> None:
        failure = self.failure("die")
        self.assertIn("reset or had a triple fault", failure.reason)
        self.assertIn("last words", failure.report())

    def test_a_second_boot_in_mid_command_is_a_failure(self) -> None:
        self.assertIn("started over", self.failure("restart").reason)

    def test_a_command_may_end_the_machine_after_its_status(self) -> None:
        self.assertEqual(self.ready().run("halt", 10).status, 0)

    def test_no_prompt_is_a_timeout(self) -> None:
        with self.assertRaisesRegex(GuestFailure, "timeout: no prompt"):
            self.boot("silent").wait_for_prompt(0.5)

    def test_an_error_of_the_boot_program_is_told(self) -> None:
        with self.assertRaisesRegex(GuestFailure, "boot: error: module sigma0 is missing"):
            self.boot("error").wait_for_prompt(10)

    def test_an_emulator_that_ends_at_once_is_told_with_its_code(self) -> None:
        with self.assertRaisesRegex(GuestFailure, "exit code 1"):
            self.boot("exit").wait_for_prompt(10)

    def test_what_the_emulator_complains_about_is_told(self) -> None:
        machine = start_on_pipes(["sh", "-c", "echo no such processor >&2; exit 1"], qemu.explain)
        self.addCleanup(machine.close)
        with self.assertRaisesRegex(GuestFailure, "no such processor"):
            Console(machine).wait_for_prompt(10)

    def test_a_report_is_free_of_screen_control(self) -> None:
        output = "\x1b[2J\x1b[1;1HGNU GRUB\r\n\r\n\x1b[?25hboot: no\r\n"
        report = GuestFailure("gone", output).report()
        self.assertEqual(report, "gone; its last output:\n    GNU GRUB\n    boot: no")

    def test_a_console_without_echo_is_a_failure(self) -> None:
        machine = start_on_pipes(["sh", "-c", "printf 'pecan> '; sleep 60"], qemu.explain)
        self.addCleanup(machine.close)
        before, console_module.ECHO_TIMEOUT = console_module.ECHO_TIMEOUT, 0.3
        self.addCleanup(setattr, console_module, "ECHO_TIMEOUT", before)
        console = Console(machine)
        console.wait_for_prompt(10)
        with self.assertRaisesRegex(GuestFailure, "no echo"):
            console.run("info", 10)


if __name__ == "__main__":
    unittest.main()
