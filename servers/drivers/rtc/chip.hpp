// SPDX-License-Identifier: BSD-2-Clause
/// @file  The real-time clock: read and set the time, raise an interrupt at a time of day.
///
/// Firmware decides whether the chip counts in binary or in decimal digits, to 12 or to 24; both
/// are left as they are.
///
/// Context: pure; host tests in tests/host/servers. `Ports` as in drivers/ports.hpp.
#pragma once

#include <drivers/clock/date.hpp>
#include <drivers/ports.hpp>

#include "registers.hpp"

namespace rtc {

using wall::Date;

template <drivers::PortSpace Ports>
class Chip {
public:
    explicit Chip (Ports& ports) : ports_ { ports } {}

    /// Find it, running, and silence it. @return whether it is there and shows a time
    [[nodiscard]] bool open ()
    {
        if (read (reg_a) == 0xFF && read (reg_b) == 0xFF)
            return false;
        write (reg_b, read (reg_b) & ~(b_set | b_periodic | b_alarm | b_update));
        if ((read (reg_a) & a_divider) != a_runs_at_32k)
            write (reg_a, (read (reg_a) & 0x0F) | a_runs_at_32k);
        take_interrupt ();
        Date date;
        return this->date (date);
    }

    /// The chip changes its registers one after the other: they are read until they agree twice.
    /// @return false: what it shows is no time
    [[nodiscard]] bool date (Date& date)
    {
        Raw before;
        Raw now = read_raw ();
        unsigned tries = 0;
        do {
            before = now;
            now = read_raw ();
        } while (!(now == before) && ++tries < most_tries);
        if (!(now == before))
            return false;
        date = decode (now);
        return date.is_valid ();
    }

    /// @param date  valid
    void set (Date const& date)
    {
        Word const format = read (reg_b);
        write (reg_b, format | b_set);
        write (reg_seconds, encode (date.second, format));
        write (reg_minutes, encode (date.minute, format));
        write (reg_hours, encode_hour (date.hour, format));
        write (reg_day, encode (date.day, format));
        write (reg_month, encode (date.month, format));
        write (reg_year, encode (date.year % 100, format));
        write (reg_century, encode (date.year / 100, format));
        write (reg_b, format & ~b_set);
    }

    /// An interrupt when it is this time of day, once every day.
    void raise_at (Date const& date)
    {
        Word const format = read (reg_b);
        write (reg_b, format & ~b_alarm);
        write (reg_seconds_alarm, encode (date.second, format));
        write (reg_minutes_alarm, encode (date.minute, format));
        write (reg_hours_alarm, encode_hour (date.hour, format));
        take_interrupt ();
        write (reg_b, (format & ~b_set) | b_alarm);
    }

    void raise_never () { write (reg_b, read (reg_b) & ~b_alarm); }

    void take_interrupt () { static_cast<void> (read (reg_c)); }

private:
    static constexpr unsigned most_tries = 1000;
    static constexpr unsigned most_looks = 10'000;      // an update takes 2 ms

    struct Raw {
        Word second, minute, hour, day, month, year, century;

        friend bool operator== (Raw const&, Raw const&) = default;
    };

    [[nodiscard]] Raw read_raw ()
    {
        for (unsigned i = 0; i < most_looks && (read (reg_a) & a_updating) != 0; ++i) {}
        return { read (reg_seconds), read (reg_minutes), read (reg_hours), read (reg_day),
                 read (reg_month), read (reg_year), read (reg_century) };
    }

    [[nodiscard]] Date decode (Raw const& raw)
    {
        Word const format = read (reg_b);
        Word const year = decode (raw.year, format);
        Word const century = decode (raw.century, format);
        // A machine without a century register has anything there.
        bool const has_century = century == 19 || century == 20 || century == 21;
        return { .year = year + 100 * (has_century ? century : year < 70 ? Word { 20 } : 19),
                 .month = decode (raw.month, format),
                 .day = decode (raw.day, format),
                 .hour = decode_hour (raw.hour, format),
                 .minute = decode (raw.minute, format),
                 .second = decode (raw.second, format) };
    }

    [[nodiscard]] static Word decode (Word raw, Word format)
    {
        return (format & b_binary) != 0 ? raw : (raw >> 4) * 10 + (raw & 0xF);
    }
    [[nodiscard]] static Word encode (Word value, Word format)
    {
        return (format & b_binary) != 0 ? value : value / 10 << 4 | value % 10;
    }

    /// 12 is the hour after 11: of the night (AM) or of the day (PM).
    [[nodiscard]] static Word decode_hour (Word raw, Word format)
    {
        if ((format & b_24_hours) != 0)
            return decode (raw, format);
        Word const hour = decode (raw & ~Word { hours_pm }, format) % 12;
        return (raw & hours_pm) != 0 ? hour + 12 : hour;
    }
    [[nodiscard]] static Word encode_hour (Word hour, Word format)
    {
        if ((format & b_24_hours) != 0)
            return encode (hour, format);
        Word const shown = hour % 12 == 0 ? 12 : hour % 12;
        return encode (shown, format) | (hour >= 12 ? hours_pm : 0);
    }

    [[nodiscard]] Word read (Word reg)
    {
        ports_.out8 (port_index, static_cast<std::uint8_t> (reg));
        return ports_.in8 (port_data);
    }
    void write (Word reg, Word value)
    {
        ports_.out8 (port_index, static_cast<std::uint8_t> (reg));
        ports_.out8 (port_data, static_cast<std::uint8_t> (value));
    }

    Ports& ports_;
};

}  // namespace rtc
