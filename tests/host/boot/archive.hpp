// SPDX-License-Identifier: BSD-2-Clause
/// @file  Makes newc archives for the tests.
#pragma once

#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <vector>

class Archive {
public:
    Archive& add (std::string_view name, std::string_view data, std::uint32_t mode = 0100644)
    {
        std::uint32_t const name_size = static_cast<std::uint32_t> (name.size ()) + 1;
        std::uint32_t const fields[13] { 1, mode, 0, 0, 1, 0,
                                         static_cast<std::uint32_t> (data.size ()),
                                         0, 0, 0, 0, name_size, 0 };
        put ("070701");
        for (std::uint32_t field : fields) {
            char digits[9];
            std::snprintf (digits, sizeof digits, "%08X", static_cast<unsigned> (field));
            put (digits);
        }
        put (name);
        bytes_.push_back (std::byte { 0 });
        pad ();
        put (data);
        pad ();
        return *this;
    }

    Archive& end () { return add ("TRAILER!!!", "", 0); }

    [[nodiscard]] std::vector<std::byte>& bytes () { return bytes_; }

private:
    void put (std::string_view text)
    {
        for (char c : text)
            bytes_.push_back (static_cast<std::byte> (c));
    }

    void pad ()
    {
        while (bytes_.size () % 4 != 0)
            bytes_.push_back (std::byte { 0 });
    }

    std::vector<std::byte> bytes_;
};
