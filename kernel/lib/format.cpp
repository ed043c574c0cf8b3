// SPDX-License-Identifier: BSD-2-Clause
#include <lib/format.hpp>

namespace lib {

namespace {

/// A 64-bit number as four digits to the base 65536, least significant first. Dividing it digit
/// by digit needs 32-bit divisions only: kernel and boot do not link the compiler's library.
class Limbs {
public:
    explicit Limbs (std::uint64_t value)
    {
        for (auto& limb : limb_) {
            limb = static_cast<std::uint16_t> (value);
            value >>= 16;
        }
    }

    [[nodiscard]] bool is_zero () const
    {
        return (limb_[0] | limb_[1] | limb_[2] | limb_[3]) == 0;
    }

    /// Divides by ten. @return the remainder
    unsigned divide_by_ten ()
    {
        std::uint32_t rest = 0;
        for (int i = 3; i >= 0; --i) {
            std::uint32_t const part = rest << 16 | limb_[i];
            limb_[i] = static_cast<std::uint16_t> (part / 10);
            rest = part % 10;
        }
        return rest;
    }

private:
    std::uint16_t limb_[4];
};

}  // namespace

void Digits::pad (char fill, unsigned width)
{
    while (start_ > 0 && capacity - start_ < width)
        prepend (fill);
}

Digits Digits::hexadecimal (std::uint64_t value, unsigned width)
{
    Digits digits;
    do {
        digits.prepend ("0123456789ABCDEF"[value & 0xF]);
        value >>= 4;
    } while (value != 0);
    digits.pad ('0', width);
    return digits;
}

Digits Digits::decimal (std::uint64_t magnitude, bool negative, unsigned width)
{
    Digits digits;
    Limbs rest { magnitude };
    do
        digits.prepend (static_cast<char> ('0' + rest.divide_by_ten ()));
    while (!rest.is_zero ());
    if (negative)
        digits.prepend ('-');
    digits.pad (' ', width);
    return digits;
}

}  // namespace lib
