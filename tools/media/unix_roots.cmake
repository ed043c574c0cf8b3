# SPDX-License-Identifier: BSD-2-Clause
# Root file systems of the Unix server: what is in them, servers/unix/roots says.

option (PECAN_DEBIAN_PROGRAMS "Fetch Debian programs for the Unix server" ON)
set (packages ${CMAKE_BINARY_DIR}/unix/packages)
set (packages_stamp ${packages}/stamp)
if (PECAN_DEBIAN_PROGRAMS)
    # Without network there is no stamp afterwards, and the next build tries again.
    add_custom_command (OUTPUT ${packages_stamp}
        COMMAND ${here}/fetch_packages --output ${packages}
        DEPENDS ${here}/fetch_packages
        COMMENT "Fetching Debian programs for the Unix server"
        VERBATIM)
    set (fetched ${packages_stamp})
else ()
    file (REMOVE ${packages_stamp})
    set (fetched)
endif ()

# pecan_unix_root (<file> <list> <program>...): a root file system with programs of our own.
function (pecan_unix_root file name)
    set (list ${CMAKE_SOURCE_DIR}/servers/unix/roots/${name}.list)
    set (programs ${ARGN})
    list (TRANSFORM programs REPLACE "(.+)" "$<TARGET_FILE:\\1>")
    file (GLOB texts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/servers/unix/roots/*.list
        ${CMAKE_SOURCE_DIR}/servers/unix/roots/etc/* ${CMAKE_SOURCE_DIR}/tests/unix/cases/*.sh)
    cmake_path (GET file PARENT_PATH directory)
    file (MAKE_DIRECTORY ${directory})
    add_custom_command (OUTPUT ${file}
        COMMAND ${here}/make_unix_root --output ${file} --packages ${packages} ${list} ${programs}
        DEPENDS ${fetched} ${texts} ${ARGN} ${here}/make_unix_root ${here}/newc.py
                ${here}/command.py ${CMAKE_SOURCE_DIR}/tools/pecan/shell_cases.py
        COMMENT "Packing the root file system ${name}"
        VERBATIM)
endfunction ()

set (roots ${CMAKE_BINARY_DIR}/unix)
pecan_unix_root (${roots}/unix.root shell ${PECAN_LINUX_PROGRAMS})
pecan_unix_root (${roots}/small/unix.root small ${PECAN_LINUX_PROGRAMS})
pecan_unix_root (${roots}/busybox.root busybox)
pecan_unix_root (${roots}/test.root test ${PECAN_LINUX_TESTS})
# The shell cases, with either shell.
pecan_unix_root (${roots}/lksh-cases.root lksh-cases ${PECAN_LINUX_PROGRAMS})
pecan_unix_root (${roots}/ash-cases.root ash-cases)
