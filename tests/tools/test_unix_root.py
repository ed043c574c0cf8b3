# SPDX-License-Identifier: BSD-2-Clause
"""Fetching packages from an archive that is a directory, and packing root file systems."""

import contextlib
import hashlib
import importlib.machinery
import importlib.util
import io
import subprocess
import sys
import unittest
from types import ModuleType

import support

MEDIA = support.ROOT / "tools/media"
sys.path.insert(0, str(MEDIA))


def tool(name: str) -> ModuleType:
    """A program of tools/media as a module."""
    loader = importlib.machinery.SourceFileLoader(name, str(MEDIA / name))
    spec = importlib.util.spec_from_loader(name, loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    return module


class Fetching(support.WithScratch):
    """The archive holds one package, which is made here."""

    def setUp(self) -> None:
        super().setUp()
        self.fetcher = tool("fetch_packages")
        files = self.scratch / "package"
        (files / "DEBIAN").mkdir(parents=True)
        (files / "DEBIAN" / "control").write_text(
            "Package: shell\nVersion: 1:2+b1\nArchitecture: i386\nMaintainer: x <x@x>\n"
            "Description: x\n")
        (files / "bin").mkdir()
        (files / "bin" / "lksh").write_text("a shell")
        self.archive = self.scratch / "archive"
        self.file = self.archive / "pool" / "shell_2+b1_i386.deb"
        self.file.parent.mkdir(parents=True)
        subprocess.run(["dpkg-deb", "-b", str(files), str(self.file)], check=True,
                       capture_output=True)
        digest = hashlib.sha256(self.file.read_bytes()).hexdigest()
        self.fetcher.PACKAGES = (self.fetcher.Package("shell", "1:2+b1", "pool", digest),)
        self.output = self.scratch / "output"

    def fetch(self) -> bool:
        """Whether they are there afterwards."""
        status = self.fetcher.main(["--output", str(self.output), "--cache",
                                    str(self.scratch / "cache"), "--mirror",
                                    f"file://{self.archive}"])
        self.assertEqual(status, 0)
        return (self.output / "stamp").exists()

    def test_what_is_fetched_is_unpacked_and_kept(self) -> None:
        self.assertTrue(self.fetch())
        self.assertEqual((self.output / "shell/bin/lksh").read_text(), "a shell")
        self.file.unlink()
        self.assertTrue(self.fetch())

    def test_without_the_archive_the_build_goes_on_without(self) -> None:
        self.assertTrue(self.fetch())
        self.file.unlink()
        (self.scratch / "cache" / self.file.name).write_text("something else")
        with contextlib.redirect_stderr(io.StringIO()) as said:
            self.assertFalse(self.fetch())
        self.assertIn("shell 1:2+b1 cannot be fetched", said.getvalue())

    def test_another_package_is_refused(self) -> None:
        self.file.write_bytes(self.file.read_bytes() + b"x")
        with contextlib.redirect_stderr(io.StringIO()) as said:
            self.assertFalse(self.fetch())
        self.assertIn("is not the file that is known", said.getvalue())
        self.assertFalse((self.output / "shell").exists())


class Packing(support.WithScratch):
    """Lists and what becomes of them."""

    def setUp(self) -> None:
        super().setUp()
        self.root = tool("make_unix_root")
        (self.scratch / "motd").write_text("hello\n")
        program = self.scratch / "packages" / "klibc" / "bin" / "ls"
        program.parent.mkdir(parents=True)
        program.write_text("ls")
        program.chmod(0o755)

    def packed(self, *lines: str) -> list[str]:
        """How cpio lists the archive: mode, size or device, and name."""
        root = self.root.Root(self.scratch, self.scratch / "packages", [])
        for line in lines:
            root.add(line)
        done = subprocess.run(["cpio", "-itv", "--quiet"], input=b"".join(root.archive()),
                              check=True, capture_output=True)
        found = []
        for line in done.stdout.decode().splitlines():
            words = line.split()
            name = line[line.index("1970") + 5:]
            found.append(" ".join([words[0], *words[4:-4 if "->" not in name else -6], name]))
        return [line.replace(" Jan 1", "").replace(" 1970", "") for line in found]

    def test_every_kind_of_file(self) -> None:
        (self.scratch / "packages" / "stamp").touch()
        self.assertEqual(
            self.packed("directory tmp 1777", "device dev/null 1 3 666", "file etc/motd motd",
                        "package klibc/bin bin l*", "links bin ls dir"),
            ["drwxr-xr-x 0 bin", "lrwxrwxrwx 2 bin/dir -> ls", "-rwxr-xr-x 2 bin/ls",
             "drwxr-xr-x 0 dev", "crw-rw-rw- 1, 3 dev/null", "drwxr-xr-x 0 etc",
             "-rw-r--r-- 6 etc/motd", "drwxrwxrwt 0 tmp"])

    def test_without_packages_the_rest_remains(self) -> None:
        self.assertEqual(self.packed("directory bin", "package klibc/bin bin ls"),
                         ["drwxr-xr-x 0 bin"])

    def test_a_line_that_is_none(self) -> None:
        for line in ("nothing", "directory", "package klibc/bin bin", "device dev/null 1 3"):
            with self.assertRaises(self.root.MediaError):
                self.packed(line)

    def test_a_program_that_the_package_does_not_have(self) -> None:
        (self.scratch / "packages" / "stamp").touch()
        with self.assertRaises(self.root.MediaError):
            self.packed("package klibc/bin bin cat")


if __name__ == "__main__":
    unittest.main()
