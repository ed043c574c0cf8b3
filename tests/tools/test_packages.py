# SPDX-License-Identifier: BSD-2-Clause
"""Installing what is missing, with a fake dpkg and a fake apt."""

import subprocess
import unittest

import support

PACKAGES = support.ROOT / "tools/pecan/packages.sh"


class Packages(support.WithScratch):
    """The fake machine has the packages that the file `installed` names."""

    def setUp(self) -> None:
        super().setUp()
        self.installed = self.scratch / "installed"
        self.log = self.scratch / "log"
        self.lists = self.scratch / "lists"
        self.lists.mkdir()
        self.installed.write_text("cmake\nnasm\n")
        self.log.write_text("")
        self.program("dpkg-query", f'grep -qx "$4" {self.installed} && echo installed')
        self.program("id", "echo ${FAKE_UID:-0}")
        self.program("sudo", f'echo "sudo $1" >> {self.log}; [ "$1" = -n ] && shift; exec "$@"')
        self.apt(works=True)

    def apt(self, works: bool, after_update_only: bool = False) -> None:
        """A package manager that installs, or does not, or only once its lists are new."""
        condition = f"[ -e {self.scratch}/updated ]" if after_update_only else str(works).lower()
        self.program("apt-get", f"""\
            while [ "${{1#-}}" != "$1" ]; do [ "$1" = -o ] && shift; shift; done
            echo "apt-get $*" >> {self.log}
            if [ "$1" = update ]; then touch {self.scratch}/updated; exit; fi
            {condition} || exit 1
            shift 2
            printf '%s\\n' "$@" >> {self.installed}""")

    def need(self, *groups: str, uid: int = 0) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["bash", str(PACKAGES), *groups], capture_output=True, text=True, timeout=30,
            stdin=subprocess.DEVNULL,
            env=self.environment(FAKE_UID=str(uid), PECAN_APT_LISTS=str(self.lists)))

    def steps(self) -> list[str]:
        return self.log.read_text().splitlines()

    def test_nothing_is_asked_of_apt_when_nothing_is_missing(self) -> None:
        self.installed.write_text("python3\n")
        done = self.need("python")
        self.assertEqual((done.returncode, done.stderr, self.steps()), (0, "", []))

    def test_only_what_is_missing_is_installed(self) -> None:
        (self.lists / "debian_main_binary-amd64_Packages").touch()
        done = self.need("build")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.steps(), ["apt-get install --no-install-recommends ninja-build g++ "
                                        "g++-multilib googletest cpio"])

    def test_without_package_lists_they_are_fetched_first(self) -> None:
        self.assertEqual(self.need("python").returncode, 0)
        self.assertEqual([step.split()[1] for step in self.steps()], ["update", "install"])

    def test_old_package_lists_are_renewed_after_a_failure(self) -> None:
        (self.lists / "debian_main_binary-amd64_Packages.lz4").touch()
        self.apt(works=True, after_update_only=True)
        self.assertEqual(self.need("python").returncode, 0)
        self.assertEqual([step.split()[1] for step in self.steps()],
                         ["install", "update", "install"])

    def test_a_user_installs_by_sudo_without_waiting_for_a_password(self) -> None:
        self.assertEqual(self.need("python", uid=1000).returncode, 0)
        self.assertIn("sudo -n", self.steps())

    def test_where_installing_fails_the_packages_are_named(self) -> None:
        self.apt(works=False)
        done = self.need("python", "qemu")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("apt-get install --no-install-recommends python3 qemu-system-x86",
                      done.stderr)

    def test_an_installation_that_did_nothing_is_not_believed(self) -> None:
        self.program("apt-get", "exit 0")
        self.assertNotEqual(self.need("python").returncode, 0)

    def test_an_unknown_group_is_an_error(self) -> None:
        self.assertNotEqual(self.need("nonsense").returncode, 0)


if __name__ == "__main__":
    unittest.main()
