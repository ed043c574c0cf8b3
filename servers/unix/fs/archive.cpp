// SPDX-License-Identifier: BSD-2-Clause
#include "archive.hpp"

namespace unix_server {

namespace {

using Bytes = Archive::Bytes;

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

std::optional<std::uint32_t> read_field (std::string_view header, Field field)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < field_size; ++i) {
        int const d = digit (header[magic.size () + field * field_size + i]);
        if (d < 0)
            return {};
        value = value << 4 | static_cast<std::uint32_t> (d);
    }
    return value;
}

/// Takes the members one by one.
class Reader {
public:
    explicit Reader (Bytes bytes) : rest_ { bytes }, size_ { bytes.size () } {}

    /// @return false: the end, or damaged
    bool next (std::string_view& name, Archive::File& file)
    {
        Bytes header;
        Bytes name_bytes;
        if (!take (header_size, header) || !text (header).starts_with (magic))
            return false;
        auto const mode = read_field (text (header), field_mode);
        auto const data_size = read_field (text (header), field_file_size);
        auto const name_size = read_field (text (header), field_name_size);
        if (!mode || !data_size || !name_size || *name_size == 0
            || !take (*name_size, name_bytes) || text (name_bytes).back () != '\0')
            return false;
        name = text (name_bytes).substr (0, *name_size - 1);
        file.mode = *mode;
        skip_padding ();
        if (name == trailer || !take (*data_size, file.data))
            return false;
        skip_padding ();
        return true;
    }

private:
    bool take (std::size_t size, Bytes& bytes)
    {
        if (size > rest_.size ())
            return false;
        bytes = rest_.first (size);
        rest_ = rest_.subspan (size);
        return true;
    }

    /// Up to a multiple of 4, as far as it is there.
    void skip_padding ()
    {
        std::size_t const wanted = (0 - (size_ - rest_.size ())) & 3;
        rest_ = rest_.subspan (wanted < rest_.size () ? wanted : rest_.size ());
    }

    Bytes rest_;
    std::size_t size_;
};

/// Takes the components of a path from its end, so that ".." needs no memory.
class Backwards {
public:
    explicit Backwards (std::string_view path) : rest_ { path } {}

    /// The last component that counts; empty at the root.
    std::string_view take ()
    {
        std::size_t skipped = 0;
        for (;;) {
            while (rest_.ends_with ('/'))
                rest_.remove_suffix (1);
            std::size_t const begin = rest_.rfind ('/') + 1;        // 0 if there is none
            std::string_view const last = rest_.substr (begin);
            rest_ = rest_.substr (0, begin);
            if (last.empty ())
                return {};
            if (last == ".")
                continue;
            if (last == "..")
                ++skipped;
            else if (skipped == 0)
                return last;
            else
                --skipped;
        }
    }

private:
    std::string_view rest_;
};

}  // namespace

bool same_path (std::string_view left, std::string_view right)
{
    Backwards a { left };
    Backwards b { right };
    for (;;) {
        std::string_view const from_a = a.take ();
        if (from_a != b.take ())
            return false;
        if (from_a.empty ())
            return true;
    }
}

std::optional<Archive::File> Archive::find (std::string_view path) const
{
    Reader reader { bytes_ };
    std::string_view name;
    File file;
    while (reader.next (name, file))
        if (same_path (name, path))
            return file;
    return {};
}

}  // namespace unix_server
