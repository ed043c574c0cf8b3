// SPDX-License-Identifier: BSD-2-Clause
#include <segment/tls_descriptor.hpp>

#include <support/random.hpp>

#include <gtest/gtest.h>

namespace {

using ia32::Descriptor;
using ia32::Extent;
using ia32::is_allowed_for_tls;
using ia32::tls_descriptor;

constexpr ia32::Word data = 0x12;
constexpr ia32::Word user = 0x60;

/// As a program writes it: writable data, 32 bits.
Descriptor in_pages (ia32::Word base, ia32::Word last_page, ia32::Word type = data)
{
    return Descriptor::segment (base, last_page, type, ia32::Privilege::user);
}

Descriptor in_bytes (ia32::Word base, ia32::Word limit)
{
    return Descriptor::small_segment (base, limit, data, ia32::Privilege::user);
}

/// The access byte of an otherwise good descriptor.
Descriptor with_access (ia32::Word access)
{
    Descriptor d = in_pages (0x1000, 0xFFFFF);
    d.high = (d.high & ~0xFF00U) | access << 8;
    return d;
}

}  // namespace

TEST (TlsDescriptor, OnlyUpwardsDataSegmentsAreAllowed)
{
    for (ia32::Word access = 0; access < 256; ++access) {
        bool const present = (access & 0x80) != 0;
        bool const data_upwards = (access & 0x1C) == 0x10;
        EXPECT_EQ (is_allowed_for_tls (with_access (access)), !present || data_upwards) << access;
    }
}

TEST (TlsDescriptor, SixteenBitSegmentsAreRefused)
{
    Descriptor d = in_pages (0x1000, 0xFFFFF);
    d.high &= ~(ia32::Word { 1 } << 22);
    EXPECT_FALSE (is_allowed_for_tls (d));
}

TEST (TlsDescriptor, AnEmptyOneBecomesZero)
{
    Descriptor const d = tls_descriptor ({ 0xFFFFFFFF, 0xFFFF7FFF });
    EXPECT_EQ (d.low, 0u);
    EXPECT_EQ (d.high, 0u);
}

TEST (TlsDescriptor, PrivilegeIsAlwaysTheUsers)
{
    for (ia32::Word privilege = 0; privilege < 4; ++privilege) {
        Descriptor const d = tls_descriptor (with_access (0x92 | privilege << 5));
        EXPECT_EQ (d.high >> 8 & user, user);
        EXPECT_EQ (d.high >> 8 & 0x1F, 0x13u);          // accessed: the processor never writes it
    }
    EXPECT_EQ (tls_descriptor (with_access (0x90)).high >> 8 & 0xFF, 0xF1u);    // read-only stays
}

TEST (TlsDescriptor, ReservedBitsAreDropped)
{
    Descriptor d = in_pages (0x12345678, 0x12345);
    d.high |= 3 << 20;
    EXPECT_EQ (tls_descriptor (d).high, in_pages (0x12345678, 0x12345, 0x13).high);
}

TEST (TlsDescriptor, BaseAndLimitAreKeptInsideUserSpace)
{
    Extent const bytes = Extent::of (tls_descriptor (in_bytes (0xABCDEF01, 0x1234)));
    EXPECT_EQ (bytes.base, 0xABCDEF01);
    EXPECT_EQ (bytes.last, 0x1234u);
    Extent const pages = Extent::of (tls_descriptor (in_pages (0x10000000, 0x12345)));
    EXPECT_EQ (pages.base, 0x10000000u);
    EXPECT_EQ (pages.last, 0x12345FFFu);
}

TEST (TlsDescriptor, WrappingSegmentsAreKept)
{
    Extent const glibc = Extent::of (tls_descriptor (in_pages (0x0804A000, 0xFFFFF)));
    EXPECT_EQ (glibc.base, 0x0804A000u);
    EXPECT_EQ (glibc.last, 0xFFFFFFFF);
}

TEST (TlsDescriptor, ASegmentBeyondUserSpaceIsCutOff)
{
    EXPECT_EQ (Extent::of (tls_descriptor (in_pages (0, 0xFFFFF))).last, 0xBFFFFFFF);
    EXPECT_EQ (Extent::of (tls_descriptor (in_bytes (0xBFFFFFFF, 0xFFF))).last, 0u);
    EXPECT_EQ (Extent::of (tls_descriptor (in_pages (0xBFFFF000, 1))).last, 0xFFFu);
}

TEST (TlsDescriptor, WhateverIsAllowedNeverEndsBehindTheFirstPageOfTheKernel)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    for (unsigned round = 0; round < 200'000; ++round) {
        Descriptor const d { random.word (), random.word () };
        if (!is_allowed_for_tls (d) || !is_present (d))
            continue;
        Extent const given = Extent::of (d);
        Descriptor const result = tls_descriptor (d);
        Extent const extent = Extent::of (result);
        ASSERT_TRUE (is_allowed_for_tls (result));
        ASSERT_EQ (extent.base, given.base);
        ASSERT_LE (extent.last, given.last);
        if (given.base >= l4::user_limit || given.base + given.last < given.base) {
            ASSERT_EQ (extent.last, given.last);
            continue;
        }
        ASSERT_LT (extent.base + extent.last, l4::user_limit + l4::page_size);
        if (given.base + given.last < l4::user_limit)
            ASSERT_EQ (extent.last, given.last);
        else
            ASSERT_GE (extent.base + extent.last, l4::user_limit - 1);
    }
}
