# SPDX-License-Identifier: BSD-2-Clause
"""Boot images: the ones of the build, or one made for the occasion with boot options in it.

GRUB reads its options from the medium, so a machine that boots from one can only be given options
by an image made for it.
"""

import subprocess
from dataclasses import replace
from pathlib import Path

from pecan.build import ROOT, BuildError
from pecan.machine import RELEASE, Machine

# What the build makes: its target, which is also what a medium is called here, and the file.
IMAGES = {"iso": "pecan.iso", "floppy": "pecan-floppy.img", "disk": "pecan-disk.img",
          "disk-complete": "pecan-disk-complete.img"}
MAKER = ROOT / "tools" / "media" / "make_media"


def target_of(machine: Machine) -> str | None:
    """The build's target for the image that `machine` boots from, whatever its options."""
    if machine.medium is None or machine.bundle in (None, RELEASE):
        return machine.medium
    target = f"{machine.medium}-{machine.bundle}"
    return target if target in IMAGES else None


def needs_own(machine: Machine) -> bool:
    """Whether an image has to be made for `machine` alone."""
    return (machine.medium is not None
            and (bool(machine.options) or target_of(machine) is None
                 or not _menu_can_wait(machine)))


def with_image(machine: Machine, build_dir: Path, scratch: Path) -> Machine:
    """`machine` with the image it boots from, out of what is built already; one made for it alone
    lands in `scratch`."""
    if machine.medium is None:
        return machine
    if needs_own(machine):
        return replace(machine, image=_make_image(machine, build_dir, scratch))
    return replace(machine, image=build_dir / IMAGES[target_of(machine)])


def _menu_can_wait(machine: Machine) -> bool:
    """Whether GRUB's countdown ends: a second is 10^9 instructions where these are counted."""
    return machine.emulator != "qemu" or not machine.counting


def _make_image(machine: Machine, build_dir: Path, directory: Path) -> Path:
    image = directory / IMAGES[machine.medium]
    command = [str(MAKER), machine.medium, "--build-dir", str(build_dir), "--output", str(image),
               "--bundle", str(build_dir / machine.bundle_file())]
    command += [f"--option={option}" for option in machine.options]
    if not _menu_can_wait(machine):
        command.append("--menu-seconds=0")
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise BuildError(f"no {machine.medium} image of its own: {done.stderr.strip()}")
    return image
