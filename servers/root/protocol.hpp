// SPDX-License-Identifier: BSD-2-Clause
/// @file  Requests to the root task's service thread (root.1). Two words each way.
///
/// | operation | w1            | answer                                                   |
/// |-----------|---------------|----------------------------------------------------------|
/// | start     | -             | w0 = task number, or 0 and w1 = StartError               |
/// | wait      | task number   | when it has ended: w0 = status; w0 = no_such_program     |
/// | exit      | status        | none: the caller's task ends                             |
///
/// start reads "name arguments" from the caller's info page: `request`, `request_length`.
#pragma once

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

/// Status of a program that was ended for a fault.
constexpr Word status_fault = 139;
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

/// Wait for the end of a program that the caller started. @return its status
inline Word wait (Word task)
{
    rt::IpcResult const answer
        = rt::call (rt::info_page ().root_service, { static_cast<Word> (Operation::wait), task });
    return answer.dope.ok () ? answer.w0 : no_such_program;
}

}  // namespace root
