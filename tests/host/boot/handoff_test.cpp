// SPDX-License-Identifier: BSD-2-Clause
#include <handoff.hpp>

#include <gtest/gtest.h>
#include <l4/multiboot.hpp>

#include <vector>

#include "failure_text.hpp"

using boot::Handoff;
using boot::ModuleList;
using boot::Selection;

namespace {

namespace multiboot = l4::multiboot;

char const* text (l4::Address at) { return reinterpret_cast<char const*> (at); }

class HandoffTest : public testing::Test {
protected:
    void SetUp () override
    {
        unsigned at = 0x300000;
        for (char const* name : { "console", "root a b", "kernel-i486", "kernel-pentium",
                                  "sigma0", "bench" }) {
            ASSERT_FALSE (modules.add (name, { at, at + 5 }));
            at += 0x1000;
        }
        ASSERT_FALSE (boot::select_modules (modules, "kernel-pentium", selection));
        ASSERT_TRUE (memory.ram.add ({ 0, 0x9F000 }) && memory.ram.add ({ 0x100000, 0xF00000 })
                     && memory.ram.add ({ 0x1000000, 0x2000000 }));
    }

    ModuleList modules;
    Selection selection;
    boot::MemoryMap memory;
};

}  // namespace

TEST_F (HandoffTest, TheInformationFillsItsBlockExactly)
{
    Handoff const handoff { modules, selection, "nofpu kmem=512", memory };
    std::vector<std::byte> block (boot::handoff_size (handoff), std::byte { 0xFF });
    auto const at = reinterpret_cast<l4::Address> (block.data ());
    boot::write_handoff (handoff, block, at);       // the sanitizer watches the end

    auto const& info = *reinterpret_cast<multiboot::Info const*> (block.data ());
    EXPECT_EQ (info.flags, static_cast<l4::Word> (multiboot::info_memory
                                                  | multiboot::info_command_line
                                                  | multiboot::info_modules));
    EXPECT_STREQ (text (info.command_line), "nofpu kmem=512");
    EXPECT_EQ (info.memory_lower, 636u);
    EXPECT_EQ (info.memory_upper, 14u * 1024);

    std::vector<std::string> texts;
    auto const* const table = reinterpret_cast<multiboot::Module const*> (info.modules);
    for (l4::Word i = 0; i < info.modules_count; ++i)
        texts.emplace_back (text (table[i].string));
    EXPECT_EQ (texts, (std::vector<std::string> { "kernel-pentium", "sigma0", "root a b",
                                                  "console", "bench" }));
    EXPECT_EQ (table[3].begin, 0x300000u);
    EXPECT_EQ (table[3].end, 0x300005u);
}

TEST_F (HandoffTest, AnEmptyCommandLineIsAnEmptyString)
{
    Handoff const handoff { modules, selection, {}, memory };
    std::vector<std::byte> block (boot::handoff_size (handoff), std::byte { 0xFF });
    boot::write_handoff (handoff, block, reinterpret_cast<l4::Address> (block.data ()));
    EXPECT_STREQ (text (reinterpret_cast<multiboot::Info const*> (block.data ())->command_line),
                  "");
}
