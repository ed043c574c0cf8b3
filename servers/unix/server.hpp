// SPDX-License-Identifier: BSD-2-Clause
/// @file  The loop of the Unix server: one thread is the pager of all processes and answers their
///        traps, one message at a time, and waits for nobody.
///
/// What takes time is done by threads of its own, which are clients of the loop like the processes:
/// the printer (io/printer.hpp), the keyboard (io/keyboard.hpp) and the alarm clock
/// (process/alarm_clock.hpp).
#pragma once

#include <optional>

#include <l4/protocol/page_fault.hpp>
#include <runtime/server.hpp>

#include "process/alarm_clock.hpp"
#include "trap/call.hpp"

namespace unix_server {

class Server {
public:
    constexpr explicit Server (System& system) : system_ { system } {}

    /// Serve until the first process has ended and all that was written has been printed.
    [[noreturn]] void run (Address emulation_frame);

private:
    [[nodiscard]] rt::Answer handle (rt::Incoming const& message);
    [[nodiscard]] rt::Answer handle_thread (rt::Incoming const& message);
    [[nodiscard]] rt::Answer handle_process (Process& process, rt::Incoming const& message);
    [[nodiscard]] rt::Answer handle_fault (Process& process, l4::PageFaultMessage fault,
                                           bool in_first_thread);
    [[nodiscard]] rt::Answer handle_trap (Process& process);
    [[nodiscard]] rt::Answer answer_again (Process& process);
    rt::Answer raise (Process& process, Signal signal, Cause const& cause, Address instruction);
    [[nodiscard]] std::optional<Word> settle (Process& process, Outcome const& outcome);
    void settle_everything ();
    void go_on (Process& process);
    void tell_of_signals (Process& process);
    void at_time (Time now);
    void ring_alarm (Process& process, Time now);
    void watch ();
    void end_with_first ();

    System& system_;
    AlarmClock clock_ {};
    Address emulation_frame_ { 0 };
    Time watch_time_ { never };
    ProcessSet interrupted_ {};         ///< have been told to come, but have not come yet
};

}  // namespace unix_server
