// SPDX-License-Identifier: BSD-2-Clause
/// @file  An NE2000 card: frames out, frames in, recovery.
///
/// The card keeps what it has received in a ring of its own memory until it is fetched. When the
/// ring is full the card stops receiving, and has to be restarted by a procedure of its own.
///
/// Context: pure; host tests in tests/host/servers. `Ports` as in drivers/ports.hpp. `Waiting`:
///     void pause ()               about a millisecond
#pragma once

#include <array>
#include <span>

#include <drivers/ports.hpp>

#include "registers.hpp"

namespace ne2000 {

using EthernetAddress = std::array<std::uint8_t, 6>;

struct Counters {
    Word sent { 0 };
    Word received { 0 };
    Word send_errors { 0 };
    Word receive_errors { 0 };      ///< bad checksum, not whole bytes
    Word missed { 0 };              ///< there was no room for them
    Word overruns { 0 };            ///< the card had to be restarted for want of room
    Word resets { 0 };              ///< because it did not do what it was told
};

template <drivers::PortSpace Ports, typename Waiting>
class Card {
public:
    Card (Ports& ports, Waiting& waiting) : ports_ { ports }, waiting_ { waiting } {}

    /// Find the card at `base`, and silence it. @return whether there is one
    [[nodiscard]] bool find (Word base)
    {
        base_ = base;
        return reset () && read_address ();
    }

    /// Let a card that was found send and receive.
    void start () { set_up (); }

    /// Of a card that was found: it raises its line, until it is told to be quiet. An ISA card
    /// cannot say which line is its own, but it can show it.
    void raise_line ()
    {
        std::uint16_t word = 0;
        out (reg_interrupt_mask, remote_done);
        begin_remote (0, sizeof word, remote_read);
        ports_.in_words (base_ + reg_data, &word, 1);
    }
    void lower_line ()
    {
        out (reg_interrupt_mask, 0);
        out (reg_interrupt_status, all_interrupts);
    }

    [[nodiscard]] EthernetAddress const& address () const { return address_; }
    [[nodiscard]] Counters const& counters () const { return counters_; }

    /// Take the card's interrupt back. Frames that came wait in the ring.
    void interrupt () { acknowledge (); }

    /// Whether a frame of this size can be sent.
    [[nodiscard]] static constexpr bool fits (Word size)
    {
        return size >= header_size && size <= most_frame;
    }

    /// Hand a frame to the card; a short one is filled up with zeros. The frame before may still
    /// be on its way: it is waited for.
    /// @return false: the card did not take it
    [[nodiscard]] bool send (std::span<std::byte const> frame)
    {
        if (!await_transmitter ())
            return false;
        Word const size = static_cast<Word> (frame.size ());
        Word const padded = size < least_frame ? least_frame : size;
        Word const whole = size & ~Word { 1 };
        Word const rest = ((padded + 1) & ~Word { 1 }) - whole;
        // Zeros, so that no old frame shows behind a short one.
        std::byte tail[least_frame] {};
        if (whole != size)
            tail[0] = frame[whole];
        if (!copy_in (transmit_page * page_bytes, frame.data (), whole)
            || !copy_in (transmit_page * page_bytes + whole, tail, rest)) {
            recover ();
            return false;
        }
        out (reg_transmit_page, transmit_page);
        out_pair (reg_transmit_count, padded);
        out (reg_command, started | no_remote | transmit);
        transmitting_ = true;
        return true;
    }

    /// Fetch the next frame. @param to  room for `most_frame` bytes @return its size, 0: none
    [[nodiscard]] Word receive (std::byte* to)
    {
        if (overrun_)
            restart_receiver ();
        while (next_ != current_page ()) {
            Header header;
            if (!copy_out (next_ * page_bytes, header.bytes, header_bytes)
                || !is_sane (header)) {
                recover ();
                return 0;
            }
            Word const size = header.count () - crc_bytes;
            bool const intact = (header.bytes[0] & header_intact) != 0;
            if (intact && !copy_out (next_ * page_bytes + header_bytes, to, size)) {
                recover ();
                return 0;
            }
            advance (header.bytes[1]);
            if (!intact)
                continue;
            ++counters_.received;
            return size;
        }
        return 0;
    }

private:
    static constexpr Word header_size = 14;         // of an Ethernet frame
    static constexpr unsigned quick_looks = 1000;
    static constexpr unsigned transmit_pauses = 50; // 15 collisions in a row take less

    struct Header {
        std::uint8_t bytes[header_bytes];

        [[nodiscard]] Word count () const { return bytes[2] | Word { bytes[3] } << 8; }
    };

    /// What no card writes is the rest of something else: it has lost its place.
    [[nodiscard]] static bool is_sane (Header const& header)
    {
        return header.bytes[1] >= ring_start && header.bytes[1] < ring_stop
               && header.count () >= header_size + crc_bytes
               && header.count () <= most_frame + crc_bytes;
    }

    [[nodiscard]] bool reset ()
    {
        if (in (reg_command) == 0xFF)
            return false;                           // nobody drives the bus
        out (reg_reset, in (reg_reset));
        bool done = false;
        for (unsigned i = 0; i < quick_looks && !done; ++i)
            done = (in (reg_interrupt_status) & was_reset) != 0;
        out (reg_command, stopped | no_remote);
        waiting_.pause ();
        waiting_.pause ();
        transmitting_ = false;
        overrun_ = false;
        return done && (in (reg_command) & (stopped | no_remote)) == (stopped | no_remote);
    }

    /// Between reset and set_up: the card is deaf and mute.
    [[nodiscard]] bool read_address ()
    {
        out (reg_data_configuration, data_words);
        out_pair (reg_remote_count, 0);
        out (reg_receive_configuration, receive_monitor);
        out (reg_transmit_configuration, transmit_loopback);
        out (reg_interrupt_mask, 0);
        out (reg_interrupt_status, all_interrupts);
        std::uint16_t prom[prom_words];
        if (!copy_out (0, prom, sizeof prom))
            return false;
        for (std::size_t i = 0; i < address_.size (); ++i)
            address_[i] = static_cast<std::uint8_t> (prom[i]);
        return (prom[prom_words - 2] & 0xFF) == prom_signature
               && (prom[prom_words - 1] & 0xFF) == prom_signature;
    }

    /// The initialisation of the data sheet, 6.0.
    void set_up ()
    {
        out (reg_command, stopped | no_remote);
        out (reg_data_configuration, data_words);
        out_pair (reg_remote_count, 0);
        out (reg_receive_configuration, receive_monitor);
        out (reg_transmit_configuration, transmit_loopback);
        out (reg_page_start, ring_start);
        out (reg_page_stop, ring_stop);
        out (reg_boundary, ring_start);
        out (reg_interrupt_status, all_interrupts);
        out (reg_interrupt_mask, wanted_interrupts);
        out (reg_command, stopped | no_remote | page_1);
        for (Word i = 0; i < address_.size (); ++i)
            out (reg_address + i, address_[i]);
        for (Word i = 0; i < 8; ++i)
            out (reg_multicast + i, 0);
        next_ = ring_start + 1;
        out (reg_current, next_);
        out (reg_command, started | no_remote);
        out (reg_transmit_configuration, transmit_normal);
        out (reg_receive_configuration, receive_broadcast);
    }

    void recover ()
    {
        ++counters_.resets;
        if (reset ())
            set_up ();
    }

    void acknowledge ()
    {
        unsigned const status = in (reg_interrupt_status);
        out (reg_interrupt_status, status & wanted_interrupts);
        if ((status & (transmitted | transmit_error)) != 0) {
            transmitting_ = false;
            ++((status & transmit_error) != 0 ? counters_.send_errors : counters_.sent);
        }
        overrun_ = overrun_ || (status & overrun) != 0;
        if ((status & (receive_error | counters_half_full | overrun)) != 0)
            count_errors ();
    }

    void count_errors ()
    {
        counters_.receive_errors += in (reg_alignment_errors);
        counters_.receive_errors += in (reg_crc_errors);
        counters_.missed += in (reg_missed);
    }

    [[nodiscard]] bool await_transmitter ()
    {
        acknowledge ();
        for (unsigned i = 0; i < transmit_pauses && transmitting_; ++i) {
            waiting_.pause ();
            acknowledge ();
        }
        if (transmitting_)
            recover ();
        return !transmitting_;
    }

    /// After an overrun, by the data sheet, 12.0: stop, let a frame on the wire end, go into
    /// loopback, start. Then make room: what is in the ring is dropped, for it is old.
    void restart_receiver ()
    {
        ++counters_.overruns;
        bool const was_sending = (in (reg_command) & transmit) != 0;
        out (reg_command, stopped | no_remote);
        waiting_.pause ();
        waiting_.pause ();
        out_pair (reg_remote_count, 0);
        unsigned const status = in (reg_interrupt_status);
        bool const sent = (status & (transmitted | transmit_error)) != 0;
        out (reg_transmit_configuration, transmit_loopback);
        out (reg_command, started | no_remote);
        advance (current_page ());
        out (reg_interrupt_status, overrun);
        overrun_ = false;
        out (reg_transmit_configuration, transmit_normal);
        if (was_sending && !sent)
            out (reg_command, started | no_remote | transmit);
    }

    [[nodiscard]] Word current_page ()
    {
        out (reg_command, started | no_remote | page_1);
        Word const page = in (reg_current);
        out (reg_command, started | no_remote);
        return page;
    }

    /// The frames before page `next` are done with. The boundary must not reach the current page:
    /// full and empty would look the same.
    void advance (Word next)
    {
        next_ = next;
        out (reg_boundary, next == ring_start ? ring_stop - 1 : next - 1);
    }

    [[nodiscard]] bool copy_out (Word from, void* to, Word size)
    {
        begin_remote (from, (size + 1) & ~Word { 1 }, remote_read);
        ports_.in_words (base_ + reg_data, to, size / 2);
        if (size % 2 != 0) {
            std::uint16_t last = 0;
            ports_.in_words (base_ + reg_data, &last, 1);
            static_cast<std::uint8_t*> (to)[size - 1] = static_cast<std::uint8_t> (last);
        }
        return end_remote ();
    }

    /// @param size  even
    [[nodiscard]] bool copy_in (Word to, void const* from, Word size)
    {
        if (size == 0)
            return true;
        begin_remote (to, size, remote_write);
        ports_.out_words (base_ + reg_data, from, size / 2);
        return end_remote ();
    }

    void begin_remote (Word address, Word size, unsigned direction)
    {
        out (reg_command, started | no_remote);
        out (reg_interrupt_status, remote_done);
        out_pair (reg_remote_count, size);
        out_pair (reg_remote_address, address);
        out (reg_command, started | direction);
    }

    [[nodiscard]] bool end_remote ()
    {
        bool done = false;
        for (unsigned i = 0; i < quick_looks && !done; ++i)
            done = (in (reg_interrupt_status) & remote_done) != 0;
        out (reg_interrupt_status, remote_done);
        return done;
    }

    [[nodiscard]] unsigned in (Word reg) { return ports_.in8 (base_ + reg); }
    void out (Word reg, Word value)
    {
        ports_.out8 (base_ + reg, static_cast<std::uint8_t> (value));
    }
    void out_pair (Word reg, Word value)
    {
        out (reg, value);
        out (reg + 1, value >> 8);
    }

    Ports& ports_;
    Waiting& waiting_;
    Word base_ { 0 };
    Word next_ { ring_start + 1 };      ///< the page of the next frame to be fetched
    bool transmitting_ { false };
    bool overrun_ { false };
    EthernetAddress address_ {};
    Counters counters_ {};
};

}  // namespace ne2000
