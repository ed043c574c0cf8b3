// SPDX-License-Identifier: BSD-2-Clause
#include "modules.hpp"

#include "cpio.hpp"

namespace boot {

namespace {

constexpr std::string_view kernel_prefix { "kernel-" };

std::string_view first_word (std::string_view text)
{
    std::size_t length = 0;
    while (length < text.size () && text[length] != ' ')
        ++length;
    return { text.data (), length };
}

}  // namespace

std::string_view without_directories (std::string_view text)
{
    while (text.starts_with (' '))
        text.remove_prefix (1);
    std::size_t name = 0;
    std::size_t const word = first_word (text).size ();
    for (std::size_t i = 0; i < word; ++i)
        if (text[i] == '/')
            name = i + 1;
    text.remove_prefix (name);
    return text;
}

std::string_view Module::name () const { return first_word (text); }

Failure ModuleList::add (std::string_view text, Range memory)
{
    text = without_directories (text);
    if (count_ == capacity)
        return { "modules", "more than 64 of them" };
    if (text.size () > text_capacity - text_used_)
        return { "modules", "names and arguments are longer than 4096 characters" };
    char* const copy = text_.data () + text_used_;
    for (std::size_t i = 0; i < text.size (); ++i)
        copy[i] = text[i];
    text_used_ += text.size ();
    modules_[count_++] = { { copy, text.size () }, memory };
    return success;
}

Failure ModuleList::add_bundle (std::string_view name, Range memory)
{
    auto const archive = bytes_at (memory);
    cpio::Reader reader { archive };
    for (cpio::Member member; reader.next (member);) {
        if (!member.is_regular_file ())
            continue;
        auto const offset = static_cast<Address> (member.data.data () - archive.data ());
        Address const at = memory.begin + offset;
        Range const data { at, at + static_cast<Word> (member.data.size ()) };
        if (auto const failure = add (member.name, data))
            return failure;
    }
    return { name, reader.problem () };
}

Module const* ModuleList::find (std::string_view name) const
{
    for (Module const& m : *this)
        if (m.name () == name)
            return &m;
    return nullptr;
}

void ModuleList::moved (Range from, Address to)
{
    for (std::size_t i = 0; i < count_; ++i) {
        Range& memory = modules_[i].memory;
        if (memory.begin >= from.begin && memory.end <= from.end)
            memory = { memory.begin - from.begin + to, memory.end - from.begin + to };
    }
}

bool Selection::is_program (Module const& m) const
{
    return &m != sigma0 && &m != root && !m.name ().starts_with (kernel_prefix);
}

Failure select_modules (ModuleList const& modules, std::string_view kernel_name,
                        Selection& selection)
{
    selection = { modules.find (kernel_name), modules.find ("sigma0"), modules.find ("root") };
    constexpr char const* missing = "no such module";
    if (selection.kernel == nullptr)
        return { kernel_name, missing };
    if (selection.sigma0 == nullptr)
        return { "sigma0", missing };
    if (selection.root == nullptr)
        return { "root", missing };
    return success;
}

}  // namespace boot
