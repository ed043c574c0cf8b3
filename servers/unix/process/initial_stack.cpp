// SPDX-License-Identifier: BSD-2-Clause
#include "initial_stack.hpp"

#include <cstring>

namespace unix_server {

namespace {

constexpr Word alignment = 16;

struct AuxiliaryEntry {
    Auxiliary type;
    Word value;
};

/// Writes downwards from the end.
class Builder {
public:
    explicit Builder (std::span<std::byte> image) : image_ { image } {}

    /// @return where it begins in the process
    Address push (void const* bytes, Word size)
    {
        if (size > image_.size () - used_) {
            full_ = true;
            return 0;
        }
        used_ += size;
        if (size != 0)
            __builtin_memcpy (image_.data () + image_.size () - used_, bytes, size);
        return layout::stack_end - used_;
    }
    void push_word (Word value) { push (&value, sizeof value); }

    /// Leave room, so that after `more` bytes the stack pointer is aligned.
    void align (Word more)
    {
        static constexpr std::byte zeros[alignment] {};
        push (zeros, (0 - (used_ + more)) % alignment);
    }

    /// Pointers to the strings, the last one first, and a zero.
    void push_pointers (StringList const& list, Address begin)
    {
        push_word (0);
        std::string_view const text = list.text ();
        for (std::size_t at = text.size (); at > 0; --at)
            if (at == 1 || text[at - 2] == '\0')
                push_word (begin + static_cast<Word> (at) - 1);
    }

    [[nodiscard]] Word used () const { return full_ ? 0 : used_; }

private:
    std::span<std::byte> image_;
    Word used_ { 0 };
    bool full_ { false };
};

Address push_strings (Builder& stack, StringList const& list)
{
    return stack.push (list.text ().data (), static_cast<Word> (list.text ().size ()));
}

}  // namespace

bool StringList::replace_first (std::span<std::string_view const> texts)
{
    Word const old = count_ == 0 ? 0 : static_cast<Word> (first ().size ()) + 1;
    Word wanted = 0;
    for (std::string_view const each : texts)
        wanted += static_cast<Word> (each.size ()) + 1;
    if (wanted > capacity - (length_ - old))
        return false;
    std::memmove (text_ + wanted, text_ + old, length_ - old);
    length_ += wanted - old;
    count_ += static_cast<Word> (texts.size ()) - (count_ == 0 ? 0 : 1);
    char* to = text_;
    for (std::string_view const each : texts) {
        to += each.copy (to, each.size ());
        *to++ = '\0';
    }
    return true;
}

Word build_stack (std::span<std::byte> image, Arguments const& arguments,
                  ElfProgram const& program, Address base, Seed const& seed)
{
    Builder stack { image };
    stack.push_word (0);
    Address const environment = push_strings (stack, arguments.environment);
    Address const values = push_strings (stack, arguments.values);
    Address const random = stack.push (&seed, sizeof seed);

    AuxiliaryEntry const entries[] = {
        { Auxiliary::headers, program.headers },
        { Auxiliary::header_size, ElfProgram::header_size },
        { Auxiliary::header_count, program.header_count },
        { Auxiliary::page_size, l4::page_size },
        { Auxiliary::base, base },
        { Auxiliary::flags, 0 },
        { Auxiliary::entry, program.entry },
        { Auxiliary::uid, 0 },
        { Auxiliary::euid, 0 },
        { Auxiliary::gid, 0 },
        { Auxiliary::egid, 0 },
        { Auxiliary::capabilities, 0 },
        { Auxiliary::clock_ticks, 100 },
        { Auxiliary::secure, 0 },
        { Auxiliary::random, random },
        { Auxiliary::end, 0 },
    };
    Word const pointers
        = (3 + arguments.values.count () + arguments.environment.count ()) * sizeof (Word);
    stack.align (sizeof entries + pointers);
    stack.push (entries, sizeof entries);
    stack.push_pointers (arguments.environment, environment);
    stack.push_pointers (arguments.values, values);
    stack.push_word (arguments.values.count ());
    return stack.used ();
}

}  // namespace unix_server
