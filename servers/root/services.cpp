// SPDX-License-Identifier: BSD-2-Clause
#include "services.hpp"

#include <l4/protocol/page_fault.hpp>

#include "boot_modules.hpp"
#include "log.hpp"
#include "pager.hpp"

namespace root {

namespace {

constexpr l4::Timeouts answer_at_once { l4::Timeout::zero (), l4::Timeout::never () };
constexpr Word status_mask = 0xFF;

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
    case FaultKind::ports_not_allowed: return "not allowed";
    }
    return "unknown";
}

class Services {
public:
    explicit Services (Programs& programs) : programs_ { programs } {}

    void start_console ();
    void handle (rt::IpcResult const& request);

private:
    void start (l4::ThreadId client);
    void wait (l4::ThreadId client, Word task);
    void exit (l4::ThreadId client, Word status);
    void kill (l4::ThreadId client, Word task);
    void end_faulted_programs ();
    void report_fault (Program const& program);
    void end (Program& program, Word status);
    [[nodiscard]] StartResult start_program (std::string_view line, Word parent, bool devices);

    Programs& programs_;
    BootModules modules_ {};
    l4::ThreadId console_ {};           ///< thread 0 of the console; nil: there is none
};

void Services::start_console ()
{
    if (!modules_.open ())
        rt::print ("root: error: ", modules_.error (), "\n");
    modules_.give_back_loaded (programs_.frames ());
    auto const* const module = modules_.find ("console");
    std::string_view const line = module != nullptr ? to_module (*module).string : "console";
    StartResult const result = start_program (line, l4::root_task, true);
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
StartResult Services::start_program (std::string_view line, Word parent, bool devices)
{
    CommandLine const command = split_command_line (line);
    l4::multiboot::Module const* const module = modules_.find (command.name);
    if (module == nullptr)
        return { 0, StartError::not_found };
    rt::Locked const locked { programs_.lock };
    l4::ThreadId const output
        = devices || console_.is_nil () ? l4::ThreadId::nil () : console_.with_lthread (1);
    return programs_.start (to_module (*module), command, parent, output, devices);
}

void Services::handle (rt::IpcResult const& request)
{
    if (request.source.same_task (l4::root_id)) {
        if (request.w0 == fault_notice)
            end_faulted_programs ();
        return;
    }
    switch (static_cast<Operation> (request.w0)) {
    case Operation::start: return start (request.source);
    case Operation::wait: return wait (request.source, request.w1);
    case Operation::exit: return exit (request.source, request.w1 & status_mask);
    case Operation::kill: return kill (request.source, request.w1);
    }
    rt::send (request.source, { 0, static_cast<Word> (StartError::bad_request) }, answer_at_once);
}

void Services::start (l4::ThreadId client)
{
    // A copy: the client could change its page while it is being read.
    char line[rt::InfoPage::text_capacity];
    std::size_t length = 0;
    {
        rt::Locked const locked { programs_.lock };
        Program const* const program = programs_.find_alive (client.task ());
        if (program == nullptr)
            return;
        length = *static_cast<Word const volatile*> (&program->info->request_length);
        if (length <= sizeof line)
            __builtin_memcpy (line, program->info->request, length);
    }
    StartResult const result = length <= sizeof line
                                   ? start_program ({ line, length }, client.task (), false)
                                   : StartResult { 0, StartError::bad_request };
    rt::send (client, { result.task, static_cast<Word> (result.error) }, answer_at_once);
}

void Services::wait (l4::ThreadId client, Word task)
{
    rt::Locked const locked { programs_.lock };
    Program* const program = programs_.find (task);
    bool const may_wait = program != nullptr && program->parent == client.task ()
                          && (program->waiter.is_nil () || program->waiter == client);
    if (!may_wait) {
        rt::send (client, { no_such_program, 0 }, answer_at_once);
        return;
    }
    if (program->is_alive ()) {
        program->waiter = client;
        return;
    }
    rt::send (client, { program->status, 0 }, answer_at_once);
    program->state = Program::State::unused;
}

void Services::exit (l4::ThreadId client, Word status)
{
    rt::Locked const locked { programs_.lock };
    Program* const program = programs_.find_alive (client.task ());
    if (program != nullptr)
        end (*program, status);
}

void Services::kill (l4::ThreadId client, Word task)
{
    rt::Locked const locked { programs_.lock };
    Program* const program = programs_.find_alive (task);
    bool const may_kill = program != nullptr && program->parent == client.task ();
    if (may_kill) {
        // The client is waiting for this answer now and asks for the status afterwards.
        if (program->waiter == client)
            program->waiter = l4::ThreadId::nil ();
        end (*program, status_killed);
    }
    rt::send (client, { may_kill ? 0 : no_such_program, 0 }, answer_at_once);
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
        end (*program, status_fault);
    }
}

void Services::report_fault (Program const& program)
{
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

/// The lock is held.
void Services::end (Program& program, Word status)
{
    programs_.end (program, status);
    if (program.id == console_) {
        console_ = l4::ThreadId::nil ();
        set_log_console (console_);
        rt::print ("root: the console has ended with status ", status, "\n");
    }
    // A client that does not wait just now, or never, finds the status later.
    if (!program.waiter.is_nil ()
        && rt::send (program.waiter, { status, 0 }, answer_at_once).ok ())
        program.state = Program::State::unused;
}

}  // namespace

[[noreturn]] void serve_requests (Programs& programs)
{
    Services services { programs };
    services.start_console ();
    for (;;) {
        rt::IpcResult const request = rt::wait ();
        if (request.dope.ok ())
            services.handle (request);
    }
}

}  // namespace root
