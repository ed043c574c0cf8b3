# SPDX-License-Identifier: BSD-2-Clause
"""Running the tools that bundles and images are made with."""

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

PACKAGES = {"grub-mkimage": "grub-common", "mattrib": "mtools", "mcopy": "mtools",
            "mformat": "mtools", "mmd": "mtools", "objcopy": "binutils", "xorriso": "xorriso"}


class MediaError(Exception):
    """Why a bundle or an image cannot be made."""


def run(command: Sequence[str], environment: dict[str, str] | None = None) -> None:
    """Run a tool quietly; its output is told only if it fails."""
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, env=environment,
                       stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise MediaError(f"{command[0]} is missing: install the Debian package "
                         f"{PACKAGES[command[0]]}") from None
    except subprocess.CalledProcessError as error:
        raise MediaError(f"{command[0]} failed: {(error.stderr or error.stdout).strip()}") from None


def stripped(path: Path) -> bytes:
    """The file at `path`; an ELF file without symbols and debug information."""
    if not path.exists():
        raise MediaError(f"{path} is missing: build it first")
    content = path.read_bytes()
    if not content.startswith(b"\x7fELF"):
        return content
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / path.name
        run(["objcopy", "--strip-all", str(path), str(copy)])
        return copy.read_bytes()
