# SPDX-License-Identifier: BSD-2-Clause
"""Boot images: the ones of the build, or one made for the occasion with boot options in it.

GRUB reads its options from the medium, so a machine that boots from one can only be given options
by an image made for it.
"""

import subprocess
from dataclasses import replace
from pathlib import Path

from pecan.build import ROOT, BuildError
from pecan.machine import Machine

IMAGES = {"iso": "pecan.iso", "floppy": "pecan-floppy.img", "disk": "pecan-disk.img"}
MAKER = ROOT / "tools" / "media" / "make_media"


def image_of(build_dir: Path, medium: str) -> Path:
    """The image that the build makes of `medium`."""
    return build_dir / IMAGES[medium]


def with_image(machine: Machine, build_dir: Path, scratch: Path) -> Machine:
    """`machine` with the image it boots from, out of what is built already; one made for it alone
    lands in `scratch`."""
    if machine.medium is None:
        return machine
    if machine.options or not _menu_can_wait(machine):
        return replace(machine, image=_make_image(machine, build_dir, scratch))
    return replace(machine, image=image_of(build_dir, machine.medium))


def _menu_can_wait(machine: Machine) -> bool:
    """Whether GRUB's countdown ends: a second is 10^9 instructions where these are counted."""
    return machine.emulator != "qemu" or not machine.counting


def _make_image(machine: Machine, build_dir: Path, directory: Path) -> Path:
    image = directory / IMAGES[machine.medium]
    command = [str(MAKER), machine.medium, "--build-dir", str(build_dir), "--output", str(image)]
    command += [f"--option={option}" for option in machine.options]
    if not _menu_can_wait(machine):
        command.append("--menu-seconds=0")
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise BuildError(f"no {machine.medium} image of its own: {done.stderr.strip()}")
    return image
