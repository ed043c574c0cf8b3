// SPDX-License-Identifier: BSD-2-Clause
#include "system_calls.hpp"

#include <utility>

#include <runtime/print.hpp>

#include "../io/file_calls.hpp"
#include "../process/memory_calls.hpp"
#include "../process/process_calls.hpp"
#include "../process/time_calls.hpp"
#include "../signal/signal_calls.hpp"

namespace unix_server {

namespace {

using Function = Outcome (*) (Call&);

/// Up to six arguments are in registers.
Word argument (CallPage const& trap, std::size_t number)
{
    Word const arguments[] = { trap.ebx, trap.ecx, trap.edx, trap.esi, trap.edi, trap.ebp };
    return arguments[number];
}

template <auto function, typename Type>
struct Adapter;

template <auto function, typename Returned, typename... Arguments>
struct Adapter<function, Returned (*) (Call&, Arguments...)> {
    static_assert (sizeof...(Arguments) <= 6);

    template <std::size_t... I>
    static Outcome pass (Call& call, std::index_sequence<I...>)
    {
        return function (call, argument (call.process.trap, I)...);
    }
    static Outcome perform (Call& call)
    {
        return pass (call, std::index_sequence_for<Arguments...> {});
    }
};

struct Entry {
    SystemCall number;
    Function function;
};

template <auto function>
constexpr Entry entry (SystemCall number)
{
    return { number, Adapter<function, decltype (function)>::perform };
}

constexpr Entry entries[] = {
    entry<calls::exit> (SystemCall::exit),
    entry<calls::fork> (SystemCall::fork),
    entry<calls::write> (SystemCall::write),
    entry<calls::waitpid> (SystemCall::waitpid),
    entry<calls::execve> (SystemCall::execve),
    entry<calls::getpid> (SystemCall::getpid),
    entry<calls::get_root> (SystemCall::getuid),
    entry<calls::brk> (SystemCall::brk),
    entry<calls::get_root> (SystemCall::getgid),
    entry<calls::get_root> (SystemCall::geteuid),
    entry<calls::get_root> (SystemCall::getegid),
    entry<calls::getppid> (SystemCall::getppid),
    entry<calls::munmap> (SystemCall::munmap),
    entry<calls::wait4> (SystemCall::wait4),
    entry<calls::uname> (SystemCall::uname),
    entry<calls::mprotect> (SystemCall::mprotect),
    entry<calls::writev> (SystemCall::writev),
    entry<calls::fork> (SystemCall::vfork),
    entry<calls::mmap2> (SystemCall::mmap2),
    entry<calls::get_root> (SystemCall::getuid32),
    entry<calls::get_root> (SystemCall::getgid32),
    entry<calls::get_root> (SystemCall::geteuid32),
    entry<calls::get_root> (SystemCall::getegid32),
    entry<calls::getpid> (SystemCall::gettid),
    entry<calls::set_thread_area> (SystemCall::set_thread_area),
    entry<calls::exit> (SystemCall::exit_group),
    entry<calls::getpid> (SystemCall::set_tid_address),
    entry<calls::pause> (SystemCall::pause),
    entry<calls::kill> (SystemCall::kill),
    entry<calls::sigaction> (SystemCall::sigaction),
    entry<calls::sigsuspend> (SystemCall::sigsuspend),
    entry<calls::sigpending> (SystemCall::sigpending),
    entry<calls::sigreturn> (SystemCall::sigreturn),
    entry<calls::sigprocmask> (SystemCall::sigprocmask),
    entry<calls::rt_sigreturn> (SystemCall::rt_sigreturn),
    entry<calls::rt_sigaction> (SystemCall::rt_sigaction),
    entry<calls::rt_sigprocmask> (SystemCall::rt_sigprocmask),
    entry<calls::rt_sigpending> (SystemCall::rt_sigpending),
    entry<calls::rt_sigsuspend> (SystemCall::rt_sigsuspend),
    entry<calls::sigaltstack> (SystemCall::sigaltstack),
    entry<calls::tkill> (SystemCall::tkill),
    entry<calls::tgkill> (SystemCall::tgkill),
    entry<calls::time> (SystemCall::time),
    entry<calls::alarm> (SystemCall::alarm),
    entry<calls::times> (SystemCall::times),
    entry<calls::getrusage> (SystemCall::getrusage),
    entry<calls::gettimeofday> (SystemCall::gettimeofday),
    entry<calls::setitimer> (SystemCall::setitimer),
    entry<calls::getitimer> (SystemCall::getitimer),
    entry<calls::sched_yield> (SystemCall::sched_yield),
    entry<calls::nanosleep> (SystemCall::nanosleep),
    entry<calls::clock_gettime> (SystemCall::clock_gettime),
    entry<calls::clock_getres> (SystemCall::clock_getres),
    entry<calls::clock_nanosleep> (SystemCall::clock_nanosleep),
    entry<calls::clock_gettime64> (SystemCall::clock_gettime64),
    entry<calls::clock_getres64> (SystemCall::clock_getres64),
    entry<calls::clock_nanosleep64> (SystemCall::clock_nanosleep64),
};

constexpr Word most_calls = 512;

/// By number; what is not there is nullptr.
struct Table {
    Function functions[most_calls] {};

    consteval Table ()
    {
        for (Entry const& each : entries)
            functions[static_cast<Word> (each.number)] = each.function;
    }
};

constexpr Table table;

Outcome unknown (Call& call)
{
    rt::print ("unix: process ", call.process.pid, ": unknown system call ",
               call.process.trap.eax, " at ", rt::hex (call.process.trap.eip), "\n");
    return Errno::no_system_call;
}

}  // namespace

Outcome perform (System& system, Process& process)
{
    Word const number = process.trap.eax;
    Function const found = number < most_calls ? table.functions[number] : nullptr;
    Call call { system, process };
    Outcome const outcome = found != nullptr ? found (call) : unknown (call);
    if (outcome.kind == Outcome::Kind::wait) {
        process.state = Process::State::waiting;
        process.pending.is_tried = true;
    }
    if (outcome.kind != Outcome::Kind::answer)
        return outcome;
    process.state = Process::State::running;
    if (outcome.has_result) {
        process.call_page ().eax = outcome.result.raw ();
        process.call_page ().eip = process.trap.eip + int_instruction_size;
    }
    return outcome;
}

}  // namespace unix_server
