// SPDX-License-Identifier: BSD-2-Clause
#include "process_calls.hpp"

#include <runtime/print.hpp>

#include "../fs/path_argument.hpp"
#include "../io/process_files.hpp"
#include "../io/terminal_device.hpp"
#include "children.hpp"
#include "life.hpp"
#include "time_calls.hpp"
#include "tls.hpp"

namespace unix_server {

bool start_first (System& system, std::string_view path, Arguments& arguments)
{
    LoadOrder order;
    Result found = Errno::name_too_long;
    if (system.paths[0].set (path))
        found = find_program (system.files, system.files.root (), system.paths[0],
                              arguments.values, order);
    if (!found.ok ()) {
        rt::print ("unix: ", path,
                   found == Errno::no_entry ? std::string_view { ": not found\n" }
                                            : std::string_view { ": not a program\n" });
        return false;
    }
    Process* const process = system.processes.create (init_pid, system.frames);
    if (process == nullptr || !load_program (*process, order, arguments, system.frames)
        || !open_standard_files (system, *process).ok () || !system.processes.start (*process)) {
        rt::print ("unix: ", path, ": no memory or no task for it\n");
        return false;
    }
    open_terminal (system, process->session);
    return true;
}

namespace calls {

// How they begin and end.

Outcome exit (Call& call, Word status)
{
    end_process (call.system, call.process, exited (status));
    return Outcome::ended ();
}

Outcome wait4 (Call& call, Word target, Address status, Word options, Address usage)
{
    if ((options & ~waiting::known) != 0)
        return Errno::invalid;
    Processes& processes = call.system.processes;
    Process& process = call.process;
    WaitOrder const order { process.pid, process.group, static_cast<std::int32_t> (target),
                            options };
    Process* const child = processes.find_if (
        [&] (Process const& each) { return order.is_answered_by (each); });
    if (child == nullptr) {
        if (processes.find_if ([&] (Process const& each) { return order.is_about (each); })
            == nullptr)
            return Errno::no_child;
        return (options & waiting::no_hang) != 0 ? Outcome { ok }
                                                 : call.wait_for (process.children);
    }
    if ((status != 0 && !call.write (status, status_of (*child)))
        || (usage != 0 && !call.write (usage, usage_of (processor_time (*child)))))
        return Errno::fault;
    Word const pid = child->pid;
    child->news = 0;
    if (child->state == Process::State::zombie) {
        process.children_used += child->used + child->children_used;
        processes.forget (*child);
    }
    return pid;
}

Outcome waitpid (Call& call, Word target, Address status, Word options)
{
    return wait4 (call, target, status, options, 0);
}

namespace {

/// The caller of vfork goes on when its child has another program, or has ended.
Outcome wait_for_vfork (Call& call)
{
    Process const* const child = call.system.processes.find_alive (call.done ());
    return child != nullptr && child->holds_parent
               ? call.wait_for (call.process.children, OnSignal::wait_on)
               : Outcome { call.done () };
}

bool tell_number (Call& call, Process& child, ChildOrder const& order)
{
    return ((order.flags & cloning::tell_parent) == 0
            || call.write (order.tell_parent_at, child.pid))
           && ((order.flags & cloning::tell_child) == 0
               || child.space.write (order.tell_child_at, child.pid, call.system.frames));
}

/// A copy of the caller, but for the result of its call.
Outcome make_child (Call& call, ChildOrder const& order)
{
    if (call.is_retry ())
        return wait_for_vfork (call);
    Process& process = call.process;
    Frames& frames = call.system.frames;
    Process* const child = call.system.processes.create (process.pid, frames);
    if (child == nullptr)
        return Errno::again;
    inherit_files (process, *child);
    child->heap_begin = process.heap_begin;
    child->heap_end = process.heap_end;
    CallPage& page = child->call_page ();
    page = process.call_page ();
    page.eax = 0;
    page.eip = process.trap.eip + int_instruction_size;
    page.esp = order.stack != 0 ? order.stack : process.trap.esp;
    page.first_answer = answer_with_segments;
    child->group = process.group;
    child->session = process.session;
    child->name = process.name;
    child->signals = process.signals.for_child ();
    child->holds_parent = (order.flags & cloning::holds_parent) != 0;
    if (!process.space.copy_to (child->space, frames) || !tell_number (call, *child, order)
        || !call.system.processes.start (*child)) {
        close_files (call.system, *child);
        call.system.processes.end (*child, 0, frames);
        call.system.processes.forget (*child);
        return Errno::no_memory;
    }
    if (!child->holds_parent)
        return child->pid;
    call.done () = child->pid;
    return wait_for_vfork (call);
}

void let_parent_go_on (System& system, Process& process)
{
    process.holds_parent = false;
    if (Process* const parent = system.processes.find_alive (process.parent); parent != nullptr)
        system.wake (parent->children);
}

}  // namespace

Outcome fork (Call& call) { return make_child (call, {}); }

Outcome vfork (Call& call)
{
    return make_child (call, { cloning::holds_parent | cloning::share_memory, 0, 0, 0 });
}

/// For processes, not threads: what a child could share beyond what fork gives it is refused,
/// except memory for as long as its parent waits anyway. It has a copy of its own then.
Outcome clone (Call& call, Word flags, Address stack, Address tell_parent_at, Address,
               Address tell_child_at)
{
    bool const waits = (flags & cloning::holds_parent) != 0;
    Word const known = cloning::known | (waits ? cloning::share_memory : 0);
    if ((flags & ~known) != 0)
        return Errno::invalid;
    return make_child (call, { flags, stack, tell_parent_at, tell_child_at });
}

// Programs.

namespace {

/// A vector of strings, which a zero ends. @return 0, or EFAULT, E2BIG
Result read_strings (Call& call, Address vector, StringList& list)
{
    list.clear ();
    if (vector == 0)
        return ok;
    for (;; vector += sizeof (Address)) {
        Address string = 0;
        if (!call.read (string, vector))
            return Errno::fault;
        if (string == 0)
            return ok;
        Result const length = call.read_text (list.room (), string);
        if (!length.ok ())
            return length == Errno::fault ? Errno::fault : Errno::too_big;
        list.added (length.raw ());
    }
}

}  // namespace

Outcome execve (Call& call, Address path, Address arguments, Address environment)
{
    System& system = call.system;
    Process& process = call.process;
    if (Result const read = read_path (call, path, system.paths[0]); !read.ok ())
        return read;
    Result result = read_strings (call, arguments, system.arguments.values);
    if (result.ok ())
        result = read_strings (call, environment, system.arguments.environment);
    LoadOrder order;
    if (result.ok ())
        result = find_program (system.files, *process.directory, system.paths[0],
                               system.arguments.values, order);
    if (!result.ok ())
        return result;
    process.space.destroy (system.frames);
    if (!process.space.create (system.frames)
        || !load_program (process, order, system.arguments, system.frames)) {
        end_process (system, process, ended_by (Signal::kill));
        return Outcome::ended ();
    }
    close_for_exec (system, process);
    process.has_executed = true;
    let_parent_go_on (system, process);
    process.signals.begin_program ();
    return Outcome::resume (answer_with_segments | answer_with_floating_point);
}

// Who they are.

Result getpid (Call& call) { return call.process.pid; }

Result getppid (Call& call) { return call.process.parent; }

Result get_root (Call&) { return ok; }

Result uname (Call& call, Address to)
{
    static constexpr SystemName name { "Linux", "pecan", "2.6.39", "Pecan", "i486", "(none)" };
    return call.write (to, name) ? Result { ok } : Result { Errno::fault };
}

Outcome set_thread_area (Call& call, Address user)
{
    UserDescriptor wanted {};
    if (!call.read (wanted, user))
        return Errno::fault;
    auto* const words = call.process.call_page ().descriptors;
    if (wanted.entry == choose_entry) {
        wanted.entry = first_tls_entry;
        while (wanted.entry < first_tls_entry + l4::tls_descriptors
               && (words[2 * (wanted.entry - first_tls_entry)]
                   | words[2 * (wanted.entry - first_tls_entry) + 1]) != 0)
            ++wanted.entry;
    }
    Word const index = wanted.entry - first_tls_entry;
    if (index >= l4::tls_descriptors || (!is_empty (wanted) && !can_encode (wanted)))
        return Errno::invalid;
    if (!call.write (user, wanted.entry))
        return Errno::fault;
    Descriptor const descriptor = is_empty (wanted) ? Descriptor {} : encode (wanted);
    words[2 * index] = descriptor.low;
    words[2 * index + 1] = descriptor.high;
    return { Result { ok }, answer_with_segments };
}

}  // namespace calls

}  // namespace unix_server
