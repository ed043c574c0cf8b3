// SPDX-License-Identifier: BSD-2-Clause
/// @file  The table of system calls: what the processes ask for, and what they get.
///
/// A call that has to wait is tried again, from its registers, whenever something has happened
/// that it may have waited for.
#pragma once

#include "../abi/system_call.hpp"
#include "../process/program.hpp"

namespace unix_server {

/// What the server owns.
struct System {
    Frames frames {};
    Processes processes {};
    Archive root {};
    StringList path {};             ///< of the execve that is being carried out
    Arguments arguments {};         ///< its strings
};

/// How the server goes on after a call.
struct Outcome {
    enum class Kind { answer, wait, ended };
    Kind kind;
    Word flags { 0 };               ///< answer_plain, answer_with_segments
};

class SystemCalls {
public:
    constexpr explicit SystemCalls (System& system) : system_ { system } {}

    /// Carry out the call in `process.trap`; its result goes into the call page.
    [[nodiscard]] Outcome perform (Process& process);

    /// The process ends, and whoever waits for it is answered.
    void end (Process& process, Word status);

    /// Make the first process. @return false: it says why not
    [[nodiscard]] bool start_first (std::string_view path, Arguments const& arguments);

private:
    using Kind = Outcome::Kind;

    [[nodiscard]] Outcome answer (Process& process, Result result, Word flags = answer_plain);

    [[nodiscard]] Outcome execve (Process& process);
    [[nodiscard]] Outcome wait (Process& process, Word pid, Address status, Word options);
    [[nodiscard]] Result fork (Process& process);
    [[nodiscard]] Result brk (Process& process, Address end);
    [[nodiscard]] Result mmap2 (Process& process);
    [[nodiscard]] Result munmap (Process& process, Address begin, Word size);
    [[nodiscard]] Result mprotect (Process& process, Address begin, Word size, Word protection);
    [[nodiscard]] Result write (Process& process, Word file, Address from, Word size);
    [[nodiscard]] Result writev (Process& process, Word file, Address vectors, Word count);
    [[nodiscard]] Result uname (Process& process, Address to);
    [[nodiscard]] Outcome set_thread_area (Process& process, Address user);
    [[nodiscard]] Result unknown (Process& process);
    [[nodiscard]] bool read_strings (Process& process, Address vector, StringList& list);
    [[nodiscard]] Result read_path (Process& process, Address from);

    System& system_;
};

}  // namespace unix_server
