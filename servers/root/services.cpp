// SPDX-License-Identifier: BSD-2-Clause
#include "services.hpp"

#include <l4/protocol/page_fault.hpp>
#include <runtime/kip.hpp>
#include <runtime/server.hpp>

#include "boot_modules.hpp"
#include "lines.hpp"
#include "log.hpp"
#include "memory.hpp"
#include "names.hpp"
#include "pager.hpp"

namespace root {

namespace {

constexpr l4::Timeouts answer_at_once { l4::Timeout::zero (), l4::Timeout::never () };
constexpr Word status_mask = 0xFF;
constexpr Word kilobytes_per_frame = l4::page_size / 1024;

std::string_view text (StartError error)
{
    switch (error) {
    case StartError::none: break;
    case StartError::not_found: return "no module of this name";
    case StartError::not_a_program: return "not a program for this machine, or damaged";
    case StartError::outside_layout: return "linked where no program may be";
    case StartError::no_memory: return "not enough memory";
    case StartError::no_task: return "no task for it";
    case StartError::bad_request: return "bad request";
    case StartError::not_trusted: return "the root task is strict";
    }
    return "started";
}

std::string_view text (FaultKind kind)
{
    switch (kind) {
    case FaultKind::mapped: break;
    case FaultKind::not_its_memory: return "not its memory";
    case FaultKind::read_only: return "read-only";
    case FaultKind::no_memory: return "no memory left";
    case FaultKind::limit: return "its limit of memory is reached";
    case FaultKind::ports_not_allowed: return "not allowed";
    case FaultKind::shut_down: return "an exception without a handler";
    }
    return "unknown";
}

/// The root task is an l4env task and may create others.
bool is_trusted ()
{
    l4::KernelInfoPage const* const kip = kernel_info_page ();
    return kip != nullptr && !rt::has_classic_form (*kip);
}

/// Whether the thread exists but executes nothing any more.
bool is_shut_down (l4::ThreadId thread)
{
    auto const parameter
        = rt::thread_schedule (thread, l4::ScheduleParameter { l4::unchanged }).old;
    return parameter.raw () != l4::unchanged
           && parameter.state () == static_cast<Word> (l4::ThreadStateCode::dead);
}

class Services {
public:
    explicit Services (Programs& programs) : programs_ { programs } {}

    void set_up ();
    [[nodiscard]] rt::Answer handle (rt::Incoming const& request);

private:
    using Answer = rt::Answer;
    using Error = rt::Error;

    void read_policy ();
    void start_console ();
    [[nodiscard]] Answer handle_register_request (rt::Incoming const& request);
    [[nodiscard]] Answer start (l4::ThreadId client, Word flags);
    [[nodiscard]] Answer wait (l4::ThreadId client, Word task);
    [[nodiscard]] Answer exit (l4::ThreadId client, Word status);
    [[nodiscard]] Answer kill (l4::ThreadId client, Word task);

    [[nodiscard]] Answer serve (Describe const& request, Program& client);
    [[nodiscard]] Answer serve (DescribeMemory const& request, Program& client);
    [[nodiscard]] Answer serve (BindName const& request, Program& client);
    [[nodiscard]] Answer serve (FindName const& request, Program& client);
    [[nodiscard]] Answer serve (KillByName const& request, Program& client);
    [[nodiscard]] Answer serve (RestartByName const& request, Program& client);
    [[nodiscard]] Answer serve (NameOfTask const& request, Program& client);
    [[nodiscard]] Answer serve (FindModule const& request, Program& client);
    [[nodiscard]] Answer serve (MapModule const& request, Program& client);
    [[nodiscard]] Answer serve (MapDevice const& request, Program& client);
    [[nodiscard]] Answer serve (FindFrame const& request, Program& client);
    [[nodiscard]] Answer serve (ReserveMemory const& request, Program& client);
    [[nodiscard]] Answer serve (MapPageOf const& request, Program& client);
    template <typename Request>
    [[nodiscard]] Answer dispatch (rt::Incoming const& incoming);

    [[nodiscard]] Program* controlled (rt::Name const& name, Program const& client);
    [[nodiscard]] l4::multiboot::Module const* readable_module (Word index,
                                                                Program const& client) const;
    void notice_shut_down (l4::ThreadId client, Word task);
    void end_faulted_programs ();
    void report_fault (Program const& program);
    void end (Program& program, Word status);
    void end_family (Program& program, Word status);
    [[nodiscard]] StartResult start_program (std::string_view line, Word parent, Word flags);

    Programs& programs_;
    BootModules modules_ {};
    Policy policy_ { fallback_policy };
    Names names_ {};
    l4::ThreadId console_ {};           ///< thread 0 of the console; nil: there is none
    l4::ThreadId sender_ {};            ///< of the request being served
};

void Services::set_up ()
{
    if (!modules_.open ())
        rt::print ("root: error: ", modules_.error (), "\n");
    modules_.give_back_loaded (programs_.frames ());
    hold_lines ();
    read_policy ();
    start_console ();
}

void Services::read_policy ()
{
    auto const* const module = modules_.find ("policy");
    if (module == nullptr) {
        rt::print ("root: no policy in the bundle: only the console has devices\n");
        return;
    }
    auto const text = to_module (*module).data;
    policy_ = Policy { { reinterpret_cast<char const*> (text.data ()), text.size () } };
    for (Word line = policy_.next_mistake (); line != 0; line = policy_.next_mistake (line))
        rt::print ("root: error: policy, line ", line, " is wrong and gives nothing\n");
}

void Services::start_console ()
{
    auto const* const module = modules_.find ("console");
    std::string_view const line = module != nullptr ? to_module (*module).string : "console";
    StartResult const result = start_program (line, l4::root_task, start_detached);
    if (result.task == 0) {
        rt::print ("root: error: cannot start console: ", text (result.error), "\n");
        return;
    }
    rt::Locked const locked { programs_.lock };
    console_ = programs_.find (result.task)->id;
    set_log_console (console_.with_lthread (1));
}

/// The lock is held during all of it, also while the module is read: what the pager wants from
/// it meanwhile is at most the first page of the new program.
StartResult Services::start_program (std::string_view line, Word parent, Word flags)
{
    Word const profile = flags & start_profile_mask;
    if (profile == start_profile_mask)
        return { 0, StartError::bad_request };
    if (profile == start_l4env && !is_trusted ())
        return { 0, StartError::not_trusted };
    CommandLine const command = split_command_line (line);
    std::string_view const program = module_of (command.name);
    l4::multiboot::Module const* const module = modules_.find (program);
    if (module == nullptr)
        return { 0, StartError::not_found };
    rt::Locked const locked { programs_.lock };
    l4::ThreadId const output
        = console_.is_nil () ? l4::ThreadId::nil () : console_.with_lthread (1);
    return programs_.start ({ to_module (*module), command, policy_.rights_of (program),
                              parent, output, (flags & start_detached) != 0, profile });
}

template <typename Request>
rt::Answer Services::dispatch (rt::Incoming const& incoming)
{
    Request request;
    if (!incoming.read (request))
        return Answer::error (Error::bad_request);
    Program* client = nullptr;
    {
        rt::Locked const locked { programs_.lock };
        client = programs_.find_alive (incoming.client.task ());
    }
    return client == nullptr ? Answer::nothing () : serve (request, *client);
}

rt::Answer Services::handle (rt::Incoming const& request)
{
    if (request.client.same_task (l4::root_id)) {
        if (request.operation () == fault_notice)
            end_faulted_programs ();
        return Answer::nothing ();
    }
    sender_ = request.client;
    switch (request.operation ()) {
    case Describe::operation: return dispatch<Describe> (request);
    case DescribeMemory::operation: return dispatch<DescribeMemory> (request);
    case BindName::operation: return dispatch<BindName> (request);
    case FindName::operation: return dispatch<FindName> (request);
    case KillByName::operation: return dispatch<KillByName> (request);
    case RestartByName::operation: return dispatch<RestartByName> (request);
    case NameOfTask::operation: return dispatch<NameOfTask> (request);
    case FindModule::operation: return dispatch<FindModule> (request);
    case MapModule::operation: return dispatch<MapModule> (request);
    case MapDevice::operation: return dispatch<MapDevice> (request);
    case FindFrame::operation: return dispatch<FindFrame> (request);
    case ReserveMemory::operation: return dispatch<ReserveMemory> (request);
    case MapPageOf::operation: return dispatch<MapPageOf> (request);
    default: return handle_register_request (request);
    }
}

rt::Answer Services::handle_register_request (rt::Incoming const& request)
{
    Word const argument = request.words ().w1;
    switch (static_cast<Operation> (request.operation ())) {
    case Operation::start: return start (request.client, argument);
    case Operation::wait: return wait (request.client, argument);
    case Operation::exit: return exit (request.client, argument & status_mask);
    case Operation::kill: return kill (request.client, argument);
    }
    return Answer::error (Error::bad_request);
}

rt::Answer Services::start (l4::ThreadId client, Word flags)
{
    // A copy: the client could change its page while it is being read.
    char line[rt::InfoPage::text_capacity];
    std::size_t length = 0;
    {
        rt::Locked const locked { programs_.lock };
        Program const* const program = programs_.find_alive (client.task ());
        if (program == nullptr)
            return Answer::nothing ();
        length = *static_cast<Word const volatile*> (&program->info->request_length);
        if (length <= sizeof line)
            __builtin_memcpy (line, program->info->request, length);
    }
    StartResult const result = length <= sizeof line
                                   ? start_program ({ line, length }, client.task (), flags)
                                   : StartResult { 0, StartError::bad_request };
    return Answer::words (result.task, static_cast<Word> (result.error));
}

rt::Answer Services::wait (l4::ThreadId client, Word task)
{
    notice_shut_down (client, task);
    rt::Locked const locked { programs_.lock };
    Program* const program = programs_.find (task);
    bool const may_wait = program != nullptr && program->parent == client.task ()
                          && (program->waiter.is_nil () || program->waiter == client);
    if (!may_wait)
        return Answer::words (no_such_program, 0);
    if (program->is_alive ()) {
        program->waiter = client;
        return Answer::nothing ();
    }
    program->state = Program::State::unused;
    return Answer::words (program->status, 0);
}

rt::Answer Services::exit (l4::ThreadId client, Word status)
{
    rt::Locked const locked { programs_.lock };
    if (Program* const program = programs_.find_alive (client.task ()); program != nullptr)
        end_family (*program, status);
    return Answer::nothing ();
}

rt::Answer Services::kill (l4::ThreadId client, Word task)
{
    rt::Locked const locked { programs_.lock };
    Program* const program = programs_.find_alive (task);
    if (program == nullptr || program->parent != client.task ())
        return Answer::words (no_such_program, 0);
    // The client is waiting for this answer now and asks for the status afterwards.
    if (program->waiter == client)
        program->waiter = l4::ThreadId::nil ();
    end_family (*program, status_killed);
    return Answer::words (0, 0);
}

rt::Answer Services::serve (Describe const& request, Program&)
{
    rt::Locked const locked { programs_.lock };
    Program const* const program = programs_.find_index (request.index);
    if (program == nullptr)
        return Answer::error (Error::not_found);
    return Answer::of (Describe::Answer {
        program->name (), program->id, program->space.used () * kilobytes_per_frame,
        program->space.limit () * kilobytes_per_frame, program->group.first + 1,
        program->info->task_count, program->parent });
}

rt::Answer Services::serve (DescribeMemory const&, Program&)
{
    rt::Locked const locked { programs_.lock };
    Word used = 0;
    for (Word i = 0; Program const* const program = programs_.find_index (i); ++i)
        used += program->space.used ();
    return Answer::of (DescribeMemory::Answer {
        programs_.frames ().free_count () * kilobytes_per_frame, used * kilobytes_per_frame,
        modules_.size () / 1024 });
}

rt::Answer Services::serve (BindName const& request, Program& client)
{
    bool const allowed = request.name.view () == client.name ()
                         || client.rights.names.contains (request.name.view ());
    return Answer::error (allowed ? names_.bind (request.name, sender_) : Error::refused);
}

rt::Answer Services::serve (FindName const& request, Program&)
{
    l4::ThreadId const thread = names_.find (request.name);
    return thread.is_nil () ? Answer::error (Error::not_found) : Answer::of (thread);
}

/// The program of this name, if the client may end it. The lock is held.
Program* Services::controlled (rt::Name const& name, Program const& client)
{
    Program* const program = programs_.find_alive (name.view ());
    bool const allowed = program != nullptr && program != &client
                         && (client.rights.control || program->parent == client.id.task ());
    return allowed ? program : nullptr;
}

rt::Answer Services::serve (KillByName const& request, Program& client)
{
    rt::Locked const locked { programs_.lock };
    Program* const program = controlled (request.name, client);
    if (program == nullptr)
        return Answer::error (programs_.find_alive (request.name.view ()) == nullptr
                                  ? Error::not_found
                                  : Error::refused);
    end_family (*program, status_killed);
    return Answer::done ();
}

rt::Answer Services::serve (RestartByName const& request, Program& client)
{
    char line[Program::name_capacity + 1 + rt::InfoPage::text_capacity];
    std::size_t length = 0;
    Word parent = 0;
    Word flags = start_attached;
    {
        rt::Locked const locked { programs_.lock };
        Program* const program = controlled (request.name, client);
        if (program == nullptr)
            return Answer::error (programs_.find_alive (request.name.view ()) == nullptr
                                      ? Error::not_found
                                      : Error::refused);
        length = program->name ().copy (line, Program::name_capacity);
        line[length++] = ' ';
        length += program->info->arguments ().copy (line + length, rt::InfoPage::text_capacity);
        parent = program->parent;
        flags = program->profile | (program->detached ? start_detached : start_attached);
        end_family (*program, status_killed);
    }
    StartResult const result = start_program ({ line, length }, parent, flags);
    return result.task == 0 ? Answer::error (Error::no_memory) : Answer::of (result.task);
}

rt::Answer Services::serve (NameOfTask const& request, Program&)
{
    rt::Locked const locked { programs_.lock };
    Program const* const program = programs_.find_owner (request.task);
    return program == nullptr ? Answer::error (Error::not_found)
                              : Answer::of (rt::Name { program->name () });
}

rt::Answer Services::serve (FindModule const& request, Program& client)
{
    if (!client.rights.files.contains (request.name.view ()))
        return Answer::error (Error::refused);
    Word const index = modules_.index_of (request.name.view ());
    if (index == BootModules::none)
        return Answer::error (Error::not_found);
    auto const& module = modules_[index];
    return Answer::of (FindModule::Answer { index, module.begin & (l4::page_size - 1),
                                            module.end - module.begin });
}

rt::Answer Services::serve (MapModule const& request, Program& client)
{
    constexpr Word page_mask = 0xFFFFF;
    Word const index = request.index_and_page >> 20;
    if (index >= modules_.count ())
        return Answer::error (Error::not_found);
    auto const& module = modules_[index];
    if (!client.rights.files.contains (split_command_line (to_module (module).string).name))
        return Answer::error (Error::refused);
    Address const page = (module.begin & ~(l4::page_size - 1))
                         + (request.index_and_page & page_mask) * l4::page_size;
    if (page >= module.end || page < (module.begin & ~(l4::page_size - 1)))
        return Answer::error (Error::not_found);
    return Answer::mapping (page, l4::Fpage::memory (page, l4::page_bits,
                                                     l4::Access::read_only));
}

rt::Answer Services::serve (MapDevice const& request, Program& client)
{
    constexpr Word size_mask = 0x3F;
    unsigned const log2_size = request.page & size_mask;
    if (log2_size < l4::page_bits || log2_size > l4::superpage_bits)
        return Answer::error (Error::bad_request);
    auto const wanted = l4::Fpage::memory (request.page, log2_size);
    Address const first = wanted.base ();
    Address const last = first + static_cast<Word> (wanted.size () - 1);
    if (!client.rights.device.contains (first, last))
        return Answer::error (Error::refused);
    if (!claim_device (first, last))
        return Answer::error (Error::unavailable);
    return Answer::mapping (first, l4::Fpage::memory (device_name (first), log2_size));
}

rt::Answer Services::serve (FindFrame const& request, Program& client)
{
    rt::Locked const locked { programs_.lock };
    Address const frame = client.space.physical (request.page & ~(l4::page_size - 1));
    return frame == 0 ? Answer::error (Error::not_found) : Answer::of (frame);
}

rt::Answer Services::serve (ReserveMemory const& request, Program& client)
{
    rt::Locked const locked { programs_.lock };
    return Answer::error (client.space.reserve (request.begin, request.end) ? Error::none
                                                                            : Error::no_place);
}

rt::Answer Services::serve (MapPageOf const& request, Program& client)
{
    if (!client.rights.debug)
        return Answer::error (Error::refused);
    rt::Locked const locked { programs_.lock };
    Program* const program = programs_.find_alive (request.program.view ());
    Address const frame
        = program == nullptr ? 0 : program->space.physical (request.page & ~(l4::page_size - 1));
    if (frame == 0)
        return Answer::error (Error::not_found);
    return Answer::mapping (0, l4::Fpage::memory (frame, l4::page_bits, l4::Access::read_write));
}

void Services::end_faulted_programs ()
{
    for (;;) {
        Program* program = nullptr;
        {
            rt::Locked const locked { programs_.lock };
            program = programs_.find_faulted ();
        }
        if (program == nullptr)
            return;
        // Without the lock: the console may need the pager for what it prints.
        if (program->id == console_)
            set_log_console (l4::ThreadId::nil ());
        report_fault (*program);
        rt::Locked const locked { programs_.lock };
        end_family (*program, status_fault);
    }
}

/// The kernel tells nobody that it has shut a thread down. So whoever waits for a program, again
/// and again, has us look whether its first thread still lives.
void Services::notice_shut_down (l4::ThreadId client, Word task)
{
    {
        rt::Locked const locked { programs_.lock };
        Program* const program = programs_.find (task);
        if (program == nullptr || program->state != Program::State::running
            || program->parent != client.task () || !is_shut_down (program->id))
            return;
        program->fault = { FaultKind::shut_down, { 0, 0 } };
        program->state = Program::State::faulted;
    }
    end_faulted_programs ();
}

void Services::report_fault (Program const& program)
{
    if (program.fault.kind == FaultKind::shut_down)
        return rt::print ("root: ", program.name (), ": ", text (program.fault.kind), "; ended\n");
    l4::PageFaultMessage const fault { program.fault.words[0], program.fault.words[1] };
    if (fault.is_io ())
        rt::print ("root: ", program.name (), ": access to port ",
                   rt::hex (fault.ports ().port (), 4));
    else
        rt::print ("root: ", program.name (), ": page fault at ", rt::hex (fault.address ()),
                   fault.is_write () ? " (write)" : " (read)");
    rt::print (", instruction ", rt::hex (fault.instruction ()), ": ",
               text (program.fault.kind), "; ended\n");
}

/// The program and whatever it has started and not detached. The lock is held.
void Services::end_family (Program& program, Word status)
{
    Word const task = program.id.task ();
    end (program, status);
    while (Program* const child = programs_.find_child (task))
        end_family (*child, status_killed);
}

/// The lock is held.
void Services::end (Program& program, Word status)
{
    programs_.end (program, status);
    names_.forget (program.id);
    if (program.id == console_) {
        console_ = l4::ThreadId::nil ();
        set_log_console (console_);
        rt::print ("root: the console has ended with status ", status, "\n");
    }
    // A client that does not wait just now, or never, finds the status later.
    bool const told = !program.waiter.is_nil ()
                      && rt::send (program.waiter, { status, 0 }, answer_at_once).ok ();
    if (told || program.detached)
        program.state = Program::State::unused;
}

}  // namespace

[[noreturn]] void serve_requests (Programs& programs)
{
    Services services { programs };
    services.set_up ();
    rt::serve ([&services] (rt::Incoming const& request) { return services.handle (request); });
}

}  // namespace root
