// SPDX-License-Identifier: BSD-2-Clause
/// @file  Requests to the root task's service thread (root.1). Two words each way.
///
/// | operation | w1            | answer                                                   |
/// |-----------|---------------|----------------------------------------------------------|
/// | start     | -             | w0 = task number, or 0 and w1 = StartError               |
/// | wait      | task number   | when it has ended: w0 = status; w0 = no_such_program     |
/// | exit      | status        | none: the caller's task ends                             |
/// | kill      | task number   | w0 = 0: it has ended; w0 = no_such_program               |
///
/// start reads "name arguments" from the caller's info page: `request`, `request_length`.
/// wait and kill are for whoever started the program. A client may give up waiting by a timeout
/// and ask again later: the status is kept.
#pragma once

#include <l4/ipc.hpp>
#include <runtime/info_page.hpp>
#include <runtime/service.hpp>

namespace root {

using l4::Word;
using Operation = rt::RootOperation;

/// Why a program was not started.
enum class StartError : Word {
    none = 0,
    not_found,          ///< no module of this name
    not_a_program,      ///< not an ELF file for this machine, or damaged
    outside_layout,     ///< linked where no program may be
    no_memory,
    no_task,            ///< no task number left, or the kernel refused to create it
    bad_request,
};

/// Status of a program that was ended for a fault, and of one that was killed.
constexpr Word status_fault = 139;
constexpr Word status_killed = 130;
/// Answer to wait for something that is not running and not ended.
constexpr Word no_such_program = ~Word { 0 };

struct StartResult {
    Word task;
    StartError error;
};

/// Start the program that `command_line` names. It runs at once.
inline StartResult start (std::string_view command_line)
{
    rt::InfoPage& page = rt::info_page ();
    if (command_line.size () > rt::InfoPage::text_capacity)
        return { 0, StartError::bad_request };
    command_line.copy (page.request, rt::InfoPage::text_capacity);
    page.request_length = static_cast<Word> (command_line.size ());
    rt::IpcResult const answer
        = rt::call (page.root_service, { static_cast<Word> (Operation::start), 0 });
    if (!answer.dope.ok ())
        return { 0, StartError::bad_request };
    return { answer.w0, static_cast<StartError> (answer.w1) };
}

struct WaitResult {
    bool ended;             ///< false: it still runs
    Word status;
};

/// Wait for the end of a program that the caller started, but not longer than `patience`.
inline WaitResult wait (Word task, l4::Timeout patience)
{
    rt::IpcResult const answer
        = rt::call (rt::info_page ().root_service, { static_cast<Word> (Operation::wait), task },
                    { l4::Timeout::never (), patience });
    if (answer.dope.error () == static_cast<Word> (l4::IpcError::receive_timeout))
        return { false, 0 };
    return { true, answer.dope.ok () ? answer.w0 : no_such_program };
}

/// Wait for the end of a program that the caller started. @return its status
inline Word wait (Word task) { return wait (task, l4::Timeout::never ()).status; }

/// End a program that the caller started. Its status is `status_killed` then.
inline void kill (Word task)
{
    rt::call (rt::info_page ().root_service, { static_cast<Word> (Operation::kill), task });
}

}  // namespace root
