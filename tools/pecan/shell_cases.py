# SPDX-License-Identifier: BSD-2-Clause
"""The shell cases of the Unix server (tests/unix/cases), and what Linux says to them.

    # shells: lksh            in a group's head: only there
    ## name                   a case begins; its text is a script
    ## name: reason           one that is not run yet, and why

Each case is a script in /cases of a root file system. Linux runs the very same root file system,
the same programs with the same arguments, in a user namespace: what it prints, and the status, is
what must come out on Pecan, byte for byte."""

import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DIRECTORY = Path(__file__).resolve().parents[2] / "tests" / "unix" / "cases"
SHELLS = re.compile(r"^# shells: (.*)$", re.MULTILINE)
HEAD = re.compile(r"^## ([a-z0-9-]+)(?:: (.+))?$", re.MULTILINE)

# Around every case: a directory of its own that is gone afterwards, input from nowhere, errors in
# their place among the output, and the status behind the last byte.
RUNNER = """\
umask 022
mkdir /tmp/w
cd /tmp/w
sh /cases/$1 < /dev/null 2>&1
echo "[$?]"
"""
# What the server gives to the first program.
ENVIRONMENT = {"PATH": "/bin", "HOME": "/"}
SECONDS = 30

# In the new namespace: devices of the host, an empty /tmp, then only the root file system.
ENTER = """\
for device in null zero tty; do
    : > "$1/dev/$device" && mount --bind /dev/$device "$1/dev/$device" || exit 125
done
mount -t tmpfs none "$1/tmp" || exit 125
exec chroot "$1" /bin/sh /cases/run "$2"
"""


@dataclass(frozen=True)
class Case:
    """A script, and why it is not run, if it is not."""

    name: str
    script: str
    shells: tuple[str, ...]
    pending: str = ""


class NativeError(Exception):
    """What went wrong when Linux was asked."""


class NativeMissing(NativeError):
    """Why Linux cannot be asked here."""


def parse(group: str, text: str) -> Iterator[Case]:
    """The cases of one file."""
    shells = SHELLS.search(text)
    heads = list(HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends):
        script = text[head.end():end].strip("\n") + "\n"
        yield Case(f"{group}-{head[1]}", script, tuple(shells[1].split()) if shells else (),
                   head[2] or "")


def cases(shell: str, directory: Path = DIRECTORY) -> list[Case]:
    """All that are meant for `shell`, in the order of their files."""
    return [case for path in sorted(directory.glob("*.sh"))
            for case in parse(path.stem, path.read_text(encoding="ascii"))
            if not case.shells or shell in case.shells]


def extract(archive: Path, root: Path) -> None:
    """Unpack a root file system, but for its devices, which need a real root."""
    root.mkdir(parents=True)
    with open(archive, "rb") as stream:
        done = subprocess.run(["cpio", "-id", "--quiet", "-f", "dev/*"], stdin=stream, cwd=root,
                              capture_output=True, text=True)
    if done.returncode:
        raise NativeError(f"cpio: {done.stderr.strip()}")
    (root / "dev").mkdir(exist_ok=True)


def _take_all_signals() -> None:
    """Whatever who started us ignores: a server's first process ignores nothing."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)


class Native:
    """Linux with a root file system of ours. A context manager."""

    def __init__(self, archive: Path):
        self._archive = archive
        self._scratch = tempfile.TemporaryDirectory(prefix="pecan-native-")

    def __enter__(self) -> "Native":
        if shutil.which("unshare") is None:
            raise NativeMissing("there is no unshare (util-linux)")
        allowed = subprocess.run(["unshare", "-r", "-m", "true"], capture_output=True, text=True)
        if allowed.returncode:
            raise NativeMissing(allowed.stderr.strip())
        extract(self._archive, self._root())
        return self

    def __exit__(self, *_: object) -> None:
        self._scratch.cleanup()

    def _root(self) -> Path:
        return Path(self._scratch.name) / "root"

    def run(self, case: str) -> str:
        """What the case prints here, its status included."""
        command = ["unshare", "-r", "-m", "/bin/sh", "-c", ENTER, "sh", str(self._root()), case]
        try:
            done = subprocess.run(command, capture_output=True, env=ENVIRONMENT | {
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}, timeout=SECONDS,
                                  stdin=subprocess.DEVNULL, preexec_fn=_take_all_signals)
        except subprocess.TimeoutExpired:
            raise NativeError(f"{case} does not end on Linux") from None
        if done.returncode or done.stderr:
            raise NativeError(done.stderr.decode(errors="replace").strip()
                              or f"status {done.returncode}")
        return done.stdout.decode("latin-1")
