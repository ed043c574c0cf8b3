// SPDX-License-Identifier: BSD-2-Clause
#include "terminal_device.hpp"

#include <algorithm>

#include "../process/groups.hpp"
#include "../signal/send.hpp"
#include "../trap/call.hpp"
#include "transfer.hpp"

namespace unix_server {

namespace {

constexpr Time tenth_of_second = 100'000;

/// The line discipline prints here.
struct Output {
    Printer& printer;

    void put (char c) { printer.put ({ &c, 1 }); }
};

// Who may use it.

bool is_controlling (Call const& call)
{
    return call.system.terminal.session != 0
           && call.system.terminal.session == call.process.session;
}

bool is_in_background (Call const& call)
{
    return is_controlling (call) && call.system.terminal.foreground != call.process.group;
}

bool would_ignore (Process const& process, Signal signal)
{
    return process.signals.blocked ().contains (signal)
           || process.signals.disposition (signal).handler == handler::ignore;
}

/// What a process in the background gets instead: EIO, or its group is sent `signal`, which stops
/// it, and the call is made again when it goes on.
Outcome stop_background (Call& call, Signal signal)
{
    if (is_orphaned (call.system.processes, call.process.group))
        return Errno::input_output;
    send_to_group (call.system, call.process.group, signal, {});
    return Outcome::wait ();
}

/// Whether a process in the background may change something. Not asked: it is not there.
bool may_not_change (Call const& call)
{
    return is_in_background (call) && !would_ignore (call.process, Signal::terminal_output);
}

// Reading.

/// Whether there is enough for a read of `size` bytes, or will not be more; otherwise the call
/// listens to whatever may change that.
bool is_ready (Call& call, Word size)
{
    Terminal& terminal = call.system.terminal;
    LineDiscipline const& line = terminal.line;
    call.listen (terminal.readers);
    if (line.edits_lines ())
        return line.is_readable ();
    Word const least = std::min<Word> (line.settings ().keys[terminal_key::least], size);
    Time const patience = line.settings ().keys[terminal_key::time] * tenth_of_second;
    if (line.is_readable (std::max<Word> (least, 1)))
        return true;
    if (patience == 0)
        return least == 0;
    // Between two keys, or if none is needed, from the call on.
    if (least != 0 && !line.is_readable (1))
        return false;
    Time const deadline
        = least == 0 ? call.deadline_after (patience) : terminal.last_key + patience;
    if (rt::clock () >= deadline)
        return true;
    call.listen_until (deadline);
    return false;
}

Outcome read (Call& call, OpenFile& file, Transfer& to)
{
    static constinit std::array<char, LineDiscipline::capacity> bytes {};
    if (is_in_background (call))
        return would_ignore (call.process, Signal::terminal_input)
                   ? Outcome { Errno::input_output }
                   : stop_background (call, Signal::terminal_input);
    if (to.rest () == 0)
        return ok;
    if (!is_ready (call, to.rest ()))
        return file.is_nonblocking () ? Outcome { Errno::again } : Outcome::wait ();
    Word const count = call.system.terminal.line.read (
        bytes.data (), std::min<Word> (to.rest (), bytes.size ()));
    return to.put (bytes.data (), count) == count ? Outcome { count } : Outcome { Errno::fault };
}

// Writing.

Outcome write (Call& call, OpenFile& file, Transfer& from)
{
    Terminal& terminal = call.system.terminal;
    Printer& printer = call.system.printer;
    if ((terminal.line.settings ().local & terminal_local::stop_background) != 0
        && may_not_change (call))
        return stop_background (call, Signal::terminal_output);
    while (from.rest () > 0) {
        if (terminal.line.is_stopped () || printer.room () < LineDiscipline::most_per_character) {
            if (!file.is_nonblocking ())
                return call.wait_for (printer.writers);
            return from.done () != 0 ? Outcome { from.done () } : Outcome { Errno::again };
        }
        char c = 0;
        if (from.take (&c, 1) == 0)
            return from.done () != 0 ? Outcome { from.done () } : Outcome { Errno::fault };
        terminal.line.write (c, Output { printer });
    }
    return from.done ();
}

// ioctl.

template <typename T>
Outcome tell (Call& call, Address to, T const& value)
{
    return call.write (to, value) ? Outcome { ok } : Outcome { Errno::fault };
}

Outcome set_settings (Call& call, Address from, bool when_written, bool flush)
{
    TerminalSettings wanted {};
    if (may_not_change (call))
        return stop_background (call, Signal::terminal_output);
    if (!call.read (wanted, from))
        return Errno::fault;
    if (when_written && !call.system.printer.is_empty ())
        return call.wait_for (call.system.printer.writers);
    LineDiscipline& line = call.system.terminal.line;
    if (flush)
        line.flush ();
    line.set_settings (wanted);
    call.system.wake (call.system.terminal.readers);
    return ok;
}

Outcome set_foreground (Call& call, Address from)
{
    Word group = 0;
    if (!is_controlling (call))
        return Errno::not_a_terminal;
    if (may_not_change (call))
        return stop_background (call, Signal::terminal_output);
    if (!call.read (group, from))
        return Errno::fault;
    if (static_cast<std::int32_t> (group) < 0)
        return Errno::invalid;
    Process const* const member = call.system.processes.find_if (
        [group] (Process const& each) { return each.group == group; });
    if (member == nullptr)
        return Errno::no_process;
    if (member->session != call.process.session)
        return Errno::not_permitted;
    call.system.terminal.foreground = group;
    return ok;
}

Outcome become_controlling (Call& call)
{
    Terminal& terminal = call.system.terminal;
    Process const& process = call.process;
    if (is_controlling (call) && process.session == process.pid)
        return ok;
    if (process.session != process.pid || terminal.session != 0)
        return Errno::not_permitted;
    terminal.session = process.session;
    terminal.foreground = process.group;
    return ok;
}

Outcome give_up_controlling (Call& call)
{
    if (!is_controlling (call))
        return Errno::not_a_terminal;
    if (call.process.session == call.process.pid)
        leave_terminal (call.system, call.process.pid);
    return ok;
}

Outcome set_window_size (Call& call, Address from)
{
    Terminal& terminal = call.system.terminal;
    WindowSize wanted {};
    if (!call.read (wanted, from))
        return Errno::fault;
    if (__builtin_memcmp (&wanted, &terminal.window, sizeof wanted) != 0)
        send_to_group (call.system, terminal.foreground, Signal::window, {});
    terminal.window = wanted;
    return ok;
}

/// What was typed, or written, is forgotten. What is being printed cannot be called back.
Outcome flush (Call& call, Word which)
{
    constexpr Word input = 0, output = 1, both = 2;
    if (which > both)
        return Errno::invalid;
    if (which == input || which == both)
        call.system.terminal.line.flush ();
    static_cast<void> (output);
    return ok;
}

Outcome drain (Call& call)
{
    Printer& printer = call.system.printer;
    return printer.is_empty () ? Outcome { ok } : call.wait_for (printer.writers);
}

Outcome control (Call& call, OpenFile&, Word request, Address argument)
{
    namespace which = terminal_request;
    Terminal& terminal = call.system.terminal;
    switch (request) {
    case which::get_settings: return tell (call, argument, terminal.line.settings ());
    case which::set_settings: return set_settings (call, argument, false, false);
    case which::set_settings_when_written: return set_settings (call, argument, true, false);
    case which::set_settings_and_flush: return set_settings (call, argument, true, true);
    case which::send_break: return drain (call);
    case which::flow: return ok;
    case which::flush: return flush (call, argument);
    case which::become_controlling: return become_controlling (call);
    case which::give_up_controlling: return give_up_controlling (call);
    case which::get_foreground:
        return is_controlling (call) ? tell (call, argument, terminal.foreground)
                                     : Outcome { Errno::not_a_terminal };
    case which::set_foreground: return set_foreground (call, argument);
    case which::get_session:
        return is_controlling (call) ? tell (call, argument, terminal.session)
                                     : Outcome { Errno::not_a_terminal };
    case which::unread_output: return tell (call, argument, call.system.printer.waiting ());
    case which::readable_bytes: return tell (call, argument, terminal.line.readable ());
    case which::get_window_size: return tell (call, argument, terminal.window);
    case which::set_window_size: return set_window_size (call, argument);
    }
    return Errno::not_a_terminal;
}

Word poll (Call& call, OpenFile&)
{
    LineDiscipline const& line = call.system.terminal.line;
    Printer& printer = call.system.printer;
    call.listen (call.system.terminal.readers);
    call.listen (printer.writers);
    bool const counts = !line.edits_lines () && line.settings ().keys[terminal_key::time] == 0;
    Word const least
        = counts ? std::max<Word> (line.settings ().keys[terminal_key::least], 1) : 1;
    bool const is_writable
        = !line.is_stopped () && printer.room () >= LineDiscipline::most_per_character;
    return (line.is_readable (least) ? ready::input : 0) | (is_writable ? ready::output : 0);
}

void close (System&, OpenFile&) {}

}  // namespace

constinit FileOperations const terminal_operations {
    .read = read, .write = write, .control = control, .poll = poll, .close = close,
    .is_seekable = false,
};

void open_terminal (System& system, Word session)
{
    system.terminal.line.set_settings (usual_settings);
    system.terminal.window = { 25, 80, 0, 0 };
    system.terminal.session = system.terminal.foreground = session;
}

void type (System& system, std::string_view keys)
{
    Terminal& terminal = system.terminal;
    for (char const key : keys) {
        bool const was_stopped = terminal.line.is_stopped ();
        Signal const signal = terminal.line.type (key, Output { system.printer });
        if (signal != Signal::none)
            send_to_group (system, terminal.foreground, signal, {});
        if (was_stopped && !terminal.line.is_stopped ())
            system.wake (system.printer.writers);
    }
    terminal.last_key = rt::clock ();
    system.wake (terminal.readers);
}

void leave_terminal (System& system, Word pid)
{
    Terminal& terminal = system.terminal;
    if (terminal.session == 0 || terminal.session != pid)
        return;
    send_to_group (system, terminal.foreground, Signal::hangup, {});
    send_to_group (system, terminal.foreground, Signal::go_on, {});
    terminal.session = terminal.foreground = 0;
}

}  // namespace unix_server
