// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a program defines.
#pragma once

#include <string_view>

/// @param arguments  the words behind the program's name
/// @return exit status, 0..255; 0 is success
int main (std::string_view arguments);
