// SPDX-License-Identifier: BSD-2-Clause
#include "delivery.hpp"

#include "../process/groups.hpp"
#include "../process/life.hpp"
#include "frame.hpp"

namespace unix_server {

namespace {

/// The result of a call that a handler interrupts.
void give_up_call (Process& process, bool restart)
{
    CallPage& page = process.call_page ();
    page.eax = process.trap.eax;
    page.eip = process.trap.eip;
    if (restart && process.pending.done == 0)
        return;
    page.eip += int_instruction_size;
    page.eax = process.pending.done != 0 ? process.pending.done
                                         : Result { Errno::interrupted }.raw ();
}

/// The keyboard stops nobody whom nobody would let go on.
bool can_stop (System& system, Process const& process, Signal signal)
{
    return !stopping_from_terminal.contains (signal)
           || !is_orphaned (system.processes, process.group);
}

Word with_floating_point (Process const& process, Word answer)
{
    return process.has_floating_point ? answer | answer_with_floating_point : answer;
}

}  // namespace

std::optional<Word> answer_after_signals (System& system, Process& process, Word answer)
{
    Signals& signals = process.signals;
    for (;;) {
        Delivery const delivery = signals.next ();
        switch (delivery.kind) {
        case Delivery::Kind::nothing:
            signals.end_of_call ();
            if (!signals.deliverable ().empty ())
                continue;
            process.state = Process::State::running;
            process.last_answer = with_floating_point (process, answer);
            return process.last_answer;
        case Delivery::Kind::end:
            end_process (system, process, ended_by (delivery.signal));
            return std::nullopt;
        case Delivery::Kind::stop:
            signals.remove (delivery.signal);
            if (!can_stop (system, process, delivery.signal))
                continue;
            process.last_answer = answer;
            stop_process (system, process, delivery.signal);
            return std::nullopt;
        case Delivery::Kind::handler:
            if (!process.has_floating_point) {
                process.state = Process::State::running;
                process.last_answer = answer;
                return answer_save_floating_point;
            }
            signals.remove (delivery.signal);
            if (!enter_handler ({ process.call_page (), process.space, system.frames, signals },
                                delivery)) {
                end_process (system, process, ended_by (Signal::segmentation_fault));
                return std::nullopt;
            }
        }
    }
}

bool interrupt_call (System& system, Process& process, OnSignal on_signal)
{
    if (on_signal == OnSignal::wait_on)
        return process.signals.deadly () != Signal::none;
    Delivery delivery = process.signals.next ();
    while (delivery.kind == Delivery::Kind::stop
           && !can_stop (system, process, delivery.signal)) {
        process.signals.remove (delivery.signal);
        delivery = process.signals.next ();
    }
    switch (delivery.kind) {
    case Delivery::Kind::nothing: return false;
    case Delivery::Kind::end: return true;
    case Delivery::Kind::stop:
        process.signals.remove (delivery.signal);
        stop_process (system, process, delivery.signal);
        return false;
    case Delivery::Kind::handler: break;
    }
    Word const flags = process.signals.disposition (delivery.signal).flags;
    give_up_call (process, on_signal == OnSignal::restart && (flags & action::restart) != 0);
    return true;
}

}  // namespace unix_server
