// SPDX-License-Identifier: BSD-2-Clause
#include <modules.hpp>

#include <gtest/gtest.h>

#include "archive.hpp"
#include "failure_text.hpp"

using boot::ModuleList;
using boot::Range;
using boot::Selection;
using boot::without_directories;

namespace {

Range range_of (std::vector<std::byte> const& bytes)
{
    auto const begin = reinterpret_cast<boot::Address> (bytes.data ());
    return { begin, begin + static_cast<boot::Word> (bytes.size ()) };
}

std::vector<std::string> texts (ModuleList const& modules)
{
    std::vector<std::string> result;
    for (auto const& m : modules)
        result.emplace_back (m.text);
    return result;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST (Modules, NamesLoseTheirDirectories)
{
    EXPECT_EQ (without_directories ("/boot/root a=/b/c"), "root a=/b/c");
    EXPECT_EQ (without_directories ("  ./sigma0"), "sigma0");
    EXPECT_EQ (without_directories ("(hd0,1)/pecan/root"), "root");
    EXPECT_EQ (without_directories ("root /etc"), "root /etc");
    EXPECT_EQ (without_directories ("dir/"), "");
    EXPECT_EQ (without_directories (""), "");
}

TEST (Modules, TheNameIsTheFirstWord)
{
    EXPECT_EQ ((boot::Module { "root a b", {} }).name (), "root");
    EXPECT_EQ ((boot::Module { "root", {} }).name (), "root");
    EXPECT_EQ ((boot::Module { "", {} }).name (), "");
}

TEST (Modules, TextsAreCopies)
{
    ModuleList modules;
    std::string text = "root a";
    ASSERT_FALSE (modules.add (text, {}));
    text = "xxxxxx";
    EXPECT_EQ (texts (modules), (Strings { "root a" }));
}

TEST (Modules, TheFirstOfTwoWithOneNameIsFound)
{
    ModuleList modules;
    ASSERT_FALSE (modules.add ("root 1", { 1, 2 }));
    ASSERT_FALSE (modules.add ("root 2", { 3, 4 }));
    EXPECT_EQ (modules.find ("root")->memory, (Range { 1, 2 }));
    EXPECT_EQ (modules.find ("roo"), nullptr);
}

TEST (Modules, OnlyTheRegularFilesOfABundleCount)
{
    auto archive = Archive {}.add ("bin", "", 0040755).add ("./root", "12345")
                       .add ("bin/bench", "").end ();
    Range const memory = range_of (archive.bytes ());
    ModuleList modules;
    ASSERT_EQ (text_of (modules.add_bundle ("bundle", memory)), "");
    EXPECT_EQ (texts (modules), (Strings { "root", "bench" }));
    auto const* const root = modules.find ("root");
    EXPECT_TRUE (memory.contains (root->memory));
    auto const bytes = boot::bytes_at (root->memory);
    EXPECT_EQ (std::string (reinterpret_cast<char const*> (bytes.data ()), bytes.size ()),
               "12345");
}

TEST (Modules, ADamagedBundleIsNamed)
{
    auto archive = Archive {}.add ("root", "12345");
    ModuleList modules;
    EXPECT_EQ (text_of (modules.add_bundle ("bundle", range_of (archive.bytes ()))),
               "bundle: truncated");
}

TEST (Modules, ThereAreLimits)
{
    ModuleList many;
    for (unsigned i = 0; i < ModuleList::capacity; ++i)
        ASSERT_FALSE (many.add ("x", {}));
    EXPECT_EQ (text_of (many.add ("x", {})), "modules: more than 64 of them");

    ModuleList wordy;
    ASSERT_FALSE (wordy.add (std::string (ModuleList::text_capacity - 1, 'x'), {}));
    EXPECT_EQ (text_of (wordy.add ("xx", {})),
               "modules: names and arguments are longer than 4096 characters");
    EXPECT_FALSE (wordy.add ("x", {}));
}

TEST (Modules, MovingABundleMovesItsMembersOnly)
{
    ModuleList modules;
    ASSERT_FALSE (modules.add ("inside", { 0x1100, 0x1200 }));
    ASSERT_FALSE (modules.add ("outside", { 0x3000, 0x3100 }));
    modules.moved ({ 0x1000, 0x2000 }, 0x8000);
    EXPECT_EQ (modules.find ("inside")->memory, (Range { 0x8100, 0x8200 }));
    EXPECT_EQ (modules.find ("outside")->memory, (Range { 0x3000, 0x3100 }));
}

TEST (Modules, AllThreePartsMustBeThere)
{
    ModuleList modules;
    Selection selection;
    EXPECT_EQ (text_of (boot::select_modules (modules, "kernel-i486", selection)),
               "kernel-i486: no such module");
    ASSERT_FALSE (modules.add ("kernel-i486", {}));
    EXPECT_EQ (text_of (boot::select_modules (modules, "kernel-i486", selection)),
               "sigma0: no such module");
    ASSERT_FALSE (modules.add ("sigma0", {}));
    EXPECT_EQ (text_of (boot::select_modules (modules, "kernel-i486", selection)),
               "root: no such module");
    ASSERT_FALSE (modules.add ("root", {}));
    EXPECT_EQ (text_of (boot::select_modules (modules, "kernel-i486", selection)), "");
}

TEST (Modules, KernelsAreNoPrograms)
{
    ModuleList modules;
    for (char const* name : { "kernel-i486", "kernel-pentium", "sigma0", "root", "bench" })
        ASSERT_FALSE (modules.add (name, {}));
    Selection selection;
    ASSERT_FALSE (boot::select_modules (modules, "kernel-pentium", selection));
    Strings programs;
    for (auto const& m : modules)
        if (selection.is_program (m))
            programs.emplace_back (m.name ());
    EXPECT_EQ (programs, (Strings { "bench" }));
}
