// SPDX-License-Identifier: BSD-2-Clause
#include <machine/debug_control.hpp>

#include <support/random.hpp>

#include <gtest/gtest.h>

using machine::debug::hardware_control;
using machine::debug::local_enable;
using machine::debug::visible_status;

TEST (DebugControl, NothingEnabledIsNothing)
{
    EXPECT_EQ (hardware_control (0xFFFF0000), 0u);
    EXPECT_EQ (hardware_control (0xFFFFFFAA), 0u);      // global enables do not count
}

TEST (DebugControl, UndefinedConditionsAreLeftOut)
{
    for (unsigned condition = 0; condition < 16; ++condition) {
        unsigned const access = condition & 3;
        unsigned const length = condition >> 2;
        bool const defined = access != 2 && length != 2 && (access != 0 || length == 0);
        for (unsigned n = 0; n < 4; ++n) {
            std::uint32_t const control = local_enable (n) | condition << (16 + 4 * n);
            EXPECT_EQ (hardware_control (control), defined ? control | 0x500 : 0) << condition;
        }
    }
}

TEST (DebugControl, OnlyBitsOfEnabledBreakpointsReachTheProcessor)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    for (unsigned round = 0; round < 100'000; ++round) {
        std::uint32_t const control = random.word ();
        std::uint32_t const hardware = hardware_control (control);
        // No global enables, no general detect, no reserved bits.
        ASSERT_EQ (hardware & 0xFAAA & ~0x500u, 0u);
        for (unsigned n = 0; n < 4; ++n) {
            std::uint32_t const condition = 0xFu << (16 + 4 * n);
            if ((hardware & local_enable (n)) == 0)
                ASSERT_EQ (hardware & condition, 0u);
            else
                ASSERT_EQ (hardware & condition, control & condition);
        }
    }
}

TEST (DebugControl, OthersBreakpointsCannotBeSeen)
{
    EXPECT_EQ (visible_status (0xFFFFFFFF, 0), 0x4000u);
    EXPECT_EQ (visible_status (0x0000000F, local_enable (2)), 4u);
}
