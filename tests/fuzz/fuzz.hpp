// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a fuzz target offers: libFuzzer's entry point, which must stand any input, and good
///        inputs to begin with. Sanitizers and `must` say what is wrong.
///
/// libFuzzer runs targets for as long as one likes, where clang is:
///
///     ninja -C build fuzz fuzz_elf_test && mkdir elf
///     FUZZ_SAMPLES=elf build/bin/tests/fuzz_elf_test          writes the good inputs
///     build/bin/fuzz/fuzz_elf elf
///
/// CI runs each of them some thousands of times by driver_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput (std::uint8_t const* data, std::size_t size);

namespace fuzz {

/// Inputs that are good, or nearly.
std::vector<std::string> samples ();

/// End the process, as a sanitizer does, unless `condition` holds.
inline void must (bool condition)
{
    if (!condition)
        std::abort ();
}

}  // namespace fuzz
