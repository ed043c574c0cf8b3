// SPDX-License-Identifier: BSD-2-Clause
#include "cpio.hpp"

namespace boot::cpio {

namespace {

using Bytes = std::span<std::byte const>;

constexpr std::string_view magic { "070701" };
constexpr std::string_view trailer { "TRAILER!!!" };
constexpr std::size_t header_size = 110;
constexpr std::size_t field_size = 8;

/// Position of a field among the thirteen.
enum Field : std::size_t { field_mode = 1, field_file_size = 6, field_name_size = 11 };

std::string_view text (Bytes bytes)
{
    return { reinterpret_cast<char const*> (bytes.data ()), bytes.size () };
}

int digit (char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// @return false if there is something else than eight digits
bool read_field (std::string_view header, Field field, std::uint32_t& value)
{
    value = 0;
    for (std::size_t i = 0; i < field_size; ++i) {
        int const d = digit (header[magic.size () + field * field_size + i]);
        if (d < 0)
            return false;
        value = value << 4 | static_cast<std::uint32_t> (d);
    }
    return true;
}

}  // namespace

bool is_archive (Bytes bytes) { return text (bytes).starts_with (magic); }

bool Reader::take (std::size_t size, Bytes& bytes)
{
    if (size > rest_.size ())
        return false;
    bytes = { rest_.data (), size };
    rest_ = { rest_.data () + size, rest_.size () - size };
    return true;
}

void Reader::skip_padding ()
{
    std::size_t const position = size_ - rest_.size ();
    std::size_t const wanted = (0 - position) & 3;
    Bytes ignored;
    static_cast<void> (take (wanted < rest_.size () ? wanted : rest_.size (), ignored));
}

bool Reader::read_header (Member& member, std::uint32_t& name_size, std::uint32_t& data_size)
{
    Bytes header;
    if (!take (header_size, header))
        return fail ("truncated");
    auto const fields = text (header);
    if (!fields.starts_with (magic) || !read_field (fields, field_mode, member.mode)
        || !read_field (fields, field_file_size, data_size)
        || !read_field (fields, field_name_size, name_size))
        return fail ("damaged member header");
    return true;
}

bool Reader::next (Member& member)
{
    std::uint32_t name_size = 0;
    std::uint32_t data_size = 0;
    if (problem_ != nullptr || !read_header (member, name_size, data_size))
        return false;

    Bytes name;
    if (!take (name_size, name))
        return fail ("truncated");
    if (name.empty () || text (name).back () != '\0')
        return fail ("damaged member name");
    member.name = { text (name).data (), name.size () - 1 };
    if (member.name == trailer)
        return false;

    skip_padding ();
    if (!take (data_size, member.data))
        return fail ("truncated");
    skip_padding ();
    return true;
}

}  // namespace boot::cpio
