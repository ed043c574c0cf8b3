# SPDX-License-Identifier: BSD-2-Clause
# Installs the Debian packages that a command needs and that are missing.
#
# In shell because it must work before Python is there: tools/run and tools/test source it to get
# Python, and the Python side runs it (bash packages.sh GROUP...) once it knows what is needed.
# Nothing is asked of apt when nothing is missing.

# The packages of one group; the groups follow the moments at which they are needed.
packages_of () {
    case $1 in
        python) echo python3 ;;
        build)  echo cmake ninja-build nasm g++ g++-multilib googletest cpio ;;
        qemu)   echo qemu-system-x86 ;;
        window) echo qemu-system-gui ;;
        bochs)  echo bochs bochs-term bochsbios vgabios ;;
        bochs-window) echo bochs-x ;;
        media)  echo grub-pc-bin grub-common xorriso mtools ;;
        debug)  echo gdb ;;
        *)      echo "unknown package group $1" >&2; return 1 ;;
    esac
}

say () {
    echo "pecan: $*" >&2
}

is_installed () {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" = installed ]
}

missing_of () {
    local group package
    for group in "$@"; do
        packages_of "$group" > /dev/null || return 1
        for package in $(packages_of "$group"); do
            is_installed "$package" || echo "$package"
        done
    done
}

# Root needs no sudo. Without a terminal sudo must not wait for a password that nobody types.
as_root () {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

can_become_root () {
    [ "$(id -u)" -eq 0 ] || command -v sudo > /dev/null
}

have_package_lists () {
    compgen -G "${PECAN_APT_LISTS:-/var/lib/apt/lists}/*_Packages*" > /dev/null
}

apt_install () {
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -y -o Dpkg::Use-Pty=0 install --no-install-recommends "$@" >&2
}

# Old package lists name versions that the mirror no longer has: then, and only then, a second try
# with new ones.
install_packages () {
    local updated=no
    if ! have_package_lists; then
        as_root apt-get update >&2 || return 1
        updated=yes
    fi
    apt_install "$@" && return 0
    [ "$updated" = no ] && as_root apt-get update >&2 && apt_install "$@"
}

explain_missing () {
    say "these Debian packages are missing and could not be installed: $*"
    say "install them as root, then try again:"
    say "    apt-get update && apt-get install --no-install-recommends $*"
}

# need_packages GROUP...: 0 when everything is there, installing it first if need be.
need_packages () {
    local missing
    if ! command -v dpkg-query > /dev/null; then
        say "this is not a Debian system, so nothing was checked; what is needed:" \
            "$(for group in "$@"; do packages_of "$group"; done | tr '\n' ' ')"
        return 0
    fi
    missing=$(missing_of "$@") || return 1
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086
    set -- $missing
    say "installing missing Debian packages: $*"
    if can_become_root && install_packages "$@" && [ -z "$(packages_still_missing "$@")" ]; then
        return 0
    fi
    explain_missing "$@"
    return 1
}

packages_still_missing () {
    local package
    for package in "$@"; do
        is_installed "$package" || echo "$package"
    done
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    need_packages "$@"
fi
