// SPDX-License-Identifier: BSD-2-Clause
/// @file  Flexpages: aligned power-of-two regions of memory or of I/O ports, in one word.
///
///     memory  31..12 base / 4096 | 11..8 zero | 7..2 log2 of the size, 12..32 | 1 write | 0 grant
///     I/O     31..28 ones | 27..12 first port | 11..8 zero | 7..2 log2 of the ports, 0..16
///             | 1 zero | 0 grant
///
/// An fpage denotes what is mapped inside the region where it is interpreted; holes are skipped.
/// Example: 4 MB, writable, at 00800000h is 0080005Ah; COM1's eight ports are F03F800Ch.
#pragma once

#include <l4/bitfield.hpp>

namespace l4 {

constexpr unsigned page_bits = 12;
constexpr unsigned superpage_bits = 22;
constexpr Word page_size = Word { 1 } << page_bits;
constexpr Word superpage_size = Word { 1 } << superpage_bits;

enum class Access : Word { read_only = 0, read_write = 2 };
enum class Transfer : Word { map = 0, grant = 1 };

class Fpage {
public:
    static constexpr unsigned whole_space_bits = 32;
    static constexpr unsigned whole_io_bits = 16;

    constexpr Fpage () = default;
    constexpr explicit Fpage (Word raw) : raw_ { raw } {}

    /// Memory: 2^log2_size bytes around `base`; low bits of the base are dropped.
    [[nodiscard]] static constexpr Fpage memory (Address base, unsigned log2_size,
                                                 Access access = Access::read_write,
                                                 Transfer transfer = Transfer::map)
    {
        return Fpage { (base & ~low_mask (log2_size)) | Size::make (log2_size)
                       | static_cast<Word> (access) | static_cast<Word> (transfer) };
    }

    /// I/O ports: 2^log2_ports ports around `port`.
    [[nodiscard]] static constexpr Fpage io (Word port, unsigned log2_ports)
    {
        return Fpage { io_marker | Port::make (port & ~low_mask (log2_ports))
                       | Size::make (log2_ports) };
    }

    [[nodiscard]] static constexpr Fpage whole_space () { return Fpage { Size::make (32) }; }
    [[nodiscard]] static constexpr Fpage whole_io () { return io (0, whole_io_bits); }

    [[nodiscard]] constexpr Word raw () const { return raw_; }
    [[nodiscard]] constexpr bool is_io () const { return (raw_ & io_marker) == io_marker; }
    [[nodiscard]] constexpr bool grants () const { return (raw_ & 1) != 0; }
    [[nodiscard]] constexpr bool writable () const { return (raw_ & 2) != 0; }

    /// Log2 of the size in bytes (memory) or ports (I/O), clipped to the whole space.
    [[nodiscard]] constexpr unsigned log2_size () const
    {
        unsigned const size = Size::get (raw_);
        unsigned const limit = is_io () ? whole_io_bits : whole_space_bits;
        return size < limit ? size : limit;
    }

    /// A memory fpage of at least one page. A zero word is not valid and ends a list of items.
    [[nodiscard]] constexpr bool is_valid_memory () const
    {
        return !is_io () && Size::get (raw_) >= page_bits;
    }

    /// First byte, aligned to the size.
    [[nodiscard]] constexpr Address base () const
    {
        return raw_ & ~low_mask (page_bits) & ~low_mask (log2_size ());
    }

    /// First port, aligned to the size.
    [[nodiscard]] constexpr Word port () const
    {
        return Port::get (raw_) & ~low_mask (log2_size ());
    }

    /// Size in bytes or ports; the whole 4 GB space is 2^32 and does not fit a word.
    [[nodiscard]] constexpr std::uint64_t size () const
    {
        return std::uint64_t { 1 } << log2_size ();
    }

    friend constexpr bool operator== (Fpage, Fpage) = default;

    /// The `bits` low bits set, for 0..32.
    [[nodiscard]] static constexpr Word low_mask (unsigned bits)
    {
        return bits >= 32 ? ~Word { 0 } : (Word { 1 } << bits) - 1;
    }

private:
    using Size = BitField<2, 6>;
    using Port = BitField<12, 16>;
    static constexpr Word io_marker = 0xF0000000;

    Word raw_ { 0 };
};

/// Where a send fpage and a receive window meet. `bits` is the smaller of the two sizes.
struct Overlap {
    Address source;         ///< in the sender
    Address destination;    ///< in the receiver
    unsigned bits;          ///< log2 of the bytes concerned, 12..32
};

/// The hotspot rule. The send base picks where a smaller send fpage lands in the window, or
/// which aligned part of a larger one is used; with equal sizes it does not matter.
/// @param send    valid memory fpage
/// @param window  valid memory fpage
[[nodiscard]] constexpr Overlap meet (Fpage send, Word send_base, Fpage window)
{
    Word const send_mask = Fpage::low_mask (send.log2_size ());
    Word const window_mask = Fpage::low_mask (window.log2_size ());
    Word const hotspot = send_base & ~Fpage::low_mask (page_bits);
    if (send.log2_size () <= window.log2_size ())
        return { send.base (), window.base () + (hotspot & window_mask & ~send_mask),
                 send.log2_size () };
    return { send.base () + (hotspot & send_mask & ~window_mask), window.base (),
             window.log2_size () };
}

static_assert (sizeof (Fpage) == 4);
static_assert (Fpage::memory (0x00400000, 12).raw () == 0x00400032);
static_assert (Fpage::memory (0x00800000, 22).raw () == 0x0080005A);
static_assert (Fpage::memory (0x5000, 12, Access::read_only, Transfer::grant).raw () == 0x5031);
static_assert (Fpage::io (0x3F8, 3).raw () == 0xF03F800C);
static_assert (Fpage::whole_io ().raw () == 0xF0000040);
static_assert (Fpage::whole_space ().raw () == 0x80);

}  // namespace l4
