// SPDX-License-Identifier: BSD-2-Clause
#include <l4/kip.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>

using l4::KernelInfoPage;
using l4::MemoryDescriptor;
using l4::MemoryRange;

TEST (KernelInfoPage, HasTheOffsetsOfTheClassicForm)
{
    EXPECT_EQ (sizeof (KernelInfoPage), 4096u);
    EXPECT_EQ (offsetof (KernelInfoPage, version), 0x04u);
    EXPECT_EQ (offsetof (KernelInfoPage, strings_16), 0x08u);
    EXPECT_EQ (offsetof (KernelInfoPage, sigma0), 0x20u);
    EXPECT_EQ (offsetof (KernelInfoPage, sigma1), 0x30u);
    EXPECT_EQ (offsetof (KernelInfoPage, root), 0x40u);
    EXPECT_EQ (offsetof (KernelInfoPage, configuration), 0x50u);
    EXPECT_EQ (offsetof (KernelInfoPage, classic.kdebug_configuration), 0x58u);
    EXPECT_EQ (offsetof (KernelInfoPage, classic.main), 0x60u);
    EXPECT_EQ (offsetof (KernelInfoPage, classic.reserved0), 0x68u);
    EXPECT_EQ (offsetof (KernelInfoPage, classic.reserved1), 0x70u);
    EXPECT_EQ (offsetof (KernelInfoPage, classic.semi_reserved), 0x78u);
    EXPECT_EQ (offsetof (KernelInfoPage, classic.dedicated), 0x80u);
    EXPECT_EQ (offsetof (KernelInfoPage, clock), 0xA0u);
    EXPECT_EQ (offsetof (KernelInfoPage, processor_frequency), 0xB0u);
    EXPECT_EQ (offsetof (KernelInfoPage, user_ptr), 0xE0u);
}

TEST (KernelInfoPage, HasTheOffsetsOfThe2007Form)
{
    EXPECT_EQ (offsetof (KernelInfoPage, memory_info), 0x54u);
    EXPECT_EQ (offsetof (KernelInfoPage, form_2007.total_ram), 0x60u);
    EXPECT_EQ (offsetof (KernelInfoPage, descriptors), KernelInfoPage::descriptors_offset);
    EXPECT_EQ (offsetof (KernelInfoPage, strings), KernelInfoPage::strings_offset);
    EXPECT_LE (KernelInfoPage::descriptors_offset
                   + KernelInfoPage::descriptors_capacity * sizeof (MemoryDescriptor),
               KernelInfoPage::strings_offset);
}

TEST (KernelInfoPage, TheStringsBeginWhereAByteCanSay)
{
    EXPECT_EQ (KernelInfoPage::strings_offset % 16, 0u);
    EXPECT_LT (KernelInfoPage::strings_offset / 16, 256u);
}

TEST (KernelInfoPage, TheMagicReadsAsL4MicroK)
{
    l4::Word const magic = KernelInfoPage::magic_value;
    EXPECT_EQ (std::memcmp (&magic, "L4\xE6K", 4), 0);
}

TEST (MemoryRange, EndsBeforeItsHighAddress)
{
    MemoryRange const range { 0x1000, 0x3000 };
    EXPECT_TRUE (range.contains (0x1000) && range.contains (0x2FFF));
    EXPECT_FALSE (range.contains (0xFFF) || range.contains (0x3000));
}

TEST (MemoryRange, WithoutLengthIsEmpty)
{
    EXPECT_TRUE ((MemoryRange { 0, 0 }.is_empty ()));
    EXPECT_TRUE ((MemoryRange { 0x1000, 0x1000 }.is_empty ()));
    EXPECT_TRUE ((MemoryRange { 0x1000, 0 }.is_empty ()));
    EXPECT_FALSE ((MemoryRange { 0, 1 }.is_empty ()));
}

TEST (MemoryDescriptor, GivesBackWhatItWasMadeOf)
{
    using Type = MemoryDescriptor::Type;
    for (auto type : { Type::conventional, Type::reserved, Type::dedicated, Type::boot_loader,
                       Type::architecture }) {
        MemoryDescriptor const descriptor { type, 0x00100000, 0x00400000 };
        EXPECT_EQ (descriptor.type (), type);
        EXPECT_EQ (descriptor.begin (), 0x00100000u);
        EXPECT_EQ (descriptor.end (), 0x00400000u);
        EXPECT_FALSE (descriptor.is_virtual ());
    }
}

TEST (MemoryDescriptor, HasTheWordsOfThe2007Form)
{
    MemoryDescriptor const descriptor { MemoryDescriptor::Type::architecture, 0xA0000, 0x100000 };
    l4::Word words[2];
    static_assert (sizeof descriptor == sizeof words);
    std::memcpy (words, &descriptor, sizeof words);
    EXPECT_EQ (words[0], 0x000A000Fu);
    EXPECT_EQ (words[1], 0x000FFC00u);
}

TEST (MemoryDescriptor, MayReachToTheEndOfMemory)
{
    MemoryDescriptor const descriptor { MemoryDescriptor::Type::dedicated, 0xFFF00000, 0 };
    EXPECT_EQ (descriptor.begin (), 0xFFF00000u);
    EXPECT_EQ (descriptor.end (), 0u);
}
