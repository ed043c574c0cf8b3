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
        std::string_view const feature = text.substr (prefix.size ());
        std::size_t const equals = feature.find ('=');
        if (feature.substr (0, equals) != name)
            continue;
        return { true, equals == feature.npos ? std::string_view {} : feature.substr (equals + 1) };
    }
}

}  // namespace rt
