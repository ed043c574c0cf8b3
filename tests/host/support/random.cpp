// SPDX-License-Identifier: BSD-2-Clause
#include <support/random.hpp>

#include <cstdio>
#include <cstdlib>

namespace {

std::uint32_t choose_seed ()
{
    if (char const* given = std::getenv ("TEST_SEED"))
        return static_cast<std::uint32_t> (std::strtoul (given, nullptr, 0));
    return std::random_device {}();
}

}  // namespace

Random::Random () : seed_ { choose_seed () }, engine_ { seed_ }
{
    std::printf ("TEST_SEED=%lu\n", static_cast<unsigned long> (seed_));
}
