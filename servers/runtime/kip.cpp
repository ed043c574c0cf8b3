// SPDX-License-Identifier: BSD-2-Clause
#include <runtime/kip.hpp>

namespace rt {

namespace {

constexpr std::string_view prefix = "pecan:";

/// The string at `offset` of the page; empty at or behind the page's end.
std::string_view string_at (l4::KernelInfoPage const& page, std::size_t offset)
{
    char const* const begin = reinterpret_cast<char const*> (&page);
    std::size_t end = offset;
    while (end < sizeof page && begin[end] != '\0')
        ++end;
    return end > offset ? std::string_view { begin + offset, end - offset } : std::string_view {};
}

}  // namespace

l4::Address ram_end (l4::KernelInfoPage const& page)
{
    if (has_classic_form (page))
        return page.classic.main.high;
    l4::Address end = 0;
    for (l4::MemoryDescriptor const& d : page.descriptors)
        if (d.type () == l4::MemoryDescriptor::Type::conventional && !d.is_virtual ()
            && d.end () > end)
            end = d.end ();
    return end;
}

l4::Word kernel_size (l4::KernelInfoPage const& page)
{
    if (!has_classic_form (page))
        return page.kernel_memory;
    l4::MemoryRange const image = page.classic.reserved0;
    l4::MemoryRange const pool = page.classic.reserved1;
    return image.high - image.low + pool.high - pool.low;
}

std::uint64_t clock (l4::KernelInfoPage const& page)
{
    // The kernel may tick between the two halves: they belong together only if the high half
    // stayed.
    auto const* const words = reinterpret_cast<l4::Word const volatile*> (&page.clock);
    for (;;) {
        l4::Word const high = words[1];
        l4::Word const low = words[0];
        if (words[1] == high)
            return std::uint64_t { high } << 32 | low;
    }
}

std::string_view kip_version_string (l4::KernelInfoPage const& page)
{
    return string_at (page, std::size_t { page.strings_16 } * 16);
}

Feature kip_feature (std::string_view name, l4::KernelInfoPage const& page)
{
    std::size_t offset = std::size_t { page.strings_16 } * 16;
    for (;;) {
        std::string_view const text = string_at (page, offset);
        if (text.empty ())
            return { false, {} };
        offset += text.size () + 1;
        if (!text.starts_with (prefix))
            continue;
        std::string_view name_here { text.data () + prefix.size (), text.size () - prefix.size () };
        std::string_view value {};
        for (std::size_t i = 0; i < name_here.size (); ++i)
            if (name_here[i] == '=') {
                value = { name_here.data () + i + 1, name_here.size () - i - 1 };
                name_here = { name_here.data (), i };
            }
        if (name_here == name)
            return { true, value };
    }
}

}  // namespace rt
