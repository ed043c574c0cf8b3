// SPDX-License-Identifier: BSD-2-Clause
/// @file  The kernel info page: what a loader writes, and the two forms made of it.
#include <core/kip.hpp>

#include <initializer_list>

#include <gtest/gtest.h>

namespace {

using kernel::kip;
using l4::KernelInfoPage;
using l4::MemoryDescriptor;
using l4::MemoryRange;
using Type = MemoryDescriptor::Type;

namespace info_page = kernel::info_page;

constexpr l4::Word megabyte = 0x100000;
constexpr MemoryRange image { 0x100000, 0x12C000 };
constexpr MemoryRange root_image { 0x1D0000, 0x1E0000 };

/// The page as a loader leaves it.
struct InfoPage : testing::Test {
    InfoPage ()
    {
        kip.version = l4::kip_version_2007;
        kip.memory_info = KernelInfoPage::descriptors_offset << 16;
        kip.form_2007 = {};
        kip.root.begin = root_image.low;
        kip.root.end = root_image.high;
        for (MemoryDescriptor& d : kip.descriptors)
            d = {};
    }

    void describe (std::initializer_list<MemoryDescriptor> all)
    {
        for (MemoryDescriptor const& d : all)
            kip.descriptors[kip.memory_info++ & 0xFFFF] = d;
    }

    /// 16 MB with everything that our own loader describes; modules below the end.
    void describe_usual_machine ()
    {
        describe ({ { Type::conventional, 0x1000, 0x9F000 },
                    { Type::conventional, megabyte, 16 * megabyte },
                    { Type::architecture, 0xA0000, megabyte },
                    { Type::reserved, image.low, image.high },
                    { Type::reserved, 0x1C0000, 0x1C6000 },
                    { Type::boot_loader, root_image.low, root_image.high },
                    { Type::boot_loader, 0xF00000, 0xF80000 } });
    }
};

void expect_range (MemoryRange range, l4::Address low, l4::Address high)
{
    EXPECT_EQ (range.low, low);
    EXPECT_EQ (range.high, high);
}

TEST_F (InfoPage, IsPresetForALoader)
{
    EXPECT_EQ (kip.magic, KernelInfoPage::magic_value);
    EXPECT_EQ (KernelInfoPage::descriptors_capacity, 20u);
    EXPECT_EQ (l4::kip_version_2007 >> 24, 2u);
}

TEST_F (InfoPage, ThePoolIsTheHighestPlaceThatNobodyHas)
{
    describe_usual_machine ();
    expect_range (info_page::find_free (megabyte, 128 * megabyte), 0xE00000, 0xF00000);
    expect_range (info_page::find_free (0x40000, 128 * megabyte), 0xFC0000, 0x1000000);
    expect_range (info_page::find_free (megabyte, 8 * megabyte), 7 * megabyte, 8 * megabyte);
    EXPECT_TRUE (info_page::find_free (16 * megabyte, 128 * megabyte).is_empty ());
}

TEST_F (InfoPage, TheClassicFormHasRangesInsteadOfDescriptors)
{
    describe_usual_machine ();
    info_page::publish_classic (image, { 0xE00000, 0xF00000 });
    EXPECT_EQ (kip.version, l4::kip_version_classic);
    EXPECT_EQ (kip.memory_info, 0u);
    expect_range (kip.classic.main, 0x1000, 16 * megabyte);
    expect_range (kip.classic.reserved0, image.low, image.high);
    expect_range (kip.classic.reserved1, 0xE00000, 0xF00000);
    expect_range (kip.classic.semi_reserved, 0x9F000, megabyte);
    expect_range (kip.classic.dedicated[0], 0xF00000, 0xF80000);
    EXPECT_TRUE (kip.classic.dedicated[1].is_empty ());
}

TEST_F (InfoPage, TheClassicFormEndsAtTheFirstHoleAboveTheAdapters)
{
    describe ({ { Type::conventional, 0x1000, 0xA0000 },
                { Type::conventional, megabyte, 15 * megabyte },
                { Type::conventional, 16 * megabyte, 32 * megabyte } });
    info_page::publish_classic (image, {});
    expect_range (kip.classic.main, 0x1000, 15 * megabyte);
}

TEST_F (InfoPage, The2007FormKeepsTheLoadersDescriptorsAndAddsThePool)
{
    describe_usual_machine ();
    l4::Word const before = kip.memory_info;
    info_page::publish_2007 ({ 0xE00000, 0xF00000 });
    EXPECT_EQ (kip.version, 0x02004444u);
    EXPECT_EQ (kip.memory_info, before + 1);
    EXPECT_EQ (kip.memory_info >> 16, 0x200u);
    EXPECT_EQ (kip.form_2007.total_ram, 0x9E000u + 15 * megabyte);
    MemoryDescriptor const& added = kip.descriptors[before & 0xFFFF];
    EXPECT_EQ (added.type (), Type::reserved);
    EXPECT_EQ (added.begin (), 0xE00000u);
    EXPECT_EQ (added.end (), 0xF00000u);
    EXPECT_EQ (kip.descriptors[1].end (), 16 * megabyte);
}

TEST_F (InfoPage, AFullTableIsShortenedByThePool)
{
    for (unsigned n = 0; n < KernelInfoPage::descriptors_capacity; ++n)
        describe ({ { Type::conventional, (n + 1) * megabyte, (n + 2) * megabyte } });
    info_page::publish_2007 ({ 0x13C0000, 0x1400000 });
    EXPECT_EQ (kip.memory_info & 0xFFFF, KernelInfoPage::descriptors_capacity);
    EXPECT_EQ (kip.descriptors[18].begin (), 0x1300000u);
    EXPECT_EQ (kip.descriptors[18].end (), 0x13C0000u);
    EXPECT_EQ (kip.descriptors[17].end (), 0x1300000u);
}

TEST_F (InfoPage, VirtualDescriptorsAreNobodysMemory)
{
    describe ({ { Type::conventional, megabyte, 2 * megabyte } });
    // Bit 9 of the first word.
    l4::Word const words[2] = { 4 * megabyte | 0x201, 5 * megabyte - 0x400 };
    __builtin_memcpy (&kip.descriptors[kip.memory_info++ & 0xFFFF], words, sizeof words);
    EXPECT_EQ (info_page::total_ram (), megabyte);
}

}  // namespace
