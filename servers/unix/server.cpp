// SPDX-License-Identifier: BSD-2-Clause
#include "server.hpp"

#include <runtime/exit.hpp>
#include <runtime/info_page.hpp>
#include <runtime/kip.hpp>
#include <runtime/print.hpp>

#include "io/process_files.hpp"
#include "io/keyboard.hpp"
#include "io/terminal_device.hpp"
#include "process/life.hpp"
#include "signal/delivery.hpp"
#include "signal/send.hpp"
#include "trap/system_calls.hpp"

namespace unix_server {

namespace {

/// A process that was told to come and has not is told again after this time.
constexpr Time interrupt_again = 10'000;
/// How often the server looks whether those that compute still do.
constexpr Time watch_again = 250'000;

constexpr Signal signal_of (Word vector)
{
    switch (vector) {
    case 0: case 7: case 9: case 16: case 19: return Signal::floating_point;
    case 1: case 3: return Signal::trap;
    case 6: return Signal::illegal_instruction;
    case 17: return Signal::bus;
    default: return Signal::segmentation_fault;
    }
}

bool is_system_call (CallPage const& trap)
{
    return trap.vector == general_protection && trap.error == error_code_of (system_call_vector);
}

Cause cause_of_fault (Address address, std::int32_t code)
{
    Cause cause { code, {} };
    cause.fields[SignalInfo::address] = address;
    return cause;
}

/// Whether the thread of a process that is owed nothing will not be heard of again.
bool is_lost (l4::ThreadId thread)
{
    rt::ScheduleResult const now = rt::thread_schedule (thread, l4::ScheduleParameter { ~0u });
    switch (static_cast<l4::ThreadStateCode> (now.old.state ())) {
    case l4::ThreadStateCode::dead:
    case l4::ThreadStateCode::waiting: return true;
    case l4::ThreadStateCode::pending: return now.partner != rt::info_page ().own;
    default: return false;
    }
}

rt::Answer to_answer (std::optional<Word> flags)
{
    return flags ? rt::Answer::words (*flags, 0) : rt::Answer::nothing ();
}

}  // namespace

void Server::run (Address emulation_frame)
{
    emulation_frame_ = emulation_frame;
    system_.printer.start ();
    start_keyboard ();
    rt::serve ([this] (rt::Incoming const& message) {
        rt::Answer answer = handle (message);
        settle_everything ();
        return answer;
    });
}

rt::Answer Server::handle (rt::Incoming const& message)
{
    if (message.client.same_task (rt::info_page ().own))
        return handle_thread (message);
    Process* const process = system_.processes.find_thread (message.client);
    return process == nullptr ? rt::Answer::nothing () : handle_process (*process, message);
}

/// Threads of the server: what they shall do next they hear when everything is settled.
rt::Answer Server::handle_thread (rt::Incoming const& message)
{
    switch (message.client.lthread ()) {
    case Printer::thread:
        system_.printer.has_printed (message.words ().w0);
        system_.wake (system_.printer.writers);
        break;
    case AlarmClock::thread:
        clock_.has_rung ();
        at_time (rt::clock ());
        break;
    case keyboard_thread:
        type (system_, typed_keys (message.words ()).text ());
        return rt::Answer::words (0, 0);
    }
    return rt::Answer::nothing ();
}

rt::Answer Server::handle_process (Process& process, rt::Incoming const& message)
{
    rt::Words const words = message.words ();
    bool const in_first_thread = message.client == process.thread;
    if (words.w0 != trap_message || !in_first_thread)
        return handle_fault (process, { words.w0, words.w1 }, in_first_thread);
    switch (static_cast<TrapMessage> (words.w1)) {
    case TrapMessage::trap: return handle_trap (process);
    case TrapMessage::again: return answer_again (process);
    case TrapMessage::saved:
        process.has_floating_point = true;
        return process.state == Process::State::running
                   ? to_answer (answer_after_signals (system_, process, process.last_answer))
                   : rt::Answer::nothing ();
    }
    return rt::Answer::nothing ();
}

rt::Answer Server::handle_trap (Process& process)
{
    process.trap = process.call_page ();
    forget_pending (system_, process);
    process.has_floating_point = false;
    process.state = Process::State::running;
    if (process.trap.vector == vector_interrupted)
        return to_answer (answer_after_signals (system_, process, answer_plain));
    if (!is_system_call (process.trap))
        return raise (process, signal_of (process.trap.vector), {}, process.trap.eip);
    return to_answer (settle (process, perform (system_, process)));
}

/// It was interrupted on the way from or to the server. If it is owed an answer it waits on.
rt::Answer Server::answer_again (Process& process)
{
    if (process.state != Process::State::running)
        return rt::Answer::nothing ();
    process.has_floating_point = (process.last_answer & answer_with_floating_point) != 0;
    return to_answer (answer_after_signals (system_, process, process.last_answer));
}

rt::Answer Server::handle_fault (Process& process, l4::PageFaultMessage fault,
                                 bool in_first_thread)
{
    Address const page = layout::page_down (fault.address ());
    if (!fault.is_io () && page == layout::emulation_page && !fault.is_write ())
        return rt::Answer::mapping (page, l4::Fpage::memory (emulation_frame_, l4::page_bits,
                                                             l4::Access::read_only));
    if (!fault.is_io () && page == layout::call_page)
        return rt::Answer::mapping (page, l4::Fpage::memory (process.call_frame, l4::page_bits));
    if (!in_first_thread)               // one that the process made, or turned to its own use
        return raise (process, Signal::bad_system_call, {}, fault.instruction ());
    if (fault.is_io ())
        return raise (process, Signal::segmentation_fault, {}, fault.instruction ());
    Resolved const found
        = process.space.resolve (fault.address (), fault.is_write (), system_.frames);
    if (found.kind == Resolved::Kind::beyond_file)
        return raise (process, Signal::bus,
                      cause_of_fault (fault.address (), SignalInfo::no_object),
                      fault.instruction ());
    if (found.kind == Resolved::Kind::no_memory)
        return raise (process, Signal::kill, {}, fault.instruction ());
    if (found.kind != Resolved::Kind::mapped) {
        bool const is_mapped = !process.space.is_free (page, page + l4::page_size);
        std::int32_t const code = is_mapped ? SignalInfo::forbidden : SignalInfo::unmapped;
        return raise (process, Signal::segmentation_fault,
                      cause_of_fault (fault.address (), code), fault.instruction ());
    }
    auto const access = found.writable ? l4::Access::read_write : l4::Access::read_only;
    return rt::Answer::mapping (page, l4::Fpage::memory (found.frame, l4::page_bits, access));
}

/// What happens then is up to `settle_everything`, as with any other signal.
rt::Answer Server::raise (Process& process, Signal signal, Cause const& cause, Address instruction)
{
    raise_exception (system_, process, signal, cause);
    if (process.signals.deadly () == signal)
        rt::print ("unix: process ", process.pid, ": signal ", static_cast<Word> (signal), " at ",
                   rt::hex (instruction), "\n");
    return rt::Answer::nothing ();
}

std::optional<Word> Server::settle (Process& process, Outcome const& outcome)
{
    switch (outcome.kind) {
    case Outcome::Kind::ended: return std::nullopt;
    case Outcome::Kind::answer: return answer_after_signals (system_, process, outcome.flags);
    case Outcome::Kind::wait: break;
    }
    if (!interrupt_call (system_, process, outcome.on_signal))
        return std::nullopt;
    process.state = Process::State::running;
    return answer_after_signals (system_, process, answer_plain);
}

/// Whatever the last message has set going, until nothing moves any more.
void Server::settle_everything ()
{
    while (!system_.woken.empty () || !system_.signalled.empty ())
        if (!system_.signalled.empty ())
            tell_of_signals (system_.processes.at (system_.signalled.take_first ()));
        else
            go_on (system_.processes.at (system_.woken.take_first ()));
    end_with_first ();
    system_.printer.go_on ();
    if (watch_time_ == never) {
        watch_time_ = rt::clock () + watch_again;
        system_.at (watch_time_);
    }
    clock_.set (system_.next_time);
}

/// It has been woken, or it goes on after a stop.
void Server::go_on (Process& process)
{
    if (process.is_stopped)
        return;
    std::optional<Word> answer;
    if (process.state == Process::State::waiting)
        answer = settle (process, perform (system_, process));
    else if (process.state == Process::State::held)
        answer = answer_after_signals (system_, process, process.last_answer);
    if (answer)
        rt::send (process.thread, { *answer, 0 }, rt::reply_timeouts);
}

/// One that ends it needs its help as little as one that ends its call; for all others it must
/// come here.
void Server::tell_of_signals (Process& process)
{
    if (!process.is_alive ())
        return;
    Signals& signals = process.signals;
    if (signals.take_go_on ())
        continue_process (system_, process);
    Signal const deadly = signals.deadly ();
    if (deadly != Signal::none && (!process.is_stopped || deadly == Signal::kill)) {
        end_process (system_, process, ended_by (deadly));
        return;
    }
    if (process.is_stopped || signals.deliverable ().empty ())
        return;
    Word const place = system_.processes.place_of (process);
    if (process.state == Process::State::waiting)
        system_.woken.add (place);
    if (process.state != Process::State::running)
        return;
    rt::send (process.thread.with_lthread (interrupter), {}, rt::reply_timeouts);
    interrupted_.add (place);
    system_.at (rt::clock () + interrupt_again);
}

/// Deadlines, and those that have not come.
void Server::at_time (Time now)
{
    system_.next_time = never;
    system_.signalled.add (interrupted_.take_all ());
    system_.woken.add (system_.resumed.take_all ());
    system_.processes.for_each_alive ([&] (Process& process) {
        ring_alarm (process, now);
        Time const deadline = process.pending.deadline;
        if (process.state != Process::State::waiting || deadline == never)
            return;
        if (deadline <= now)
            system_.woken.add (system_.processes.place_of (process));
        else
            system_.at (deadline);
    });
    if (watch_time_ != never && watch_time_ <= now)
        watch ();
    if (watch_time_ != never)
        system_.at (watch_time_);
}

void Server::ring_alarm (Process& process, Time now)
{
    if (process.alarm != never && process.alarm <= now) {
        process.alarm = process.alarm_interval == 0 ? never : now + process.alarm_interval;
        send_signal (system_, process, Signal::alarm, {});
    }
    if (process.alarm != never)
        system_.at (process.alarm);
}

/// The kernel shuts a thread down that traps without a usable stack, or has taken away its table
/// of exceptions, and tells nobody; and one that sends to somebody else may wait there for ever.
/// So whoever computes is looked at now and then. It goes on while any does.
void Server::watch ()
{
    watch_time_ = never;
    system_.processes.for_each_alive ([&] (Process& process) {
        if (process.state != Process::State::running)
            return;
        watch_time_ = rt::clock () + watch_again;
        if (is_lost (process.thread))
            raise (process, Signal::segmentation_fault, {}, 0);
    });
}

/// The status of the first process is the server's; the tasks of all others end with it.
void Server::end_with_first ()
{
    Process const* const first = system_.processes.find_if (
        [] (Process const& process) { return process.pid == first_pid; });
    if (first != nullptr && !first->is_alive () && system_.printer.is_empty ())
        rt::exit (static_cast<int> (shell_status (first->status)));
}

}  // namespace unix_server
