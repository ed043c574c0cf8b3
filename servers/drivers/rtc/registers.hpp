// SPDX-License-Identifier: BSD-2-Clause
/// @file  The registers of the AT's real-time clock, a Motorola MC146818 (data sheet, 1984).
#pragma once

#include <l4/word.hpp>

namespace rtc {

using l4::Word;

constexpr Word port_index = 0x70;
constexpr Word port_data = 0x71;
constexpr unsigned line = 8;

constexpr Word reg_seconds = 0x00;
constexpr Word reg_seconds_alarm = 0x01;
constexpr Word reg_minutes = 0x02;
constexpr Word reg_minutes_alarm = 0x03;
constexpr Word reg_hours = 0x04;
constexpr Word reg_hours_alarm = 0x05;
constexpr Word reg_day = 0x07;
constexpr Word reg_month = 0x08;
constexpr Word reg_year = 0x09;
constexpr Word reg_a = 0x0A;
constexpr Word reg_b = 0x0B;
constexpr Word reg_c = 0x0C;            // reading takes the interrupt back
constexpr Word reg_d = 0x0D;
constexpr Word reg_century = 0x32;      // not the chip's: a habit of the AT's firmware

constexpr unsigned a_updating = 0x80;
constexpr unsigned a_runs_at_32k = 0x20;
constexpr unsigned a_divider = 0x70;
constexpr unsigned b_set = 0x80;        // no updates: the time is being written
constexpr unsigned b_periodic = 0x40;
constexpr unsigned b_alarm = 0x20;
constexpr unsigned b_update = 0x10;
constexpr unsigned b_binary = 0x04;     // else two decimal digits
constexpr unsigned b_24_hours = 0x02;
constexpr unsigned c_alarm = 0x20;
constexpr unsigned d_valid = 0x80;      // the battery has not been empty
constexpr unsigned hours_pm = 0x80;

}  // namespace rtc
