# SPDX-License-Identifier: BSD-2-Clause
# Programs in C, with the packaged library and the runtime below it.
enable_language (C)

add_library (c_system OBJECT libc/start.cpp libc/system.cpp)
target_link_libraries (c_system PRIVATE runtime)

# pecan_c_program (<name> SOURCES <source>...)
function (pecan_c_program name)
    cmake_parse_arguments (PROGRAM "" "" "SOURCES" ${ARGN})
    pecan_program (${name} SOURCES ${PROGRAM_SOURCES})
    set_target_properties (${name} PROPERTIES LINKER_LANGUAGE CXX C_STANDARD 11)
    target_compile_options (${name} PRIVATE $<$<COMPILE_LANGUAGE:C>:
        -m32 -O2 -march=i486 -mtune=i486 -fomit-frame-pointer -mpreferred-stack-boundary=3
        -mregparm=3 -freg-struct-return -ffunction-sections -fdata-sections -fno-pic -fno-pie
        -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none
        -nostdinc "SHELL:-isystem ${PECAN_COMPILER_INCLUDE}"
        "SHELL:-isystem ${PECAN_C_LIBRARY_PATH}/include"
        -Dmain=c_main -U__linux__ -U__unix__ -Wall -Wextra -Werror -g>)
    target_link_libraries (${name} PRIVATE c_system
        ${PECAN_C_LIBRARY_PATH}/lib/libc.a ${PECAN_C_LIBRARY_PATH}/lib/libm.a
        ${PECAN_C_LIBRARY_PATH}/lib/libc.a ${PECAN_LIBGCC})
endfunction ()

# Headers of the compiler itself, and its helpers for 64-bit division.
execute_process (COMMAND ${CMAKE_C_COMPILER} -m32 -print-file-name=include
                 OUTPUT_VARIABLE PECAN_COMPILER_INCLUDE OUTPUT_STRIP_TRAILING_WHITESPACE)
execute_process (COMMAND ${CMAKE_C_COMPILER} -m32 -print-libgcc-file-name
                 OUTPUT_VARIABLE PECAN_LIBGCC OUTPUT_STRIP_TRAILING_WHITESPACE)
