// SPDX-License-Identifier: BSD-2-Clause
#include "archive.hpp"

namespace unix_server {

namespace {

using Bytes = ArchiveReader::Bytes;

constexpr std::string_view magic { "070701" };
constexpr std::string_view trailer { "TRAILER!!!" };
constexpr std::size_t header_size = 110;
constexpr std::size_t field_size = 8;
constexpr std::size_t field_count = 13;

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

/// The numbers of a header, in their order.
struct Fields {
    std::uint32_t number, mode, user, group, links, time, file_size;
    std::uint32_t file_system_major, file_system_minor, device_major, device_minor;
    std::uint32_t name_size, checksum;
};

static_assert (sizeof (Fields) == field_count * sizeof (std::uint32_t));

bool read_fields (std::string_view header, Fields& fields)
{
    std::uint32_t values[field_count];
    if (!header.starts_with (magic))
        return false;
    header.remove_prefix (magic.size ());
    for (std::uint32_t& value : values) {
        value = 0;
        for (char const c : header.substr (0, field_size)) {
            if (digit (c) < 0)
                return false;
            value = value << 4 | static_cast<std::uint32_t> (digit (c));
        }
        header.remove_prefix (field_size);
    }
    __builtin_memcpy (&fields, values, sizeof fields);
    return true;
}

}  // namespace

bool ArchiveReader::next (Member& member)
{
    Bytes header;
    Bytes name;
    Fields fields;
    if (!take (header_size, header) || !read_fields (text (header), fields)
        || fields.name_size == 0 || !take (fields.name_size, name)
        || text (name).find ('\0') != name.size () - 1)
        return false;
    member = { text (name).substr (0, name.size () - 1), {}, fields.number, fields.mode,
               fields.user, fields.group, fields.links, fields.time, fields.device_major,
               fields.device_minor };
    skip_padding ();
    if (member.name == trailer) {
        is_complete_ = true;
        return false;
    }
    if (!take (fields.file_size, member.data))
        return false;
    skip_padding ();
    return true;
}

bool ArchiveReader::take (std::size_t size, Bytes& bytes)
{
    if (size > rest_.size ())
        return false;
    bytes = rest_.first (size);
    rest_ = rest_.subspan (size);
    return true;
}

/// Up to a multiple of 4, as far as it is there.
void ArchiveReader::skip_padding ()
{
    std::size_t const wanted = (0 - (size_ - rest_.size ())) & 3;
    rest_ = rest_.subspan (wanted < rest_.size () ? wanted : rest_.size ());
}

}  // namespace unix_server
