// SPDX-License-Identifier: BSD-2-Clause
/// @file  Ethernet frames, and the ARP in them (RFC 826).
///
/// Context: pure but for `print`; host tests in tests/host/servers.
#pragma once

#include <optional>
#include <string_view>

#include <runtime/print.hpp>

namespace net {

using l4::Word;

/// An IPv4 address: the first number is the high byte.
struct IpAddress {
    Word value { 0 };

    [[nodiscard]] constexpr Word byte (Word n) const { return value >> (24 - 8 * n) & 0xFF; }
    friend constexpr bool operator== (IpAddress, IpAddress) = default;
};

inline void print (IpAddress address)
{
    rt::print (address.byte (0), ".", address.byte (1), ".", address.byte (2), ".",
               address.byte (3));
}

/// @return nothing if `text` is not four numbers below 256 with points between them
[[nodiscard]] constexpr std::optional<IpAddress> parse_address (std::string_view text)
{
    IpAddress address;
    for (int i = 0; i < 4; ++i) {
        Word number = 0;
        std::size_t digits = 0;
        while (digits < text.size () && text[digits] >= '0' && text[digits] <= '9' && digits < 4)
            number = number * 10 + static_cast<Word> (text[digits++] - '0');
        bool const last = i == 3;
        if (digits == 0 || number > 255 || (last != (digits == text.size ()))
            || (!last && text[digits] != '.'))
            return {};
        text.remove_prefix (last ? digits : digits + 1);
        address.value = address.value << 8 | number;
    }
    return address;
}

/// Asks or tells which Ethernet address an IP address has.
struct Arp {
    bool is_answer;
    std::uint8_t const* sender_address;
    IpAddress sender;
    IpAddress target;
};

/// A frame in memory.
class Frame {
public:
    static constexpr Word header = 14;
    static constexpr Word arp_size = 28;
    static constexpr Word type_ip = 0x0800;
    static constexpr Word type_arp = 0x0806;

    /// @param size  at least `header`
    constexpr Frame (std::uint8_t const* bytes, Word size) : bytes_ { bytes }, size_ { size } {}

    [[nodiscard]] constexpr std::uint8_t const* destination () const { return bytes_; }
    [[nodiscard]] constexpr std::uint8_t const* source () const { return bytes_ + 6; }
    [[nodiscard]] constexpr Word type () const { return half (12); }

    /// @return nothing if it is no ARP for IPv4 on Ethernet
    [[nodiscard]] constexpr std::optional<Arp> arp () const
    {
        constexpr Word ethernet = 1;
        constexpr Word lengths = 0x0604;
        if (type () != type_arp || size_ < header + arp_size || half (14) != ethernet
            || half (16) != type_ip || half (18) != lengths)
            return {};
        return Arp { half (20) == 2, bytes_ + 22, { half (28) << 16 | half (30) },
                     { half (38) << 16 | half (40) } };
    }

private:
    [[nodiscard]] constexpr Word half (Word at) const
    {
        return Word { bytes_[at] } << 8 | bytes_[at + 1];
    }

    std::uint8_t const* bytes_;
    Word size_;
};

/// Who has `target`? Asked as a machine without an address of its own (RFC 5227: sender 0.0.0.0).
/// @return the frame's size
constexpr Word make_arp_request (std::uint8_t* to, std::uint8_t const* own, IpAddress target)
{
    constexpr std::uint8_t fixed[] = { 0x08, 0x06, 0, 1, 0x08, 0x00, 6, 4, 0, 1 };
    for (Word i = 0; i < Frame::header + Frame::arp_size; ++i)
        to[i] = 0;
    for (Word i = 0; i < 6; ++i) {
        to[i] = 0xFF;
        to[6 + i] = to[22 + i] = own[i];
    }
    for (Word i = 0; i < sizeof fixed; ++i)
        to[12 + i] = fixed[i];
    for (Word i = 0; i < 4; ++i)
        to[38 + i] = static_cast<std::uint8_t> (target.byte (i));
    return Frame::header + Frame::arp_size;
}

}  // namespace net
