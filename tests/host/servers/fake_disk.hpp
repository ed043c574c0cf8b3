// SPDX-License-Identifier: BSD-2-Clause
/// @file  An IDE channel that only pretends: two drives behind ports, by ATA-2, and what can go
///        wrong with them. It checks that it is driven by the rules.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <drivers/ide/registers.hpp>

namespace fake {

using l4::Word;

constexpr Word sector_size = 512;
using Sector = std::array<std::uint8_t, sector_size>;

struct DiskDrive {
    Word cylinders { 0 }, heads { 0 }, sectors { 0 };   ///< none: there is no such drive
    bool linear { false };
    std::map<Word, Sector> content {};
    std::map<Word, unsigned> bad {};    ///< sector -> how often it fails still
    bool parameters_set { false };

    [[nodiscard]] bool present () const { return heads != 0; }
    [[nodiscard]] Word capacity () const { return cylinders * heads * sectors; }
};

class Channel {
public:
    static constexpr unsigned forever = ~0u;

    explicit Channel (DiskDrive first, DiskDrive second = {})
        : drives { std::move (first), std::move (second) }
    {
    }

    // The ports.

    std::uint8_t in8 (Word port)
    {
        if (!drives[0].present () && !drives[1].present ())
            return 0xFF;
        if (port == ide::primary.control)
            return selected () == nullptr ? 0 : status ();
        if (selected () == nullptr)
            return 0;
        switch (port - ide::primary.command) {
        case ide::reg_error: return error_;
        case ide::reg_count: return count_;
        case ide::reg_sector: return sector_;
        case ide::reg_cylinder_low: return cylinder_low_;
        case ide::reg_cylinder_high: return cylinder_high_;
        case ide::reg_drive: return drive_;
        case ide::reg_command: line = false; return status ();
        default: ADD_FAILURE () << "read of port " << port; return 0xFF;
        }
    }

    void out8 (Word port, std::uint8_t value)
    {
        if (port == ide::primary.control)
            return write_control (value);
        EXPECT_FALSE (selected () != nullptr && (status () & (ide::busy | ide::data_request)) != 0
                      && !hangs)
            << "register " << port - ide::primary.command << " written in mid-command";
        switch (port - ide::primary.command) {
        case ide::reg_count: count_ = value; break;
        case ide::reg_sector: sector_ = value; break;
        case ide::reg_cylinder_low: cylinder_low_ = value; break;
        case ide::reg_cylinder_high: cylinder_high_ = value; break;
        case ide::reg_drive: drive_ = value; break;
        case ide::reg_command: execute (value); break;
        default: ADD_FAILURE () << "write of port " << port;
        }
    }

    void in_words (Word port, void* to, Word count)
    {
        EXPECT_EQ (port, ide::primary.command);
        EXPECT_EQ (count, sector_size / 2);
        EXPECT_TRUE (phase_ == Phase::in && busy_looks_ == 0) << "nothing to read";
        std::memcpy (to, buffer_.data (), sector_size);
        if (--left_ == 0)
            phase_ = Phase::idle;
        else
            present_sector ();
    }

    void out_words (Word port, void const* from, Word count)
    {
        EXPECT_EQ (port, ide::primary.command);
        EXPECT_EQ (count, sector_size / 2);
        EXPECT_TRUE (phase_ == Phase::out && busy_looks_ == 0) << "nothing wanted";
        if (auto* const drive = selected (); drive != nullptr && !fails (*drive, at_))
            std::memcpy (drive->content[at_].data (), from, sector_size);
        ++at_;
        if (error_ != 0 || --left_ == 0)
            phase_ = Phase::idle;
        raise ();
    }

    // The driver's waits.

    bool interrupt ()
    {
        ++waits;
        bool const fired = line && !lose_interrupts;
        line = false;
        return fired;
    }
    void pause () { ++pauses; }

    DiskDrive drives[2];
    bool line { false };
    bool lose_interrupts { false };
    bool hangs { false };               ///< busy until the next reset
    bool dead { false };                ///< busy for good
    unsigned resets { 0 };
    unsigned waits { 0 };
    unsigned pauses { 0 };

private:
    enum class Phase { idle, in, out };

    DiskDrive* selected ()
    {
        DiskDrive& drive = drives[(drive_ & ide::drive_second) != 0 ? 1 : 0];
        return drive.present () ? &drive : nullptr;
    }

    std::uint8_t status ()
    {
        if (hangs || dead)
            return ide::busy;
        if (busy_looks_ > 0) {
            --busy_looks_;
            return ide::busy;
        }
        unsigned const data = phase_ != Phase::idle ? ide::data_request : 0;
        return static_cast<std::uint8_t> (ide::ready | data | (error_ != 0 ? ide::error : 0));
    }

    void write_control (std::uint8_t value)
    {
        EXPECT_NE (value & ide::control_fixed, 0u);
        if ((value & ide::control_reset) != 0) {
            ++resets;
            hangs = false;
            phase_ = Phase::idle;
            error_ = 0;
            drive_ = 0;
            for (DiskDrive& drive : drives)
                drive.parameters_set = false;
        }
        quiet_ = (value & ide::control_no_interrupts) != 0;
        if (quiet_)
            line = false;
    }

    void raise ()
    {
        busy_looks_ = 3;
        line = line || !quiet_;
    }

    void execute (std::uint8_t command)
    {
        DiskDrive* const drive = selected ();
        if (drive == nullptr)
            return;
        error_ = 0;
        left_ = count_ == 0 ? 256 : count_;
        switch (command) {
        case ide::command_identify: return identify (*drive);
        case ide::command_set_parameters:
            EXPECT_EQ (count_, drive->sectors);
            EXPECT_EQ (drive_ & 0x0F, drive->heads - 1);
            drive->parameters_set = true;
            return raise ();
        case ide::command_read:
            at_ = address (*drive);
            phase_ = Phase::in;
            return present_sector ();
        case ide::command_write:
            at_ = address (*drive);
            phase_ = Phase::out;
            busy_looks_ = 3;
            return;
        case ide::command_flush: ++flushes; return raise ();
        default: error_ = 0x04; return raise ();
        }
    }

    Word address (DiskDrive const& drive)
    {
        Word const cylinder = cylinder_low_ | cylinder_high_ << 8;
        Word const head = drive_ & 0x0F;
        if ((drive_ & ide::drive_linear) != 0) {
            EXPECT_TRUE (drive.linear);
            return sector_ | cylinder << 8 | head << 24;
        }
        EXPECT_TRUE (drive.parameters_set) << "no geometry since the reset";
        EXPECT_TRUE (sector_ >= 1 && sector_ <= drive.sectors && head < drive.heads);
        return (cylinder * drive.heads + head) * drive.sectors + sector_ - 1;
    }

    bool fails (DiskDrive& drive, Word sector)
    {
        auto const bad = drive.bad.find (sector);
        if (bad == drive.bad.end () || bad->second == 0)
            return false;
        if (bad->second != forever)
            --bad->second;
        error_ = ide::uncorrectable;
        return true;
    }

    void present_sector ()
    {
        DiskDrive& drive = *selected ();
        if (fails (drive, at_))
            phase_ = Phase::idle;
        else
            buffer_ = drive.content[at_++];
        raise ();
    }

    void identify (DiskDrive const& drive)
    {
        std::uint16_t words[256] {};
        words[1] = static_cast<std::uint16_t> (drive.cylinders);
        words[3] = static_cast<std::uint16_t> (drive.heads);
        words[6] = static_cast<std::uint16_t> (drive.sectors);
        write_text (words + 10, "serial 1", 20);
        write_text (words + 27, "A drive that pretends", 40);
        if (drive.linear) {
            words[49] = 0x0200;
            words[60] = static_cast<std::uint16_t> (drive.capacity ());
            words[61] = static_cast<std::uint16_t> (drive.capacity () >> 16);
            words[83] = 0x5000;
        }
        std::memcpy (buffer_.data (), words, sector_size);
        left_ = 1;
        phase_ = Phase::in;
        raise ();
    }

    static void write_text (std::uint16_t* words, std::string text, std::size_t size)
    {
        text.resize (size, ' ');
        for (std::size_t i = 0; i < size / 2; ++i)
            words[i] = static_cast<std::uint16_t> (text[2 * i] << 8 | text[2 * i + 1]);
    }

public:
    unsigned flushes { 0 };

private:
    Phase phase_ { Phase::idle };
    Sector buffer_ {};
    Word at_ { 0 };
    unsigned left_ { 0 };
    unsigned busy_looks_ { 0 };
    bool quiet_ { false };
    std::uint8_t error_ { 0 };
    std::uint8_t count_ { 0 };
    std::uint8_t sector_ { 0 };
    std::uint8_t cylinder_low_ { 0 };
    std::uint8_t cylinder_high_ { 0 };
    std::uint8_t drive_ { 0 };
};

}  // namespace fake
