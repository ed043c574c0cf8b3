// SPDX-License-Identifier: BSD-2-Clause
#include "system_calls.hpp"

#include <utility>

#include <runtime/print.hpp>

#include "../fs/name_calls.hpp"
#include "../fs/stat_calls.hpp"
#include "../io/file_calls.hpp"
#include "../io/poll_calls.hpp"
#include "../process/attribute_calls.hpp"
#include "../process/group_calls.hpp"
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
    entry<calls::read> (SystemCall::read),
    entry<calls::write> (SystemCall::write),
    entry<calls::open> (SystemCall::open),
    entry<calls::close> (SystemCall::close),
    entry<calls::waitpid> (SystemCall::waitpid),
    entry<calls::creat> (SystemCall::creat),
    entry<calls::link> (SystemCall::link),
    entry<calls::unlink> (SystemCall::unlink),
    entry<calls::execve> (SystemCall::execve),
    entry<calls::chdir> (SystemCall::chdir),
    entry<calls::time> (SystemCall::time),
    entry<calls::mknod> (SystemCall::mknod),
    entry<calls::chmod> (SystemCall::chmod),
    entry<calls::lseek> (SystemCall::lseek),
    entry<calls::getpid> (SystemCall::getpid),
    entry<calls::become> (SystemCall::setuid),
    entry<calls::get_root> (SystemCall::getuid),
    entry<calls::alarm> (SystemCall::alarm),
    entry<calls::pause> (SystemCall::pause),
    entry<calls::utime> (SystemCall::utime),
    entry<calls::access> (SystemCall::access),
    entry<calls::sync> (SystemCall::sync),
    entry<calls::kill> (SystemCall::kill),
    entry<calls::rename> (SystemCall::rename),
    entry<calls::mkdir> (SystemCall::mkdir),
    entry<calls::rmdir> (SystemCall::rmdir),
    entry<calls::dup> (SystemCall::dup),
    entry<calls::pipe> (SystemCall::pipe),
    entry<calls::times> (SystemCall::times),
    entry<calls::brk> (SystemCall::brk),
    entry<calls::become> (SystemCall::setgid),
    entry<calls::get_root> (SystemCall::getgid),
    entry<calls::get_root> (SystemCall::geteuid),
    entry<calls::get_root> (SystemCall::getegid),
    entry<calls::ioctl> (SystemCall::ioctl),
    entry<calls::fcntl> (SystemCall::fcntl),
    entry<calls::setpgid> (SystemCall::setpgid),
    entry<calls::umask> (SystemCall::umask),
    entry<calls::dup2> (SystemCall::dup2),
    entry<calls::getppid> (SystemCall::getppid),
    entry<calls::getpgrp> (SystemCall::getpgrp),
    entry<calls::setsid> (SystemCall::setsid),
    entry<calls::sigaction> (SystemCall::sigaction),
    entry<calls::become_two> (SystemCall::setreuid),
    entry<calls::become_two> (SystemCall::setregid),
    entry<calls::sigsuspend> (SystemCall::sigsuspend),
    entry<calls::sigpending> (SystemCall::sigpending),
    entry<calls::setrlimit> (SystemCall::setrlimit),
    entry<calls::getrlimit> (SystemCall::getrlimit),
    entry<calls::getrusage> (SystemCall::getrusage),
    entry<calls::gettimeofday> (SystemCall::gettimeofday),
    entry<calls::getgroups> (SystemCall::getgroups),
    entry<calls::setgroups> (SystemCall::setgroups),
    entry<calls::old_select> (SystemCall::old_select),
    entry<calls::symlink> (SystemCall::symlink),
    entry<calls::readlink> (SystemCall::readlink),
    entry<calls::munmap> (SystemCall::munmap),
    entry<calls::truncate> (SystemCall::truncate),
    entry<calls::ftruncate> (SystemCall::ftruncate),
    entry<calls::fchmod> (SystemCall::fchmod),
    entry<calls::getpriority> (SystemCall::getpriority),
    entry<calls::setpriority> (SystemCall::setpriority),
    entry<calls::statfs> (SystemCall::statfs),
    entry<calls::fstatfs> (SystemCall::fstatfs),
    entry<calls::setitimer> (SystemCall::setitimer),
    entry<calls::getitimer> (SystemCall::getitimer),
    entry<calls::stat> (SystemCall::stat),
    entry<calls::lstat> (SystemCall::lstat),
    entry<calls::fstat> (SystemCall::fstat),
    entry<calls::wait4> (SystemCall::wait4),
    entry<calls::fsync> (SystemCall::fsync),
    entry<calls::sigreturn> (SystemCall::sigreturn),
    entry<calls::clone> (SystemCall::clone),
    entry<calls::uname> (SystemCall::uname),
    entry<calls::mprotect> (SystemCall::mprotect),
    entry<calls::sigprocmask> (SystemCall::sigprocmask),
    entry<calls::getpgid> (SystemCall::getpgid),
    entry<calls::fchdir> (SystemCall::fchdir),
    entry<calls::llseek> (SystemCall::llseek),
    entry<calls::getdents> (SystemCall::getdents),
    entry<calls::select> (SystemCall::select),
    entry<calls::readv> (SystemCall::readv),
    entry<calls::writev> (SystemCall::writev),
    entry<calls::getsid> (SystemCall::getsid),
    entry<calls::fsync> (SystemCall::fdatasync),
    entry<calls::sched_yield> (SystemCall::sched_yield),
    entry<calls::nanosleep> (SystemCall::nanosleep),
    entry<calls::become_three> (SystemCall::setresuid),
    entry<calls::tell_three> (SystemCall::getresuid),
    entry<calls::poll> (SystemCall::poll),
    entry<calls::become_three> (SystemCall::setresgid),
    entry<calls::tell_three> (SystemCall::getresgid),
    entry<calls::prctl> (SystemCall::prctl),
    entry<calls::rt_sigreturn> (SystemCall::rt_sigreturn),
    entry<calls::rt_sigaction> (SystemCall::rt_sigaction),
    entry<calls::rt_sigprocmask> (SystemCall::rt_sigprocmask),
    entry<calls::rt_sigpending> (SystemCall::rt_sigpending),
    entry<calls::rt_sigsuspend> (SystemCall::rt_sigsuspend),
    entry<calls::pread64> (SystemCall::pread64),
    entry<calls::pwrite64> (SystemCall::pwrite64),
    entry<calls::getcwd> (SystemCall::getcwd),
    entry<calls::sigaltstack> (SystemCall::sigaltstack),
    entry<calls::sendfile> (SystemCall::sendfile),
    entry<calls::vfork> (SystemCall::vfork),
    entry<calls::getrlimit> (SystemCall::ugetrlimit),
    entry<calls::mmap2> (SystemCall::mmap2),
    entry<calls::truncate64> (SystemCall::truncate64),
    entry<calls::ftruncate64> (SystemCall::ftruncate64),
    entry<calls::stat64> (SystemCall::stat64),
    entry<calls::lstat64> (SystemCall::lstat64),
    entry<calls::fstat64> (SystemCall::fstat64),
    entry<calls::lchown32> (SystemCall::lchown32),
    entry<calls::get_root> (SystemCall::getuid32),
    entry<calls::get_root> (SystemCall::getgid32),
    entry<calls::get_root> (SystemCall::geteuid32),
    entry<calls::get_root> (SystemCall::getegid32),
    entry<calls::become_two> (SystemCall::setreuid32),
    entry<calls::become_two> (SystemCall::setregid32),
    entry<calls::getgroups> (SystemCall::getgroups32),
    entry<calls::setgroups> (SystemCall::setgroups32),
    entry<calls::fchown32> (SystemCall::fchown32),
    entry<calls::become_three> (SystemCall::setresuid32),
    entry<calls::tell_three> (SystemCall::getresuid32),
    entry<calls::become_three> (SystemCall::setresgid32),
    entry<calls::tell_three> (SystemCall::getresgid32),
    entry<calls::chown32> (SystemCall::chown32),
    entry<calls::become> (SystemCall::setuid32),
    entry<calls::become> (SystemCall::setgid32),
    entry<calls::getdents64> (SystemCall::getdents64),
    entry<calls::fcntl> (SystemCall::fcntl64),
    entry<calls::getpid> (SystemCall::gettid),
    entry<calls::tkill> (SystemCall::tkill),
    entry<calls::sendfile64> (SystemCall::sendfile64),
    entry<calls::set_thread_area> (SystemCall::set_thread_area),
    entry<calls::exit> (SystemCall::exit_group),
    entry<calls::getpid> (SystemCall::set_tid_address),
    entry<calls::clock_gettime> (SystemCall::clock_gettime),
    entry<calls::clock_getres> (SystemCall::clock_getres),
    entry<calls::clock_nanosleep> (SystemCall::clock_nanosleep),
    entry<calls::statfs64> (SystemCall::statfs64),
    entry<calls::fstatfs64> (SystemCall::fstatfs64),
    entry<calls::tgkill> (SystemCall::tgkill),
    entry<calls::utimes> (SystemCall::utimes),
    entry<calls::openat> (SystemCall::openat),
    entry<calls::mkdirat> (SystemCall::mkdirat),
    entry<calls::mknodat> (SystemCall::mknodat),
    entry<calls::fchownat> (SystemCall::fchownat),
    entry<calls::fstatat64> (SystemCall::fstatat64),
    entry<calls::unlinkat> (SystemCall::unlinkat),
    entry<calls::renameat> (SystemCall::renameat),
    entry<calls::linkat> (SystemCall::linkat),
    entry<calls::symlinkat> (SystemCall::symlinkat),
    entry<calls::readlinkat> (SystemCall::readlinkat),
    entry<calls::fchmodat> (SystemCall::fchmodat),
    entry<calls::faccessat> (SystemCall::faccessat),
    entry<calls::pselect6> (SystemCall::pselect6),
    entry<calls::ppoll> (SystemCall::ppoll),
    entry<calls::set_robust_list> (SystemCall::set_robust_list),
    entry<calls::utimensat> (SystemCall::utimensat),
    entry<calls::dup3> (SystemCall::dup3),
    entry<calls::pipe2> (SystemCall::pipe2),
    entry<calls::prlimit64> (SystemCall::prlimit64),
    entry<calls::renameat2> (SystemCall::renameat2),
    entry<calls::getrandom> (SystemCall::getrandom),
    entry<calls::statx> (SystemCall::statx),
    entry<calls::clock_gettime64> (SystemCall::clock_gettime64),
    entry<calls::clock_getres64> (SystemCall::clock_getres64),
    entry<calls::clock_nanosleep64> (SystemCall::clock_nanosleep64),
    entry<calls::utimensat_time64> (SystemCall::utimensat_time64),
    entry<calls::faccessat2> (SystemCall::faccessat2),
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
