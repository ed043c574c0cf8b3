// SPDX-License-Identifier: BSD-2-Clause
/// @file  Message descriptors, dopes and the layout of messages in memory.
#pragma once

#include <l4/fpage.hpp>

namespace l4 {

/// EAX of ipc on entry: what to send.
///
///     31..2 address of the message / 4, 0 = registers only | 1 map | 0 deceit
///     FFFFFFFFh: no send phase
class SendDescriptor {
public:
    constexpr explicit SendDescriptor (Word raw) : raw_ { raw } {}

    [[nodiscard]] static constexpr SendDescriptor nil () { return SendDescriptor { ~Word { 0 } }; }
    [[nodiscard]] static constexpr SendDescriptor registers () { return SendDescriptor { 0 }; }
    /// Register message whose words are (send base, fpage).
    [[nodiscard]] static constexpr SendDescriptor short_fpage () { return SendDescriptor { 2 }; }

    [[nodiscard]] constexpr Word raw () const { return raw_; }
    [[nodiscard]] constexpr bool is_nil () const { return raw_ == ~Word { 0 }; }
    [[nodiscard]] constexpr Address address () const { return raw_ & ~Word { 3 }; }
    [[nodiscard]] constexpr bool maps () const { return (raw_ & 2) != 0; }
    [[nodiscard]] constexpr bool deceives () const { return (raw_ & 1) != 0; }
    /// The same without deceit.
    [[nodiscard]] constexpr SendDescriptor honest () const
    {
        return SendDescriptor { raw_ & ~Word { 1 } };
    }

private:
    Word raw_;
};

/// EBP of ipc on entry: whether, from whom and whereto to receive.
///
///     bit 1 = 0: 31..2 address of the buffer / 4, 0 = registers only
///     bit 1 = 1: 31..2 fpage that one mapping may enter, besides the registers
///     bit 0: open wait (any sender)
///     FFFFFFFFh: no receive phase
class ReceiveDescriptor {
public:
    constexpr explicit ReceiveDescriptor (Word raw) : raw_ { raw } {}

    [[nodiscard]] static constexpr ReceiveDescriptor nil ()
    {
        return ReceiveDescriptor { ~Word { 0 } };
    }
    [[nodiscard]] static constexpr ReceiveDescriptor registers ()
    {
        return ReceiveDescriptor { 0 };
    }
    /// Register message plus one fpage into `window`.
    [[nodiscard]] static constexpr ReceiveDescriptor map_window (Fpage window)
    {
        return ReceiveDescriptor { (window.raw () & ~Word { 3 }) | 2 };
    }
    /// The same for any sender.
    [[nodiscard]] constexpr ReceiveDescriptor open () const
    {
        return ReceiveDescriptor { raw_ | 1 };
    }

    [[nodiscard]] constexpr Word raw () const { return raw_; }
    [[nodiscard]] constexpr bool is_nil () const { return raw_ == ~Word { 0 }; }
    [[nodiscard]] constexpr bool is_open () const { return (raw_ & 1) != 0; }
    [[nodiscard]] constexpr bool has_window () const { return (raw_ & 2) != 0; }
    [[nodiscard]] constexpr Fpage window () const { return Fpage { raw_ & ~Word { 3 } }; }
    [[nodiscard]] constexpr Address address () const { return raw_ & ~Word { 3 }; }

private:
    Word raw_;
};

/// Message dope: sizes of a message, and in EAX of ipc on return also flags and the result.
///
///     31..13 dwords | 12..8 strings | 7..4 error | 3 from inner clan | 2 redirected
///     | 1 something was mapped | 0 deceited
class MessageDope {
public:
    constexpr MessageDope () = default;
    constexpr explicit MessageDope (Word raw) : raw_ { raw } {}
    constexpr MessageDope (Word dwords, Word strings)
        : raw_ { Dwords::make (dwords) | Strings::make (strings) }
    {
    }

    [[nodiscard]] constexpr Word raw () const { return raw_; }
    [[nodiscard]] constexpr Word dwords () const { return Dwords::get (raw_); }
    [[nodiscard]] constexpr Word strings () const { return Strings::get (raw_); }
    [[nodiscard]] constexpr Word error () const { return raw_ & 0xF0; }
    [[nodiscard]] constexpr bool ok () const { return error () == 0; }
    [[nodiscard]] constexpr bool deceited () const { return (raw_ & deceited_bit) != 0; }
    [[nodiscard]] constexpr bool mapped () const { return (raw_ & mapped_bit) != 0; }
    [[nodiscard]] constexpr bool redirected () const { return (raw_ & redirected_bit) != 0; }
    [[nodiscard]] constexpr bool from_inner_clan () const
    {
        return (raw_ & from_inner_clan_bit) != 0;
    }

    static constexpr Word deceited_bit = 1;
    static constexpr Word mapped_bit = 2;
    static constexpr Word redirected_bit = 4;
    static constexpr Word from_inner_clan_bit = 8;

    using Dwords = BitField<13, 19>;
    using Strings = BitField<8, 5>;

private:
    Word raw_ { 0 };
};

/// One string of a memory message.
struct StringDope {
    Word send_size;         ///< bytes; bit 31: continues the previous string
    Address send_address;
    Word receive_size;      ///< bytes of the buffer; bit 31: continues the previous buffer
    Address receive_address;

    static constexpr Word continues = Word { 1 } << 31;
    static constexpr Word max_size = 0x400000;
};

/// Head of a message in memory. Further words follow, then `StringDope`s at offset
/// 12 + 4 * size.dwords. The kernel never reads or writes `w0` and `w1`: they travel in registers.
struct MessageHeader {
    Fpage window;           ///< receiver: where mappings may go, 0 = nowhere
    MessageDope size;       ///< receiver: capacity; sender: where the strings begin
    MessageDope send;       ///< sender: how much to send
    Word w0;
    Word w1;
};

constexpr Word register_dwords = 2;

static_assert (sizeof (StringDope) == 16);
static_assert (sizeof (MessageHeader) == 20);
static_assert (MessageDope { 5, 1 }.raw () == 0x0000A100);
static_assert (MessageDope { 2, 0 }.raw () == 0x00004000);
static_assert (ReceiveDescriptor::map_window (Fpage::whole_space ()).raw () == 0x82);
static_assert (ReceiveDescriptor::map_window (Fpage::memory (0x10000000, 22)).open ().raw ()
               == 0x1000005B);

}  // namespace l4
