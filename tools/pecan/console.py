# SPDX-License-Identifier: BSD-2-Clause
"""The guest's console as a program sees it: prompt, command, answer, status line.

    pecan> bench ipc          the prompt, and the command as the console echoes it
    ...                       the answer
    [status 0]                always there, on a line of its own
    pecan>                    the next prompt

Everything that is not this dialogue is a failure and is raised as GuestFailure with the last
output: a panic, a machine that ends or starts over in mid-command, and silence.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from pecan.machine import RunningMachine

PROMPT = "pecan> "
STATUS = re.compile(r"\[status (\d+)\]\r?\n")
FATAL = re.compile(r"^(PANIC: |boot: error: ).*\n", re.MULTILINE)

# GRUB draws its menu on the serial line, too.
ESCAPE_SEQUENCE = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|[^\[])")

# A UART without a working FIFO holds one byte, one with a FIFO sixteen: the line is typed in
# pieces that fit, each waiting for the echo of the one before.
PIECE = 8
ECHO_TIMEOUT = 20
LAST_WORDS = 2                          # seconds given to a dying guest to finish its report
TAIL_LINES = 25


class GuestFailure(Exception):
    """The guest did not do what a console does."""

    def __init__(self, reason: str, output: str):
        super().__init__(reason)
        self.reason = reason
        self.output = output

    def report(self) -> str:
        """Reason and last output, ready to be shown."""
        plain = ESCAPE_SEQUENCE.sub("", self.output)
        tail = [line for line in map(str.rstrip, plain.splitlines()) if line][-TAIL_LINES:]
        if not tail:
            return f"{self.reason}\n    (the guest wrote nothing)"
        return "\n    ".join([f"{self.reason}; its last output:", *tail])


@dataclass(frozen=True)
class Answer:
    """What a command printed, without echo and status line, and its status."""

    text: str
    status: int


class Console:
    """Types commands at the prompt of a running machine and collects the answers."""

    def __init__(self, machine: RunningMachine, listener: Callable[[str], None] | None = None):
        self._machine = machine
        self._listener = listener
        self.output = ""                # all the guest ever wrote
        self._seen = 0                  # how much of it has been dealt with
        self._dying = False

    def wait_for_prompt(self, timeout: float) -> None:
        """Wait until the guest is ready for a command."""
        deadline = time.monotonic() + timeout
        while (at := self.output.find(PROMPT, self._seen)) < 0:
            self._receive(deadline, "no prompt")
        self._seen = at + len(PROMPT)

    def run(self, command: str, timeout: float,
            on_output: Callable[[str], None] | None = None) -> Answer:
        """Type `command` at the prompt that was waited for, and wait for its status line.

        `on_output` is given the answer line by line while it comes.
        """
        deadline = time.monotonic() + timeout
        self._type(command)
        complaint = f"no status line after {command!r}"
        self._next_line(deadline, complaint)        # the echo
        answer = []
        while not (status := STATUS.fullmatch(line := self._next_line(deadline, complaint))):
            answer.append(_plain(line))
            if on_output:
                on_output(answer[-1])
        return Answer("".join(answer), int(status.group(1)))

    def type(self, keys: str) -> None:
        """Type into whatever runs, control characters included, and forget what was printed."""
        self._seen = len(self.output)
        self._machine.write(keys.encode("latin-1"))

    def expect(self, pattern: re.Pattern[str], timeout: float) -> str:
        """Wait until what has been printed since `type` has `pattern` in it."""
        deadline = time.monotonic() + timeout
        while not pattern.search(self.output, self._seen):
            self._receive(deadline, f"not {pattern.pattern!r}")
        return self.output[self._seen:]

    def _type(self, command: str) -> None:
        self._seen = len(self.output)
        line = command.encode("ascii") + b"\r"
        for at in range(0, len(line), PIECE):
            piece = line[at:at + PIECE]
            wanted = len(self.output) + len(piece)
            self._machine.write(piece)
            deadline = time.monotonic() + ECHO_TIMEOUT
            while len(self.output) < wanted:
                self._receive(deadline, f"no echo of {command!r}")

    def _next_line(self, deadline: float, complaint: str) -> str:
        """The next complete line; a prompt in its place means that the console was restarted."""
        while (end := self.output.find("\n", self._seen)) < 0:
            if self.output.startswith(PROMPT, self._seen):
                self._fail("the machine started over: a prompt came without a status line")
            self._receive(deadline, complaint)
        start, self._seen = self._seen, end + 1
        return self.output[start:self._seen]

    def _receive(self, deadline: float, complaint: str) -> None:
        """Take what the guest writes next, or fail with `complaint` at the deadline."""
        if data := self._machine.read(max(0.0, deadline - time.monotonic())):
            self._append(data)
        elif self._machine.ending:
            self._fail(f"the machine ended: {self._machine.ending.reason}")
        elif time.monotonic() >= deadline:
            self._fail(f"timeout: {complaint}")

    def _append(self, data: bytes) -> None:
        text = data.decode("latin-1")
        last_line = self.output.rfind("\n") + 1
        self.output += text
        if self._listener:
            self._listener(text)
        if not self._dying and (fatal := FATAL.search(self.output, last_line)):
            self._let_die(fatal.group().strip())

    def _let_die(self, last_words: str) -> None:
        """A guest that gave up gets a moment to say why in full."""
        self._dying = True
        deadline = time.monotonic() + LAST_WORDS
        while data := self._machine.read(max(0.0, deadline - time.monotonic())):
            self._append(data)
        self._fail(f"the guest gave up ({last_words})")

    def _fail(self, reason: str) -> None:
        raise GuestFailure(reason, self.output)


def _plain(text: str) -> str:
    return text.replace("\r", "")
