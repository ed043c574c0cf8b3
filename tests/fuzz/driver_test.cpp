// SPDX-License-Identifier: BSD-2-Clause
/// @file  Runs a fuzz target without a fuzzer: its samples, samples that were changed at random,
///        and noise. FUZZ_RUNS=n in the environment says how many, TEST_SEED=n repeats a run,
///        FUZZ_SAMPLES=DIRECTORY writes the samples there.
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include <support/random.hpp>

#include "fuzz.hpp"

namespace {

constexpr std::uint32_t usual_runs = 20'000;
constexpr std::uint32_t most_noise = 300;

void run (std::string const& input)
{
    // A copy of exactly this size: reading behind it is seen.
    std::vector<std::uint8_t> const copy (input.begin (), input.end ());
    ASSERT_EQ (LLVMFuzzerTestOneInput (copy.data (), copy.size ()), 0);
}

/// Values that are likely to be at some limit.
constexpr std::uint32_t limits[] { 0, 1, 0x7F, 0x80, 0xFF, 0xFFF, 0x1000, 0xFFFF, 0x7FFFFFFF,
                                   0x80000000, 0xBFFFFFFF, 0xC0000000, 0xFFFFF000, 0xFFFFFFFF };

void change (std::string& input, std::string const& other, Random& random)
{
    auto const size = static_cast<std::uint32_t> (input.size ());
    std::uint32_t const at = size == 0 ? 0 : random.below (size);
    switch (random.below (7)) {
    case 0: if (size != 0) input[at] = static_cast<char> (random.word ()); break;
    case 1: if (size != 0) input[at] = static_cast<char> (input[at] ^ 1 << random.below (8)); break;
    case 2: input.resize (at); break;
    case 3: input.insert (at, input.substr (at / 2, random.below (64))); break;
    case 4: input.erase (at, random.below (16)); break;
    case 5: input = input.substr (0, at) + other.substr (std::min<std::size_t> (at, other.size ()));
            break;
    default:
        std::uint32_t const value = limits[random.below (std::size (limits))];
        std::size_t const width = std::size_t { 1 } << random.below (3);
        for (std::size_t i = 0; i < width && at + i < input.size (); ++i)
            input[at + i] = static_cast<char> (value >> 8 * i);
    }
}

TEST (Fuzz, Samples)
{
    char const* const directory = std::getenv ("FUZZ_SAMPLES");
    int number = 0;
    for (std::string const& sample : fuzz::samples ()) {
        run (sample);
        if (directory != nullptr)
            std::ofstream { std::string { directory } + "/sample" + std::to_string (number++),
                            std::ios::binary } << sample;
    }
    run ({});
}

TEST (Fuzz, ChangedSamplesAndNoise)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    std::vector<std::string> const samples = fuzz::samples ();
    ASSERT_FALSE (samples.empty ());
    auto const any = [&] { return random.below (static_cast<std::uint32_t> (samples.size ())); };
    char const* const given = std::getenv ("FUZZ_RUNS");
    std::uint32_t const runs = given ? static_cast<std::uint32_t> (std::strtoul (given, nullptr, 0))
                                     : usual_runs;
    for (std::uint32_t i = 0; i < runs; ++i) {
        std::string input;
        if (random.one_in (16)) {
            input.resize (random.below (most_noise));
            for (char& c : input)
                c = static_cast<char> (random.word ());
        } else {
            input = samples[any ()];
            for (std::uint32_t changes = 1 + random.below (6); changes != 0; --changes)
                change (input, samples[any ()], random);
        }
        run (input);
    }
}

}  // namespace
