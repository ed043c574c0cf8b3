// SPDX-License-Identifier: BSD-2-Clause
/// @file  A channel with up to two drives: commands, data by the processor (PIO), recovery.
///
/// What goes wrong is tried again: once as it is, then after a reset of the channel. An interrupt
/// that does not come is not believed in: the drive's status decides.
///
/// Context: pure; host tests in tests/host/servers. `Ports` as in drivers/ports.hpp. `Waiting`:
///     bool interrupt ()           the line has fired; false: not in the time that a drive may take
///     void pause ()               about a millisecond
#pragma once

#include <drivers/ports.hpp>

#include "drive.hpp"
#include "registers.hpp"

namespace ide {

enum class Failure {
    none,
    absent,             ///< there is no such drive
    timeout,            ///< busy for too long
    medium,             ///< the drive cannot read or write this place
    refused,            ///< the drive does not know the command, or the place
};

struct Counters {
    Word retries { 0 };
    Word resets { 0 };
    Word lost_interrupts { 0 };
};

template <drivers::PortSpace Ports, typename Waiting>
class Channel {
public:
    static constexpr unsigned drives = 2;
    static constexpr Word sector_words = 256;

    Channel (ChannelPlace const& place, Ports& ports, Waiting& waiting)
        : place_ { place }, ports_ { ports }, waiting_ { waiting }
    {
    }

    /// Put the channel into a known state, and find its drives.
    /// @return whether there is one
    [[nodiscard]] bool open ()
    {
        reset (first_pauses);
        bool any = false;
        for (unsigned n = 0; n < drives; ++n) {
            identify (n);
            any = any || drives_[n].present;
        }
        set_up ();
        return any;
    }

    [[nodiscard]] Drive const& drive (unsigned n) const { return drives_[n]; }
    [[nodiscard]] Counters const& counters () const { return counters_; }

    /// @param by_geometry  even if the drive takes sector numbers
    [[nodiscard]] Failure read (unsigned n, Word sector, Word count, void* to,
                                bool by_geometry = false)
    {
        return persist (n, sector, count, [&] {
            return read_once (n, sector, count, static_cast<std::byte*> (to), by_geometry);
        });
    }

    [[nodiscard]] Failure write (unsigned n, Word sector, Word count, void const* from,
                                 bool by_geometry = false)
    {
        return persist (n, sector, count, [&] {
            return write_once (n, sector, count, static_cast<std::byte const*> (from),
                               by_geometry);
        });
    }

    [[nodiscard]] Failure flush (unsigned n)
    {
        if (!drives_[n].flushes)
            return drives_[n].present ? Failure::none : Failure::absent;
        return persist (n, 0, 1, [&] {
            if (Failure const failure = select (n, 0); failure != Failure::none)
                return failure;
            command (command_flush);
            return finish ();
        });
    }

    /// The line has fired while nobody waited for it.
    void take_interrupt () { static_cast<void> (in (reg_command)); }

private:
    static constexpr unsigned most_tries = 3;
    // A drive that is switched on may take half a minute. What is tried again and again in vain
    // takes less than that, so that nobody takes the driver for dead.
    static constexpr unsigned first_pauses = 25'000;
    static constexpr unsigned reset_pauses = 3'000;
    static constexpr unsigned ready_pauses = 5'000;
    static constexpr unsigned quick_looks = 100;

    template <typename Attempt>
    [[nodiscard]] Failure persist (unsigned n, Word sector, Word count, Attempt attempt)
    {
        if (!drives_[n].present)
            return Failure::absent;
        if (count == 0 || count > 256 || sector >= drives_[n].sectors
            || count > drives_[n].sectors - sector)
            return Failure::refused;
        Failure failure = attempt ();
        for (unsigned tries = 1; failure != Failure::none && tries < most_tries; ++tries) {
            ++counters_.retries;
            if (tries > 1 || failure == Failure::timeout)
                recover ();
            failure = attempt ();
        }
        return failure;
    }

    [[nodiscard]] Failure read_once (unsigned n, Word sector, Word count, std::byte* to,
                                     bool by_geometry)
    {
        if (Failure const failure = address (n, sector, count, by_geometry);
            failure != Failure::none)
            return failure;
        command (command_read);
        for (Word i = 0; i < count; ++i) {
            wait_for_interrupt ();
            if (Failure const failure = await_data (); failure != Failure::none)
                return failure;
            ports_.in_words (place_.command + reg_data, to + i * 2 * sector_words, sector_words);
        }
        return Failure::none;
    }

    [[nodiscard]] Failure write_once (unsigned n, Word sector, Word count, std::byte const* from,
                                      bool by_geometry)
    {
        if (Failure const failure = address (n, sector, count, by_geometry);
            failure != Failure::none)
            return failure;
        command (command_write);
        for (Word i = 0; i < count; ++i) {
            // There is no interrupt before the first sector.
            if (i != 0)
                wait_for_interrupt ();
            if (Failure const failure = await_data (); failure != Failure::none)
                return failure;
            ports_.out_words (place_.command + reg_data, from + i * 2 * sector_words,
                              sector_words);
        }
        return finish ();
    }

    /// The command is through when the drive says so.
    [[nodiscard]] Failure finish ()
    {
        wait_for_interrupt ();
        unsigned const status = await_idle ();
        return (status & (busy | data_request)) != 0 ? Failure::timeout : judge (status);
    }

    [[nodiscard]] Failure address (unsigned n, Word sector, Word count, bool by_geometry)
    {
        Drive const& drive = drives_[n];
        bool const linear = drive.linear && !by_geometry;
        Word bytes = sector;            // 27..0, as in the registers
        if (!linear) {
            CylinderHeadSector const place = locate (drive.geometry, sector);
            bytes = place.sector | place.cylinder << 8 | place.head << 24;
        }
        Failure const failure = select (n, (linear ? drive_linear : 0) | bytes >> 24);
        if (failure != Failure::none)
            return failure;
        out (reg_count, count);
        out (reg_sector, bytes);
        out (reg_cylinder_low, bytes >> 8);
        out (reg_cylinder_high, bytes >> 16);
        return Failure::none;
    }

    [[nodiscard]] Failure select (unsigned n, Word rest)
    {
        if ((await_idle () & (busy | data_request)) != 0)
            return Failure::timeout;
        out (reg_drive, drive_fixed | (n != 0 ? drive_second : 0) | rest);
        settle ();
        unsigned const status = await_idle ();
        return (status & (busy | data_request)) != 0 ? Failure::timeout : Failure::none;
    }

    void command (unsigned code)
    {
        out (reg_command, code);
        settle ();
    }

    /// Data can be moved, or why not.
    [[nodiscard]] Failure await_data ()
    {
        unsigned const status = await ([] (unsigned now) {
            return (now & busy) == 0 && (now & (data_request | error | write_fault)) != 0;
        });
        if ((status & busy) != 0)
            return Failure::timeout;
        if (Failure const failure = judge (status); failure != Failure::none)
            return failure;
        return (status & data_request) != 0 ? Failure::none : Failure::timeout;
    }

    [[nodiscard]] Failure judge (unsigned status)
    {
        if ((status & write_fault) != 0)
            return Failure::medium;
        if ((status & error) == 0)
            return Failure::none;
        return (in (reg_error) & (uncorrectable | id_not_found)) != 0 ? Failure::medium
                                                                      : Failure::refused;
    }

    [[nodiscard]] unsigned await_idle ()
    {
        return await ([] (unsigned now) { return (now & (busy | data_request)) == 0; });
    }

    /// @return the last status, also if it is not the one wanted
    template <typename Condition>
    [[nodiscard]] unsigned await (Condition condition, unsigned pauses = ready_pauses)
    {
        unsigned status = in (reg_command);
        for (unsigned i = 0; i < quick_looks && !condition (status); ++i)
            status = in (reg_command);
        for (unsigned i = 0; i < pauses && !condition (status); ++i) {
            waiting_.pause ();
            status = in (reg_command);
        }
        return status;
    }

    /// While drives are found and set up there are none: not every one says something then.
    void wait_for_interrupt ()
    {
        if (interrupts_ && !waiting_.interrupt ())
            ++counters_.lost_interrupts;
    }

    /// The status is valid 400 ns after a drive or a command was chosen; a port takes 100 or more.
    void settle ()
    {
        constexpr unsigned looks = 4;
        for (unsigned i = 0; i < looks; ++i)
            static_cast<void> (ports_.in8 (place_.control));
    }

    /// @return whether it has come to an end
    bool reset (unsigned pauses)
    {
        interrupts_ = false;
        ports_.out8 (place_.control, control_fixed | control_reset | control_no_interrupts);
        waiting_.pause ();
        ports_.out8 (place_.control, control_fixed | control_no_interrupts);
        waiting_.pause ();
        waiting_.pause ();
        return in (reg_command) == floating
               || (await ([] (unsigned now) { return (now & busy) == 0; }, pauses) & busy) == 0;
    }

    void recover ()
    {
        ++counters_.resets;
        if (reset (reset_pauses))
            set_up ();
    }

    /// After a reset.
    void set_up ()
    {
        for (unsigned n = 0; n < drives; ++n)
            set_parameters (n);
        ports_.out8 (place_.control, control_fixed);
        interrupts_ = true;
    }

    void identify (unsigned n)
    {
        drives_[n] = {};
        out (reg_drive, drive_fixed | (n != 0 ? drive_second : 0));
        settle ();
        // What was written is still there if there is a drive to keep it.
        out (reg_count, 0x55);
        out (reg_sector, 0xAA);
        if (in (reg_count) != 0x55 || in (reg_sector) != 0xAA
            || (in (reg_command) & (busy | data_request)) != 0)
            return;
        command (command_identify);
        if (in (reg_command) == 0 || await_data () != Failure::none)
            return;
        std::uint16_t words[Drive::identity_words];
        ports_.in_words (place_.command + reg_data, words, Drive::identity_words);
        drives_[n] = Drive::from (words);
    }

    /// Old drives forget their geometry in a reset, and may come up with none.
    void set_parameters (unsigned n)
    {
        Drive const& drive = drives_[n];
        if (!drive.present || select (n, drive.geometry.heads - 1) != Failure::none)
            return;
        out (reg_count, drive.geometry.sectors);
        command (command_set_parameters);
        static_cast<void> (finish ());
    }

    [[nodiscard]] unsigned in (Word offset) { return ports_.in8 (place_.command + offset); }
    void out (Word offset, Word value)
    {
        ports_.out8 (place_.command + offset, static_cast<std::uint8_t> (value));
    }

    ChannelPlace place_;
    Ports& ports_;
    Waiting& waiting_;
    bool interrupts_ { false };
    Drive drives_[drives] {};
    Counters counters_ {};
};

}  // namespace ide
