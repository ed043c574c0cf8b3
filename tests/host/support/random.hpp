// SPDX-License-Identifier: BSD-2-Clause
/// @file  Random numbers for property tests, replayable.
///
/// Every run draws a fresh seed and prints it; TEST_SEED=n in the environment repeats the run
/// with seed n.
#pragma once

#include <cstdint>
#include <random>
#include <string>

class Random {
public:
    Random ();

    /// A number in 0..limit - 1.
    [[nodiscard]] std::uint32_t below (std::uint32_t limit)
    {
        return static_cast<std::uint32_t> (engine_ () % limit);
    }

    [[nodiscard]] std::uint32_t word () { return static_cast<std::uint32_t> (engine_ ()); }
    [[nodiscard]] bool one_in (std::uint32_t n) { return below (n) == 0; }

    /// For SCOPED_TRACE: how to repeat this run.
    [[nodiscard]] std::string replay () const
    {
        return "replay with TEST_SEED=" + std::to_string (seed_);
    }

private:
    std::uint32_t seed_;
    std::mt19937 engine_;
};
