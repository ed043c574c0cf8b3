// SPDX-License-Identifier: BSD-2-Clause
#include <runtime/print.hpp>

namespace rt {

namespace {

/// number /= 10; the remainder. In steps of 16 bits: a 64-bit division would need libgcc.
unsigned divide_by_ten (std::uint64_t& number)
{
    std::uint64_t quotient = 0;
    Word remainder = 0;
    for (int shift = 48; shift >= 0; shift -= 16) {
        Word const part = remainder << 16 | (static_cast<Word> (number >> shift) & 0xFFFF);
        quotient |= std::uint64_t { part / 10 } << shift;
        remainder = part % 10;
    }
    number = quotient;
    return remainder;
}

}  // namespace

void append (Buffer& out, std::string_view text)
{
    for (char const c : text)
        out.put (c);
}

void append (Buffer& out, Hex number)
{
    unsigned digits = 8;
    while (digits > 1 && digits > number.digits && (number.value >> (4 * (digits - 1))) == 0)
        --digits;
    while (digits-- > 0)
        out.put ("0123456789abcdef"[(number.value >> (4 * digits)) & 0xF]);
}

void append (Buffer& out, Padded number)
{
    char text[20];
    unsigned first = sizeof text;
    do
        text[--first] = static_cast<char> ('0' + divide_by_ten (number.value));
    while (number.value != 0);
    for (unsigned n = sizeof text - first; n < number.width; ++n)
        out.put (number.fill);
    append (out, std::string_view { text + first, sizeof text - first });
}

void append (Buffer& out, Left text)
{
    append (out, text.text);
    for (std::size_t n = text.text.size (); n < text.width; ++n)
        out.put (' ');
}

void append (Buffer& out, Seconds time)
{
    std::uint64_t rest = time.microseconds;
    for (int i = 0; i < 3; ++i)
        divide_by_ten (rest);
    char decimals[3];
    for (int i = 2; i >= 0; --i)
        decimals[i] = static_cast<char> ('0' + divide_by_ten (rest));
    append (out, rest);
    out.put ('.');
    append (out, std::string_view { decimals, sizeof decimals });
}

}  // namespace rt
