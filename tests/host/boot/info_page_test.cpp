// SPDX-License-Identifier: BSD-2-Clause
#include <info_page.hpp>

#include <gtest/gtest.h>

#include <cstring>

#include "executable.hpp"
#include "failure_text.hpp"

using boot::Elf32;
using boot::InfoPageSlot;
using boot::MemoryUse;
using boot::Range;
using l4::MemoryDescriptor;
using Type = MemoryDescriptor::Type;

namespace {

constexpr std::uint32_t kernel_at = 0x100000;

/// A kernel image of `pages` pages with an info page in page `where`, moved by `shift` bytes.
std::string found (unsigned pages, unsigned where, InfoPageSlot& slot, std::uint32_t version,
                   std::uint32_t memory_info, unsigned shift = 0)
{
    std::vector<std::uint8_t> image (pages * 4096);
    auto const put = [&] (unsigned offset, std::uint32_t word) {
        std::memcpy (image.data () + where * 4096 + shift + offset, &word, sizeof word);
    };
    put (0, 0x4BE6344C);
    put (4, version);
    put (0x54, memory_info);
    auto const size = static_cast<std::uint32_t> (image.size ());
    Executable file { kernel_at, { { kernel_at, image, size } } };
    Elf32 elf;
    EXPECT_EQ (elf.read (file.bytes ()), nullptr);
    char const* const problem = boot::find_info_page (elf, slot);
    return problem == nullptr ? "found" : problem;
}

constexpr std::uint32_t version_2 = 0x02004444;
constexpr std::uint32_t room_for_20 = 0x200 << 16 | 20;

struct Described {
    std::string failure;
    std::vector<MemoryDescriptor> table;
    boot::Word omitted;
};

Described describe (MemoryUse const& use, std::size_t capacity)
{
    std::vector<MemoryDescriptor> table (capacity);
    std::size_t count = 0;
    boot::Word omitted = 0;
    auto const failure = text_of (boot::describe_memory (use, table, count, omitted));
    table.resize (count);
    return { failure, table, omitted };
}

MemoryUse use_of (boot::RangeSet const& usable)
{
    MemoryUse use { &usable, { 0x100000, 0x120000 }, { 0x1C0000, 0x1C4000 },
                    { 0x1D0000, 0x1E0000 }, {} };
    EXPECT_TRUE (use.modules.add ({ 0x1E0000, 0x1F0000 }));
    return use;
}

}  // namespace

TEST (InfoPage, IsFoundOnAPageBoundary)
{
    InfoPageSlot slot;
    EXPECT_EQ (found (4, 2, slot, version_2, room_for_20), "found");
    EXPECT_EQ (slot.at, kernel_at + 0x2000);
    EXPECT_EQ (slot.descriptors_offset, 0x200u);
    EXPECT_EQ (slot.descriptors, 20u);
    EXPECT_EQ (found (4, 2, slot, version_2, room_for_20, 16), "no kernel info page");
}

TEST (InfoPage, MustBeOfVersionTwo)
{
    InfoPageSlot slot;
    EXPECT_EQ (found (2, 1, slot, 0x87004444, room_for_20), "not a kernel for L4 version 2");
    EXPECT_EQ (found (2, 1, slot, 0x02000001, room_for_20), "found");
}

TEST (InfoPage, MustHaveRoomForDescriptors)
{
    std::string const none = "kernel info page without room for memory descriptors";
    InfoPageSlot slot;
    EXPECT_EQ (found (2, 1, slot, version_2, 0), none);
    EXPECT_EQ (found (2, 1, slot, version_2, 0x200 << 16 | 4), none);
    EXPECT_EQ (found (2, 1, slot, version_2, 0x201 << 16 | 20), none);
    EXPECT_EQ (found (2, 1, slot, version_2, 0x20 << 16 | 20), none);
    EXPECT_EQ (found (2, 1, slot, version_2, 0xF68 << 16 | 20), none);
    EXPECT_EQ (found (2, 1, slot, version_2, 0xF60 << 16 | 20), "found");
    EXPECT_EQ (found (2, 1, slot, version_2, 0xFFFF << 16 | 0xFFFF), none);
}

TEST (InfoPage, DescriptorsNameEachKindOfMemory)
{
    boot::RangeSet usable;
    ASSERT_TRUE (usable.add ({ 0x1000, 0xA0000 }) && usable.add ({ 0x100000, 0x400000 }));
    auto const result = describe (use_of (usable), 20);
    EXPECT_EQ (result.failure, "");
    ASSERT_EQ (result.table.size (), 7u);
    Type const types[] { Type::conventional, Type::conventional, Type::architecture,
                         Type::reserved, Type::reserved, Type::boot_loader, Type::boot_loader };
    for (unsigned i = 0; i < 7; ++i)
        EXPECT_EQ (result.table[i].type (), types[i]) << i;
    EXPECT_EQ (result.table[1].begin (), 0x100000u);
    EXPECT_EQ (result.table[1].end (), 0x400000u);
    EXPECT_EQ (result.table[2].begin (), 0xA0000u);
    EXPECT_EQ (result.table[4].end (), 0x1C4000u);
    EXPECT_EQ (result.table[5].begin (), 0x1D0000u);
    EXPECT_EQ (result.table[5].end (), 0x1E0000u);      // not joined with the modules behind it
    EXPECT_EQ (result.table[6].begin (), 0x1E0000u);
}

TEST (InfoPage, TheSmallestRegionsGiveWay)
{
    boot::RangeSet usable;
    ASSERT_TRUE (usable.add ({ 0x1000, 0xA0000 }) && usable.add ({ 0x100000, 0x400000 })
                 && usable.add ({ 0x500000, 0x502000 }) && usable.add ({ 0x600000, 0x601000 }));
    auto const result = describe (use_of (usable), 7);
    EXPECT_EQ (result.failure, "");
    EXPECT_EQ (result.table.size (), 7u);
    EXPECT_EQ (result.omitted, 0x3000u);
    EXPECT_EQ (result.table[0].begin (), 0x1000u);
    EXPECT_EQ (result.table[1].begin (), 0x100000u);
}

TEST (InfoPage, ScatteredModulesAreRefused)
{
    boot::RangeSet usable;
    ASSERT_TRUE (usable.add ({ 0x100000, 0x4000000 }));
    auto use = use_of (usable);
    for (boot::Address i = 1; i <= 14; ++i)
        ASSERT_TRUE (use.modules.add ({ i * 0x200000, i * 0x200000 + 0x1000 }));
    EXPECT_EQ (describe (use, 20).failure, "");
    EXPECT_EQ (describe (use, 19).failure, "modules: too scattered for the kernel info page");
}

TEST (InfoPage, FillingKeepsTheDescriptorsOffset)
{
    l4::KernelInfoPage page {};
    page.memory_info = room_for_20;
    boot::fill_info_page (page, { { 4, 1, 2, 3 }, { 0, 5, 6, 7 } }, 0x1234, 9);
    EXPECT_EQ (page.sigma0.esp, 4u);
    EXPECT_EQ (page.sigma0.end, 3u);
    EXPECT_EQ (page.root.eip, 5u);
    EXPECT_EQ (page.user_ptr, 0x1234u);
    EXPECT_EQ (page.memory_info, 0x200u << 16 | 9);
}
