// SPDX-License-Identifier: BSD-2-Clause
/// @file  Requests to the root task's service thread (root.1).
///
/// Register requests (w0, w1; runtime/service.hpp has the numbers):
///
/// | operation | w1            | answer                                                   |
/// |-----------|---------------|----------------------------------------------------------|
/// | start     | StartFlags    | w0 = task number, or 0 and w1 = StartError               |
/// | wait      | task number   | when it has ended: w0 = status; w0 = no_such_program     |
/// | exit      | status        | none: the caller's task ends                             |
/// | kill      | task number   | w0 = 0: it has ended; w0 = no_such_program               |
///
/// start reads "name arguments" from the caller's info page: `request`, `request_length`.
/// wait and kill are for whoever started the program. A client may give up waiting by a timeout
/// and ask again later: the status is kept. When a program ends, those that it has started and
/// not detached end, too.
///
/// All others are typed messages (runtime/message.hpp), or answered by a mapping.
#pragma once

#include <l4/ipc.hpp>
#include <runtime/info_page.hpp>
#include <runtime/message.hpp>
#include <runtime/service.hpp>

namespace root {

using l4::Address;
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
    not_trusted,        ///< a strict root task cannot start l4env programs
};

enum StartFlags : Word {
    start_attached = 0,
    start_detached = 1,         ///< nobody will wait: the root task reports its end
    start_strict = 0x100,       ///< bits 9..8 as in task_new; neither: the root task's profile
    start_l4env = 0x200,
};

constexpr Word start_profile_mask = 0x300;

/// Status of a program that was ended for a fault, and of one that was killed.
constexpr Word status_fault = 139;
constexpr Word status_killed = 130;
/// Answer to wait for something that is not running and not ended.
constexpr Word no_such_program = ~Word { 0 };

struct StartResult {
    Word task;
    StartError error;
};

/// Program `index` of those that run now; the answer not_found ends the list.
struct Describe {
    static constexpr Word operation = 5;
    struct Answer {
        rt::Name name;
        l4::ThreadId id;
        Word memory;            ///< KB in use
        Word memory_limit;      ///< KB
        Word first_task;        ///< task numbers handed over
        Word task_count;
        Word parent;            ///< task number of who started it
    };
    Word index;
};

/// Memory of the machine as the root task sees it, in KB.
struct DescribeMemory {
    static constexpr Word operation = 6;
    struct Answer {
        Word free;              ///< came back and waits for the next use
        Word programs;          ///< in use by programs
        Word modules;           ///< the bundle
    };
};

/// From now on the sending thread is found under this name: the program's own, or one that the
/// policy allows.
struct BindName {
    static constexpr Word operation = 7;
    using Answer = rt::Nothing;
    rt::Name name;
};

struct FindName {
    static constexpr Word operation = 8;
    using Answer = l4::ThreadId;
    rt::Name name;
};

/// End the program with this name, with its status `status_killed`, and perhaps start it again
/// with the same arguments. For programs with `control`, and for whoever started it.
struct KillByName {
    static constexpr Word operation = 9;
    using Answer = rt::Nothing;
    rt::Name name;
};
struct RestartByName {
    static constexpr Word operation = 10;
    using Answer = Word;        ///< its new task number
    rt::Name name;
};

/// The name of the program that a task belongs to, also if a program has created the task.
struct NameOfTask {
    static constexpr Word operation = 11;
    using Answer = rt::Name;
    Word task;
};

/// A module of the bundle, for programs that may read it.
struct FindModule {
    static constexpr Word operation = 12;
    struct Answer {
        Word index;
        Word offset;            ///< of its first byte in its first page
        Word size;              ///< bytes
    };
    rt::Name name;
};
/// Answered by a read-only mapping of page `page` of the module; may show bytes around it.
struct MapModule {
    static constexpr Word operation = 13;
    Word index_and_page;        ///< index << 20 | page
};

/// Answered by a mapping of the physical page, which the policy must allow.
struct MapDevice {
    static constexpr Word operation = 14;
    Word page;                  ///< its address; bits 5..0: log2 of the size in bytes, 12 or more
};

/// Where the caller's page lies; the answer not_found if it has not been touched.
struct FindFrame {
    static constexpr Word operation = 15;
    using Answer = Address;
    Address page;
};

/// Make [begin, end), page by page and above 4 MB, demand-zero memory of the caller.
struct ReserveMemory {
    static constexpr Word operation = 16;
    using Answer = rt::Nothing;
    Address begin;
    Address end;
};

/// Answered by a mapping of another program's page, to be read and written: for programs with
/// `debug`. Its user unmaps it before that program can end: the frame is used again then.
struct MapPageOf {
    static constexpr Word operation = 17;
    rt::Name program;
    Address page;
};

[[nodiscard]] inline l4::ThreadId service () { return rt::info_page ().root_service; }

/// The thread with this name; nil: there is none.
[[nodiscard]] inline l4::ThreadId find_name (std::string_view name)
{
    return rt::call (service (), FindName { name }).value;
}

/// The same, but give it some time to come: a server that was just started binds its name soon.
[[nodiscard]] inline l4::ThreadId await_name (std::string_view name)
{
    constexpr unsigned tries = 500;
    constexpr Word pause = 2000;        // microseconds
    for (unsigned i = 0; i < tries; ++i) {
        if (l4::ThreadId const thread = find_name (name); !thread.is_nil ())
            return thread;
        rt::sleep_microseconds (pause);
    }
    return l4::ThreadId::nil ();
}

/// Start the program that `command_line` names. It runs at once.
/// @param flags  StartFlags
inline StartResult start (std::string_view command_line, Word flags = start_attached)
{
    rt::InfoPage& page = rt::info_page ();
    if (command_line.size () > rt::InfoPage::text_capacity)
        return { 0, StartError::bad_request };
    command_line.copy (page.request, rt::InfoPage::text_capacity);
    page.request_length = static_cast<Word> (command_line.size ());
    rt::IpcResult const answer
        = rt::call (service (), { static_cast<Word> (Operation::start), flags });
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
        = rt::call (service (), { static_cast<Word> (Operation::wait), task },
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
    rt::call (service (), { static_cast<Word> (Operation::kill), task });
}

/// Map a device page of 2^log2_size bytes into `window`. @return whether the policy allows it
inline bool map_device (Address physical, unsigned log2_size, Address window)
{
    rt::IpcResult const answer
        = rt::call (service (), { MapDevice::operation, physical | log2_size },
                    l4::Timeouts::never (),
                    rt::Window { l4::Fpage::memory (window, log2_size) });
    return answer.dope.ok () && answer.dope.mapped ();
}

/// Map a page of the running program `name` into the page `window`. @return whether it is there
inline bool map_page_of (rt::Name const& name, Address page, Address window)
{
    rt::MessageBuffer message;
    message.put (MapPageOf::operation, MapPageOf { name, page });
    message.window = l4::Fpage::memory (window, l4::page_bits);
    rt::IpcResult const answer = rt::call (service (), message);
    return answer.dope.ok () && answer.dope.mapped ();
}

/// Map page `page` of a module, read-only, at `window`.
inline bool map_module (Word index, Word page, Address window)
{
    rt::IpcResult const answer
        = rt::call (service (), { MapModule::operation, index << 20 | page },
                    l4::Timeouts::never (),
                    rt::Window { l4::Fpage::memory (window, l4::page_bits) });
    return answer.dope.ok () && answer.dope.mapped ();
}

}  // namespace root
