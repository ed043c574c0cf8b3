// SPDX-License-Identifier: BSD-2-Clause
/// @file  An NE2000 card that only pretends, with a PCI bus in front of it: registers, memory and
///        ring as in the DP8390D's data sheet. It checks that it is driven by the rules.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include <drivers/ne2000/registers.hpp>

namespace fake {

using l4::Word;
using Frame = std::vector<std::uint8_t>;

class Card {
public:
    static constexpr Word base = 0x300;

    Card ()
    {
        constexpr std::uint8_t address[] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };
        for (Word i = 0; i < 6; ++i)
            prom_[2 * i] = prom_[2 * i + 1] = address[i];
        for (Word i = 28; i < 32; ++i)
            prom_[i] = 0x57;
    }

    // The ports.

    std::uint8_t in8 (Word port)
    {
        if (absent)
            return 0xFF;
        Word const reg = port - base;
        if (reg == ne2000::reg_reset) {
            stopped_ = true;
            status_ |= ne2000::was_reset;
            return 0;
        }
        if (reg == ne2000::reg_command)
            return command_;
        if (page () == 1)
            return reg == ne2000::reg_current ? current_ : registers_[1][reg];
        switch (reg) {
        case ne2000::reg_interrupt_status: return status_;
        case ne2000::reg_alignment_errors: return 0;
        case ne2000::reg_crc_errors: return take (crc_errors);
        case ne2000::reg_missed: return take (missed_);
        default: ADD_FAILURE () << "read of register " << reg; return 0;
        }
    }

    void out8 (Word port, std::uint8_t value)
    {
        Word const reg = port - base;
        if (reg == ne2000::reg_reset)
            return;
        if (reg == ne2000::reg_command)
            return execute (value);
        if (page () == 1) {
            EXPECT_TRUE (stopped_) << "page 1 written while the card runs";
            registers_[1][reg] = value;
            if (reg == ne2000::reg_current)
                current_ = value;
            return;
        }
        if (reg == ne2000::reg_interrupt_status)
            status_ &= static_cast<std::uint8_t> (~value & ~(stopped_ ? ne2000::was_reset : 0));
        else
            registers_[0][reg] = value;
    }

    void in_words (Word port, void* to, Word count)
    {
        ASSERT_EQ (port, base + ne2000::reg_data);
        EXPECT_TRUE ((command_ & ne2000::remote_read) != 0) << "nothing was asked for";
        for (Word i = 0; i < 2 * count; ++i)
            static_cast<std::uint8_t*> (to)[i] = *next_remote ();
    }

    void out_words (Word port, void const* from, Word count)
    {
        ASSERT_EQ (port, base + ne2000::reg_data);
        EXPECT_TRUE ((command_ & ne2000::remote_write) != 0) << "nothing was announced";
        for (Word i = 0; i < 2 * count; ++i)
            *next_remote () = static_cast<std::uint8_t const*> (from)[i];
    }

    // The wire.

    /// A frame comes. @return whether there was room
    bool deliver (Frame frame, bool intact = true)
    {
        EXPECT_FALSE (stopped_);
        Word const start = registers_[0][ne2000::reg_page_start];
        Word const stop = registers_[0][ne2000::reg_page_stop];
        Word const boundary = registers_[0][ne2000::reg_boundary];
        if ((registers_[0][ne2000::reg_receive_configuration] & ne2000::receive_monitor) != 0)
            return false;
        frame.resize (frame.size () + ne2000::crc_bytes);
        Word const pages = static_cast<Word> (frame.size () + ne2000::header_bytes + 255) / 256;
        Word const room = boundary > current_ ? boundary - current_
                                              : stop - start - current_ + boundary;
        if (boundary != current_ && room < pages) {
            status_ |= ne2000::overrun;
            ++missed_;
            return false;
        }
        Word next = current_ + pages;
        next = next >= stop ? next - stop + start : next;
        Word at = current_ * 256;
        auto const put = [&] (Word value) {
            memory_[at++] = static_cast<std::uint8_t> (value);
            at = at == stop * 256 ? start * 256 : at;
        };
        put (intact ? ne2000::header_intact : 2);
        put (broken_links ? 0x12 : next);
        put (static_cast<Word> (frame.size ()));
        put (static_cast<Word> (frame.size ()) >> 8);
        for (std::uint8_t const byte : frame)
            put (byte);
        current_ = static_cast<std::uint8_t> (next);
        status_ |= intact ? ne2000::received : ne2000::receive_error;
        return true;
    }

    /// The frame on its way is through, or was given up after 16 collisions.
    void finish_sending (bool well = true)
    {
        command_ &= static_cast<std::uint8_t> (~ne2000::transmit);
        status_ |= well ? ne2000::transmitted : ne2000::transmit_error;
    }

    /// What the line to the processor says.
    [[nodiscard]] bool interrupts () const
    {
        return (status_ & registers_[0][ne2000::reg_interrupt_mask] & 0x7F) != 0;
    }

    // The driver's waits.

    void pause ()
    {
        ++pauses;
        if (sends_slowly && (command_ & ne2000::transmit) != 0)
            finish_sending ();
    }

    bool absent { false };
    bool hangs { false };           ///< remote transfers never end
    bool broken_links { false };
    bool sends_slowly { false };    ///< only when the driver waits; else at once
    bool sends_never { false };
    std::uint8_t crc_errors { 0 };
    unsigned pauses { 0 };
    std::vector<Frame> sent {};

private:
    [[nodiscard]] unsigned page () const { return command_ >> 6; }

    static std::uint8_t take (std::uint8_t& counter)
    {
        std::uint8_t const value = counter;
        counter = 0;
        return value;
    }

    [[nodiscard]] Word pair (Word reg) const
    {
        return registers_[0][reg] | Word { registers_[0][reg + 1] } << 8;
    }

    void execute (std::uint8_t value)
    {
        EXPECT_NE ((value & ne2000::stopped) != 0, (value & ne2000::started) != 0);
        command_ = value;
        if ((value & ne2000::stopped) != 0) {
            stopped_ = true;
            status_ |= ne2000::was_reset;
        } else {
            stopped_ = false;
            status_ &= static_cast<std::uint8_t> (~ne2000::was_reset);
        }
        if ((value & (ne2000::remote_read | ne2000::remote_write)) != 0) {
            remote_ = pair (ne2000::reg_remote_address);
            remote_left_ = pair (ne2000::reg_remote_count);
            EXPECT_GT (remote_left_, 0u);
        }
        if ((value & ne2000::transmit) != 0)
            send ();
    }

    void send ()
    {
        Word const at = registers_[0][ne2000::reg_transmit_page] * 256;
        Word const size = pair (ne2000::reg_transmit_count);
        EXPECT_GE (size, ne2000::least_frame);
        EXPECT_LE (size, ne2000::most_frame);
        sent.emplace_back (memory_.begin () + at, memory_.begin () + at + size);
        if (!sends_slowly && !sends_never)
            finish_sending ();
    }

    std::uint8_t* next_remote ()
    {
        static std::uint8_t nowhere;
        EXPECT_GT (remote_left_, 0u) << "more than announced";
        if (remote_left_ == 0)
            return &nowhere;
        std::uint8_t* const byte = remote_ < prom_.size () ? &prom_[remote_] : &memory_[remote_];
        EXPECT_TRUE (remote_ < prom_.size () || (remote_ >= 0x4000 && remote_ < 0x8000));
        ++remote_;
        if (remote_ == Word { registers_[0][ne2000::reg_page_stop] } * 256)
            remote_ = registers_[0][ne2000::reg_page_start] * 256;
        if (--remote_left_ == 0 && !hangs)
            status_ |= ne2000::remote_done;
        return byte;
    }

    std::array<std::uint8_t, 32> prom_ {};
    std::array<std::uint8_t, 0x8000> memory_ {};
    std::uint8_t registers_[2][16] {};
    std::uint8_t command_ { ne2000::stopped | ne2000::no_remote };
    std::uint8_t status_ { ne2000::was_reset };
    std::uint8_t current_ { 0 };
    std::uint8_t missed_ { 0 };
    bool stopped_ { true };
    Word remote_ { 0 };
    Word remote_left_ { 0 };
};

/// A PCI bus with one device on it.
class PciBus {
public:
    Word slot { 3 };
    Word identity { 0x8029'10EC };
    Word base { 0xC001 };
    Word line { 11 };
    Word command { 0 };
    bool absent { false };

    Word in32 (Word port)
    {
        if (absent)
            return ~Word { 0 };
        if (port == 0xCF8)
            return address_;
        if ((address_ >> 11 & 0x1F) != slot)
            return ~Word { 0 };
        switch (address_ & 0xFF) {
        case 0x00: return identity;
        case 0x04: return command | 0x0280'0000;
        case 0x10: return base;
        case 0x3C: return 0x100 | line;
        default: ADD_FAILURE (); return 0;
        }
    }
    void out32 (Word port, Word value)
    {
        if (port == 0xCF8)
            address_ = value;
        else if ((address_ & 0xFF) == 4)
            command = value;
        else
            ADD_FAILURE ();
    }

private:
    Word address_ { 0 };
};

}  // namespace fake
