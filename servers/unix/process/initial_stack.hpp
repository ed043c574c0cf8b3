// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a program finds on its stack at its first instruction: argc, argv, envp, and the
///        auxiliary vector, which tells the C library where the program lies.
///
/// Context: pure; host tests in tests/host/servers.
/// Source: System V ABI, i386 supplement, 3-26 onwards; Linux, include/uapi/linux/auxvec.h.
#pragma once

#include <span>
#include <string_view>

#include "elf.hpp"

namespace unix_server {

/// Strings one behind the other, each with its zero.
class StringList {
public:
    static constexpr Word capacity = 8192;

    /// @return false: full
    [[nodiscard]] bool add (std::string_view text)
    {
        if (text.size () >= capacity - length_)
            return false;
        length_ += static_cast<Word> (text.copy (text_ + length_, text.size ()));
        text_[length_++] = '\0';
        ++count_;
        return true;
    }
    void clear () { length_ = count_ = 0; }

    /// Room for one more string and its zero, and how long that is in the end.
    [[nodiscard]] std::span<char> room () { return { text_ + length_, capacity - length_ }; }
    void added (Word size)
    {
        length_ += size + 1;
        ++count_;
    }
    /// Put others in the place of the first one. @return false: full
    [[nodiscard]] bool replace_first (std::span<std::string_view const> texts);

    [[nodiscard]] Word count () const { return count_; }
    /// All of them, zeros included.
    [[nodiscard]] std::string_view text () const { return { text_, length_ }; }
    [[nodiscard]] std::string_view first () const
    {
        return text ().substr (0, text ().find ('\0'));
    }

private:
    Word length_ { 0 };
    Word count_ { 0 };
    char text_[capacity] {};
};

struct Arguments {
    StringList values {};
    StringList environment {};
};

/// Numbers of the auxiliary vector.
enum class Auxiliary : Word {
    end = 0, headers = 3, header_size = 4, header_count = 5, page_size = 6, base = 7, flags = 8,
    entry = 9, uid = 11, euid = 12, gid = 13, egid = 14, capabilities = 16, clock_ticks = 17,
    secure = 23, random = 25,
};

/// Random bytes that the program gets, as canary of its stack.
struct Seed {
    Word words[4];
};

/// Build the stack that ends at layout::stack_end in `image`, whose last byte is the stack's.
/// @param base  where the interpreter was loaded; 0: there is none
/// @return how many bytes at the end of `image` are in use: a multiple of 16; 0: too much
[[nodiscard]] Word build_stack (std::span<std::byte> image, Arguments const& arguments,
                                ElfProgram const& program, Address base, Seed const& seed);

}  // namespace unix_server
