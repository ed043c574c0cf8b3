// SPDX-License-Identifier: BSD-2-Clause
/// @file  Every command ends in a line `[status N]`, so that a program at the other end of the
///        serial line knows that it is over, and how it went.
#include "shell.hpp"

#include <root/protocol.hpp>
#include <runtime/print.hpp>

#include "info.hpp"
#include "keyboard.hpp"
#include "machine.hpp"
#include "processes.hpp"
#include "terminal.hpp"

namespace console {

namespace {

using l4::Word;

constexpr Word status_ok = 0;
constexpr Word status_failed = 1;
constexpr Word status_usage = 2;
constexpr Word status_lost = 125;           ///< the program's status is not known
constexpr Word status_not_started = 126;
constexpr Word status_unknown_command = 127;

void print_status (Word status)
{
    begin_line ();
    rt::print ("[status ", status, "]\n");
}

std::string_view text (root::StartError error)
{
    using root::StartError;
    switch (error) {
    case StartError::none: break;
    case StartError::not_found: return "not in the boot bundle";
    case StartError::not_a_program: return "not a program for this machine, or damaged";
    case StartError::outside_layout: return "linked where no program may be";
    case StartError::no_memory: return "not enough memory";
    case StartError::no_task: return "no task for it";
    case StartError::bad_request: return "the request was refused";
    case StartError::not_trusted: return "l4env programs need the boot option profile=l4env";
    }
    return "unknown reason";
}

/// Start a program of the bundle. @return its task number; 0: it says why not
Word start_program (std::string_view name, std::string_view arguments, Word flags)
{
    constexpr std::size_t capacity = rt::InfoPage::text_capacity;
    char line[capacity + 1];
    std::size_t length = name.copy (line, capacity);
    line[length++] = ' ';
    length += arguments.copy (line + length, sizeof line - length);

    root::StartResult const started = root::start ({ line, length }, flags);
    if (started.task == 0)
        rt::print (name, ": cannot be started: ", text (started.error), "\n");
    return started.task;
}

/// Run a program of the bundle to its end. @return its status
Word run_program (std::string_view name, std::string_view arguments, Word profile = 0)
{
    prepare_foreground ();
    Word const task = start_program (name, arguments, root::start_attached | profile);
    begin_foreground (task);
    if (task == 0)
        return status_not_started;
    root::WaitResult result { false, 0 };
    while (!result.ended) {
        constexpr l4::Timeout look_at_keys = l4::Timeout::at_least (50'000);
        result = root::wait (task, look_at_keys);
        if (!result.ended && end_is_typed ()) {
            rt::print ("^C\n");
            root::kill (task);
        }
    }
    end_foreground ();
    return result.status == root::no_such_program ? status_lost : result.status;
}

Word help ()
{
    rt::print ("help            this list\n"
               "info            processor, kernel, memory, time\n"
               "bench ipc ...   measure IPC: --format text|csv, --batches N\n"
               "test [pattern]  run the conformance suite, or the cases that match\n"
               "unix            a Linux shell, by the Unix server\n"
               "unix -c '...'   run a Linux program by it\n"
               "disk [...]      drives and partitions; read UNIT SECTOR, sum UNIT\n"
               "date [...]      the wall clock; set YYYY-MM-DD HH:MM:SS, wait SECONDS\n"
               "net [...]       the network card; show [N], ask A.B.C.D\n"
               "drivers         the drivers that were needed, and how often they came back\n"
               "run [strict|l4env] NAME ...\n"
               "                run a program of the bundle with these arguments\n"
               "start [strict|l4env] NAME ...\n"
               "                the same in the background\n"
               "ps              the programs that run: tasks, threads, priority, memory\n"
               "mem             what the memory is used for\n"
               "kill NAME       end a program\n"
               "restart NAME    end a program and start it again\n"
               "reboot          restart the machine\n"
               "halt            end the session\n"
               "^C ends a running program, ^] k also one that reads keys itself.\n");
    return status_ok;
}

[[noreturn]] void halt ()
{
    print_status (status_ok);
    drain_terminal ();
    leave_emulator ();
    rt::print ("It is safe to switch off now.\n");
    rt::sleep_forever ();
}

/// The status line comes first: nothing can be printed when it works.
Word reboot ()
{
    print_status (status_ok);
    drain_terminal ();
    reset_machine ();
    rt::print ("The machine does not react.\n");
    return status_failed;
}

/// Most cases are about what strict tasks see, whatever the root task is.
Word test (std::string_view arguments)
{
    return run_program ("conformance", arguments, root::start_strict);
}

/// Programs by name: run and start, with a profile if need be, and arguments.
Word launch (Command const& command)
{
    WordAndRest line = split (command.arguments);
    Word profile = 0;
    if (line.word == "strict" || line.word == "l4env") {
        profile = line.word == "strict" ? root::start_strict : root::start_l4env;
        line = split (line.rest);
    }
    if (line.word.empty ()) {
        rt::print ("usage: ", command.word, " [strict|l4env] NAME [arguments]\n");
        return status_usage;
    }
    if (command.kind == CommandKind::run)
        return run_program (line.word, line.rest, profile);
    return start_program (line.word, line.rest, root::start_detached | profile) == 0
               ? status_not_started
               : status_ok;
}

Word perform (Command const& command)
{
    if (command.kind != CommandKind::unknown && !takes_arguments (command.kind)
        && !command.arguments.empty ()) {
        rt::print (command.word, " takes no arguments\n");
        return status_usage;
    }
    switch (command.kind) {
    case CommandKind::empty: return status_ok;
    case CommandKind::help: return help ();
    case CommandKind::info: print_info (); return status_ok;
    case CommandKind::bench: return run_program ("bench", command.arguments);
    case CommandKind::test: return test (command.arguments);
    case CommandKind::unix:
        return run_program ("unix", command.arguments, root::start_strict);
    case CommandKind::disk: return run_program ("disk_tool", command.arguments);
    case CommandKind::date: return run_program ("date_tool", command.arguments);
    case CommandKind::net: return run_program ("net_tool", command.arguments);
    case CommandKind::drivers: return run_program ("supervisor", "list");
    case CommandKind::run:
    case CommandKind::start: return launch (command);
    case CommandKind::ps: print_programs (); return status_ok;
    case CommandKind::mem: print_memory_use (); return status_ok;
    case CommandKind::kill:
    case CommandKind::restart: return control_program (command) ? status_ok : status_failed;
    case CommandKind::reboot: return reboot ();
    case CommandKind::halt: halt ();
    case CommandKind::unknown: break;
    }
    rt::print (command.word, ": unknown command; try help\n");
    return status_unknown_command;
}

}  // namespace

void run_command (Command const& command)
{
    if (command.kind != CommandKind::empty)
        print_status (perform (command));
}

}  // namespace console
