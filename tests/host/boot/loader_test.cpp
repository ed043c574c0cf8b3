// SPDX-License-Identifier: BSD-2-Clause
#include <loader.hpp>

#include <gtest/gtest.h>

#include "archive.hpp"
#include "failure_text.hpp"

using boot::Loader;
using boot::MemoryMap;
using boot::ModuleList;
using boot::Range;

namespace {

namespace multiboot = l4::multiboot;

template <typename T>
boot::Address address_of (T const* p)
{
    return reinterpret_cast<boot::Address> (p);
}

/// Multiboot information that lies in this process.
class LoaderTest : public testing::Test {
protected:
    std::string options (char const* line, char const* loader = nullptr)
    {
        info.flags |= multiboot::info_command_line;
        info.command_line = address_of (line);
        if (loader != nullptr) {
            info.flags |= 1 << 9;
            info.unused[3] = address_of (loader);
        }
        std::string_view result;
        auto const failure = Loader { info }.command_line (buffer, result);
        return failure ? "! " + text_of (failure) : std::string { result };
    }

    void add_module (char const* text, std::vector<std::byte> const& bytes)
    {
        auto const begin = address_of (bytes.data ());
        table.push_back ({ begin, begin + static_cast<boot::Word> (bytes.size ()),
                           address_of (text), 0 });
        info.flags |= multiboot::info_modules;
        info.modules = address_of (table.data ());
        info.modules_count = static_cast<boot::Word> (table.size ());
    }

    std::string read_modules ()
    {
        return text_of (Loader { info }.modules (memory, modules, bundle));
    }

    multiboot::Info info {};
    char buffer[boot::command_line_capacity];
    std::vector<multiboot::Module> table;
    std::vector<std::byte> const data = std::vector<std::byte> (100);
    MemoryMap memory;               // knows nothing, so forbids nothing
    ModuleList modules;
    Range bundle;
};

}  // namespace

TEST_F (LoaderTest, OptionsAreCopied)
{
    EXPECT_EQ (options ("/pecan/boot nofpu kmem=64"), "nofpu kmem=64");
    EXPECT_EQ (std::string (buffer, 5), "nofpu");
    EXPECT_EQ (options ("x nofpu", "qemu"), "nofpu");
    EXPECT_EQ (options ("x nofpu", "qemuX"), "x nofpu");
    EXPECT_EQ (options ("x nofpu", "GRUB 2.06-13+deb12u1"), "x nofpu");
}

TEST_F (LoaderTest, NoCommandLineMeansNoOptions)
{
    std::string_view line = "x";
    EXPECT_EQ (text_of (Loader { info }.command_line (buffer, line)), "");
    EXPECT_EQ (line, "");
}

TEST_F (LoaderTest, TheCommandLineHasALimit)
{
    EXPECT_EQ (options (std::string (1023, 'x').c_str ()), std::string (1023, 'x'));
    EXPECT_EQ (options (std::string (1024, 'x').c_str ()),
               "! command line: longer than 1023 characters");
    EXPECT_EQ (options (std::string (65536, 'x').c_str ()),
               "! command line: longer than 1023 characters");
}

TEST_F (LoaderTest, TheMapCanBeIgnored)
{
    info.flags = multiboot::info_memory | multiboot::info_memory_map;
    info.memory_upper = 3072;
    info.memory_map_length = 24;
    EXPECT_EQ (Loader { info }.memory (true).map.size (), 24u);
    auto const report = Loader { info }.memory (false);
    EXPECT_FALSE (report.has_map);
    EXPECT_TRUE (report.has_sizes);
    EXPECT_EQ (report.upper_kb, 3072u);
}

TEST_F (LoaderTest, NoModules)
{
    EXPECT_EQ (read_modules (), "modules: the loader has loaded none");
    info.flags = multiboot::info_modules;
    EXPECT_EQ (read_modules (), "modules: the loader has loaded none");
}

TEST_F (LoaderTest, SeparateModules)
{
    add_module ("/pecan/root a b", data);
    add_module ("sigma0", data);
    EXPECT_EQ (read_modules (), "");
    EXPECT_TRUE (bundle.is_empty ());
    ASSERT_EQ (modules.size (), 2u);
    EXPECT_EQ (modules.find ("root")->text, "root a b");
    EXPECT_EQ (modules.find ("root")->memory.begin, address_of (data.data ()));
}

TEST_F (LoaderTest, OneModuleThatIsAnArchiveIsABundle)
{
    auto archive = Archive {}.add ("root", "123").end ();
    add_module ("anything", archive.bytes ());
    EXPECT_EQ (read_modules (), "");
    EXPECT_EQ (bundle.begin, address_of (archive.bytes ().data ()));
    ASSERT_EQ (modules.size (), 1u);
    EXPECT_TRUE (bundle.contains (modules.find ("root")->memory));
}

TEST_F (LoaderTest, AnArchiveAmongOthersIsAFile)
{
    auto archive = Archive {}.add ("inner", "123").end ();
    add_module ("files.cpio", archive.bytes ());
    add_module ("root", data);
    EXPECT_EQ (read_modules (), "");
    EXPECT_TRUE (bundle.is_empty ());
    EXPECT_NE (modules.find ("files.cpio"), nullptr);
}

TEST_F (LoaderTest, ModulesWithImpossibleAddresses)
{
    add_module ("root x", data);
    table[0].end = table[0].begin - 1;
    EXPECT_EQ (read_modules (), "root: damaged module address");
    table[0].begin = 0xFFFFF800;
    table[0].end = 0xFFFFFFFF;
    EXPECT_EQ (read_modules (), "root: damaged module address");
}

TEST_F (LoaderTest, ModulesBeyondMemoryAreNotRead)
{
    memory.from_bios = true;
    ASSERT_TRUE (memory.ram.add ({ 0x100000, 0x300000 }));
    add_module ("bundle.cpio", data);
    table[0].begin = 0x2FF000;
    table[0].end = 0x300001;
    EXPECT_EQ (read_modules (),
               "bundle.cpio: does not fit into memory; it lies at 002FF000-00300001");
}

TEST_F (LoaderTest, AModuleWithoutAStringHasNoName)
{
    add_module ("", data);
    table[0].string = 0;
    EXPECT_EQ (read_modules (), "");
    EXPECT_EQ (modules.begin ()->name (), "");
}
