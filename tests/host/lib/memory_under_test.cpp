// SPDX-License-Identifier: BSD-2-Clause
/// @file  lib/memory.cpp under names that do not clash with the C library's.
#define memcpy tested_memcpy
#define memmove tested_memmove
#define memset tested_memset
#define memcmp tested_memcmp
#define strlen tested_strlen

#include <lib/memory.cpp>
