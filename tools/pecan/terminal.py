# SPDX-License-Identifier: BSD-2-Clause
"""The user's terminal wired to the serial line of a machine, with QEMU's keys for leaving.

QEMU does this by itself; Bochs does not, so its bytes are pumped here.
"""

import os
import select
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from pecan.machine import Ending, RunningMachine

ESCAPE = b"\x01"                        # Ctrl-A
LEAVE = b"xX"
HOW_TO_LEAVE = "press Ctrl-A, then X, to leave"


class EscapeFilter:
    """Finds the escape sequence in what the user types: Ctrl-A X leaves, Ctrl-A twice is one."""

    def __init__(self) -> None:
        self._escaped = False
        self.leave = False

    def __call__(self, typed: bytes) -> bytes:
        """What of `typed` is meant for the guest."""
        out = bytearray()
        for byte in typed:
            if self._escaped:
                self._escaped = False
                if byte in LEAVE:
                    self.leave = True
                    break
                if byte != ESCAPE[0]:
                    continue
            elif byte == ESCAPE[0]:
                self._escaped = True
                continue
            out.append(byte)
        return bytes(out)


@contextmanager
def _raw(descriptor: int) -> Iterator[None]:
    before = termios.tcgetattr(descriptor)
    try:
        tty.setraw(descriptor)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def connect(machine: RunningMachine) -> Ending:
    """Let the user talk to `machine` until they leave or it ends."""
    keyboard, screen = sys.stdin.fileno(), sys.stdout.fileno()
    keys = EscapeFilter()
    with _raw(keyboard):
        while not keys.leave:
            if select.select([keyboard], [], [], 0)[0]:
                typed = os.read(keyboard, 64)
                if not typed:
                    break               # the terminal is gone
                machine.write(keys(typed))
            data = machine.read(0.02)
            if data:
                os.write(screen, data)
            elif machine.ending:
                return machine.ending
    return Ending(True, "left by the user")
