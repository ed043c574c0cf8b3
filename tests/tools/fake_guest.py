#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Stands in for a booted machine: speaks the console's protocol on stdin and stdout.

The runners are tested against it, because it hangs, panics and dies when asked to. How it boots is
its only argument: normal, silent (no prompt), error (the boot program stops), exit.
"""

import os
import sys
import time

HALTED, BOOT_ERROR, PANIC, RESET = 33, 99, 101, 0

TAP = """TAP version 13
1..3
ok 1 - IPC-001 a first sentence # V2-101
ok 2 - IPC-002 a second # SKIP not on this processor
{third}
{last}
"""
GOOD = TAP.format(third="ok 3 - MAP-001 a third # V2-120",
                  last="# 2 passed, 0 failed, 1 skipped")
BAD = TAP.format(third="not ok 3 - MAP-001 a third # V2-120\n# map.cpp:12: CHECK (a == b)",
                 last="# 1 passed, 1 failed, 1 skipped")
SHORT = "\n".join(GOOD.split("\n")[:3]) + "\n"
CSV = """# image pentium, counting instructions
benchmark,case,unit,minimum,mode,batches
ipc,same-space,instructions,292.50,293,100
ipc,different-spaces,instructions,{figure},123,100
""" + "".join(f"x,{case},instructions,1,1,100\n" for case in (
    "call", "map-1", "unmap-256", "realtime-all", "kernel", "default", "file", "guard",
    "evicting-swap", "pages-0", "pages-64", "fan-out-1", "fan-out-1000", "id_nearest",
    "thread_switch", "thread_schedule", "lthread_ex_regs", "fpage_unmap", "int-40h", "privileged",
    "undefined", "few", "many", "bytes-8", "bytes-65536"))


def put(text: str) -> None:
    """Write as a serial console does."""
    os.write(1, text.replace("\n", "\r\n").encode("latin-1"))


def get_line() -> str:
    """Read a line, echoing each byte."""
    line = b""
    while (byte := os.read(0, 1)) not in (b"\r", b""):
        os.write(1, byte)
        line += byte
    put("\n")
    return line.decode("latin-1")


def hang() -> None:
    """Never come back; end with the test that started this."""
    time.sleep(60)


def leave(text: str, code: int) -> None:
    """Say something and end as an emulator would."""
    put(text)
    sys.exit(code)


def answer(command: str) -> int | None:
    """Do one command; its status, or None if there is to be no status line."""
    word, _, argument = command.partition(" ")
    if word == "hang":
        put("working\n")
        hang()
    if word == "panic":
        leave("working\nPANIC: out of luck\neax=00000000\nbacktrace: f0100000\n", PANIC)
    if word == "die":
        leave("last words\n", RESET)
    if word == "halt":
        leave("[status 0]\n", HALTED)
    if word == "restart":
        put("Pecan again\n")
        return None
    if word == "quick":
        put("no line end here: pecan> [status 9] in mid-line\n")
        return 0
    texts = {"good": GOOD, "bad": BAD, "short": SHORT}
    if word == "test":
        which = argument or os.environ.get("FAKE_SUITE", "good")
        put(texts[which])
        return 1 if which == "bad" else 0
    if word == "bench":
        put(CSV.format(figure=os.environ.get("PECAN_FAKE_FIGURE", "120")))
        return 0
    if word == "info":
        put("kernel: Pecan, image pentium\n")
        return 0
    return int(argument) if word == "status" else 127


def main(boot: str) -> None:
    """Boot, then answer until the line closes."""
    put("GRUB would say something here\n")
    if boot == "silent":
        hang()
    if boot == "error":
        leave("boot: error: module sigma0 is missing\n", BOOT_ERROR)
    if boot == "exit":
        leave("", 1)
    while True:
        put("pecan> ")
        status = answer(get_line())
        if status is not None:
            put(f"[status {status}]\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "normal")
