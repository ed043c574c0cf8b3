// SPDX-License-Identifier: BSD-2-Clause
/// @file  IPC timeouts: four of them in one word (ECX of ipc).
///
///     31..24 receive mantissa | 23..16 send mantissa | 15..12 send page fault
///     | 11..8 receive page fault | 7..4 send exponent | 3..0 receive exponent
///
/// Exponent 0 is infinite; otherwise the time is mantissa * 4^(15 - exponent) microseconds.
/// Page fault timeouts have no mantissa: 0 infinite, 15 zero, else 4^(15 - p) microseconds.
#pragma once

#include <l4/bitfield.hpp>

namespace l4 {

/// One send or receive timeout.
struct Timeout {
    Word exponent { 0 };    ///< 0..15
    Word mantissa { 0 };    ///< 0..255

    [[nodiscard]] static constexpr Timeout never () { return { 0, 0 }; }
    [[nodiscard]] static constexpr Timeout zero () { return { 1, 0 }; }

    /// The shortest representable timeout that is not shorter than `us`.
    [[nodiscard]] static constexpr Timeout at_least (std::uint64_t us)
    {
        Word exponent = 15;
        while (exponent > 1 && us > 255) {
            us = (us + 3) / 4;
            --exponent;
        }
        return { exponent, us > 255 ? 255 : static_cast<Word> (us) };
    }

    [[nodiscard]] constexpr bool is_infinite () const { return exponent == 0; }
    [[nodiscard]] constexpr bool is_zero () const { return exponent != 0 && mantissa == 0; }

    /// Length in microseconds; meaningless if infinite. At most 255 * 4^14 (19 hours).
    [[nodiscard]] constexpr std::uint64_t microseconds () const
    {
        return std::uint64_t { mantissa } << (2 * (15 - exponent));
    }

    friend constexpr bool operator== (Timeout, Timeout) = default;
};

/// A page fault timeout.
struct PageFaultTimeout {
    Word exponent { 0 };    ///< 0..15

    [[nodiscard]] static constexpr PageFaultTimeout never () { return { 0 }; }
    [[nodiscard]] static constexpr PageFaultTimeout zero () { return { 15 }; }

    /// The timeout as one of the ordinary kind.
    [[nodiscard]] constexpr Timeout timeout () const
    {
        if (exponent == 0)
            return Timeout::never ();
        return exponent == 15 ? Timeout::zero () : Timeout { exponent, 1 };
    }
};

class Timeouts {
public:
    constexpr Timeouts () = default;
    constexpr explicit Timeouts (Word raw) : raw_ { raw } {}
    constexpr Timeouts (Timeout send, Timeout receive, PageFaultTimeout send_fault = {},
                        PageFaultTimeout receive_fault = {})
        : raw_ { SendExponent::make (send.exponent) | SendMantissa::make (send.mantissa)
                 | ReceiveExponent::make (receive.exponent)
                 | ReceiveMantissa::make (receive.mantissa) | SendFault::make (send_fault.exponent)
                 | ReceiveFault::make (receive_fault.exponent) }
    {
    }

    [[nodiscard]] static constexpr Timeouts never () { return Timeouts { 0 }; }

    [[nodiscard]] constexpr Word raw () const { return raw_; }
    [[nodiscard]] constexpr Timeout send () const
    {
        return { SendExponent::get (raw_), SendMantissa::get (raw_) };
    }
    [[nodiscard]] constexpr Timeout receive () const
    {
        return { ReceiveExponent::get (raw_), ReceiveMantissa::get (raw_) };
    }
    [[nodiscard]] constexpr PageFaultTimeout send_fault () const
    {
        return { SendFault::get (raw_) };
    }
    [[nodiscard]] constexpr PageFaultTimeout receive_fault () const
    {
        return { ReceiveFault::get (raw_) };
    }

    using ReceiveExponent = BitField<0, 4>;
    using SendExponent = BitField<4, 4>;
    using ReceiveFault = BitField<8, 4>;
    using SendFault = BitField<12, 4>;
    using SendMantissa = BitField<16, 8>;
    using ReceiveMantissa = BitField<24, 8>;

private:
    Word raw_ { 0 };
};

static_assert (sizeof (Timeouts) == 4);
static_assert (Timeouts { Timeout::never (), { 10, 10 } }.raw () == 0x0A00000A);
static_assert (Timeout { 10, 10 }.microseconds () == 10240);
static_assert (Timeouts { Timeout::zero (), { 5, 1 } }.raw () == 0x01000015);
static_assert (Timeouts { Timeout::never (), Timeout::never (), PageFaultTimeout::zero (),
                          PageFaultTimeout::zero () }.raw () == 0x0000FF00);
static_assert (Timeout::at_least (255) == Timeout { 15, 255 });
static_assert (Timeout::at_least (256).microseconds () >= 256);
static_assert (Timeout { 1, 255 }.microseconds () == 255ULL << 28);

}  // namespace l4
