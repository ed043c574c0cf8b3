// SPDX-License-Identifier: BSD-2-Clause
/// @file  Linux programs: what is accepted, and files that lie.
#include <cstring>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include <unix/process/elf.hpp>

namespace {

using unix_server::ElfProgram;
using l4::Word;
namespace layout = unix_server::layout;

/// Offsets in the file header, and in program header `n`.
enum FileField : Word { type = 16, machine = 18, version = 20, entry = 24, table = 28,
                        entry_size = 42, entry_count = 44 };
constexpr Word header_at (Word n) { return 52 + 32 * n; }

/// Code at 08048000h, headers included, and data at 0804A000h.
class File {
public:
    File () : bytes_ (0x2000)
    {
        std::memcpy (bytes_.data (), "\177ELF\1\1\1", 7);
        half (type, 2).half (machine, 3).word (version, 1).word (entry, 0x08048100);
        word (table, 52).half (entry_size, 32).half (entry_count, 3);
        header (0, 1, 0, 0x08048000, 0x800, 0x800, 5);
        header (1, 1, 0x800, 0x0804A800, 0x200, 0x3000, 6);
    }
    File& half (Word at, unsigned value)
    {
        bytes_[at] = static_cast<std::byte> (value);
        bytes_[at + 1] = static_cast<std::byte> (value >> 8);
        return *this;
    }
    File& word (Word at, Word value) { return half (at, value).half (at + 2, value >> 16); }
    File& header (Word n, Word kind, Word offset, Word address, Word in_file, Word in_memory,
                  Word flags)
    {
        Word const at = header_at (n);
        word (at, kind).word (at + 4, offset).word (at + 8, address).word (at + 16, in_file);
        return word (at + 20, in_memory).word (at + 24, flags);
    }
    File& interpreter (char const* name, Word size)
    {
        std::memcpy (bytes_.data () + 0x1000, name, size);
        return header (2, 3, 0x1000, 0, size, size, 4);
    }
    bool read ()
    {
        std::vector<std::byte> const copy (bytes_.begin (), bytes_.end ());
        unix_server::Node file;
        file.origin = copy;
        file.size = static_cast<Word> (copy.size ());
        bool const good = unix_server::read_elf (file, program);
        interpreter_name = program.interpreter ();
        return good;
    }

    ElfProgram program {};
    std::string interpreter_name {};
    std::vector<std::byte>& bytes () { return bytes_; }

private:
    std::vector<std::byte> bytes_;
};

TEST (UnixElf, TakesAProgramApart)
{
    File file;
    ASSERT_TRUE (file.read ());
    EXPECT_EQ (file.program.entry, 0x08048100u);
    EXPECT_EQ (file.program.headers, 0x08048034u);
    EXPECT_EQ (file.program.header_count, 3u);
    EXPECT_EQ (file.program.end, 0x0804E000u);
    ASSERT_EQ (file.program.used ().size (), 2u);
    EXPECT_FALSE (file.program.segments[0].writable);
    EXPECT_TRUE (file.program.segments[1].writable);
    EXPECT_EQ (file.program.segments[1].page_begin (), 0x0804A000u);
    EXPECT_TRUE (file.interpreter_name.empty ());
}

TEST (UnixElf, MovesWhatIsPositionIndependent)
{
    File file;
    file.half (type, 3).word (entry, 0x100);
    file.header (0, 1, 0, 0, 0x800, 0x800, 5).header (1, 1, 0x800, 0x2800, 0x200, 0x3000, 6);
    ASSERT_TRUE (file.read ());
    EXPECT_EQ (file.program.entry, layout::position_independent + 0x100);
    EXPECT_EQ (file.program.segments[1].begin, layout::position_independent + 0x2800);
}

TEST (UnixElf, TakesTheNameOfAnInterpreterThatIsOne)
{
    EXPECT_TRUE (File {}.interpreter ("/lib/ld.so", 11).read ());
    File file;
    file.interpreter ("/lib/ld.so", 11);
    ASSERT_TRUE (file.read ());
    EXPECT_EQ (file.interpreter_name, "/lib/ld.so");
    EXPECT_FALSE (File {}.interpreter ("/lib/ld.so", 10).read ()) << "without a zero";
    EXPECT_FALSE (File {}.interpreter ("/l\0b/ld.so", 11).read ()) << "a zero inside";
    EXPECT_FALSE (File {}.interpreter ("", 1).read ()) << "empty";
}

TEST (UnixElf, RefusesWhatLies)
{
    constexpr Word begin = header_at (1) + 8;
    constexpr Word size = header_at (1) + 20;
    EXPECT_FALSE (File {}.half (type, 1).read ());
    EXPECT_FALSE (File {}.half (machine, 62).read ());
    EXPECT_FALSE (File {}.word (entry, 0x0804A900).read ()) << "the entry is data";
    EXPECT_FALSE (File {}.half (entry_count, 0xFFFF).read ());
    EXPECT_FALSE (File {}.word (begin, 0x08048FFC).read ()) << "on a page of the code";
    EXPECT_FALSE (File {}.word (begin, layout::mappings_end - 0x1000).read ());
    EXPECT_FALSE (File {}.word (size, 0xF8000000).read ()) << "wraps around";
    EXPECT_FALSE (File {}.word (size, 0x100).read ()) << "more in the file than in memory";
    EXPECT_FALSE (File {}.word (header_at (0) + 8, 0).read ()) << "page 0";
    EXPECT_FALSE (File {}.word (header_at (1) + 4, 0x1F00).read ()) << "behind the file";
}

TEST (UnixElf, KeepsItsPromisesForAnyFile)
{
    std::mt19937 random { 2 };
    int accepted = 0;
    for (int round = 0; round < 50'000; ++round) {
        File file;
        file.half (type, 2 + round % 2);
        for (unsigned n = 1 + random () % 3; n > 0; --n)
            file.bytes ()[random () % header_at (3)]
                = static_cast<std::byte> (random () % 3 == 0 ? 0xFF : random ());
        if (!file.read ())
            continue;
        ++accepted;
        Word behind = layout::lowest;
        for (auto const& segment : file.program.used ()) {
            EXPECT_GE (segment.page_begin (), behind);
            EXPECT_LE (segment.file_size, segment.memory_size);
            EXPECT_LE (std::uint64_t { segment.file_offset } + segment.file_size, 0x2000u);
            behind = segment.page_end ();
        }
        EXPECT_LE (behind, layout::mappings_end);
        EXPECT_EQ (behind, file.program.end);
    }
    EXPECT_GT (accepted, 1000);
}

}  // namespace
