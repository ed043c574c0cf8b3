// SPDX-License-Identifier: BSD-2-Clause
#include "programs.hpp"

#include <runtime/ipc.hpp>

#include "lines.hpp"

namespace root {

namespace {

constexpr Word kilobytes_per_frame = l4::page_size / 1024;
constexpr l4::ThreadId service_id = l4::root_id.with_lthread (1);

/// Programs may use every priority and give any part of that to their children, unless the policy
/// says which one they have: then that is also the highest.
[[nodiscard]] Word highest_priority (Rights const& rights)
{
    return rights.priority != 0 ? rights.priority : l4::priorities - 1;
}

l4::ThreadId group_id (TaskNumbers::Group const& group, Word offset)
{
    return l4::ThreadId::make ({ .task = group.first + offset, .lthread = 0,
                                 .version = group.version, .chief = l4::root_task, .nest = 0,
                                 .site = 0 });
}

/// The time slice stays what it is.
void set_priority (l4::ThreadId thread, Word priority)
{
    l4::ScheduleParameter const now
        = rt::thread_schedule (thread, l4::ScheduleParameter { l4::unchanged }).old;
    rt::thread_schedule (thread, l4::ScheduleParameter { priority, now.slice () });
}

StartError start_error (ElfError error)
{
    switch (error) {
    case ElfError::none: return StartError::none;
    case ElfError::outside_layout: return StartError::outside_layout;
    case ElfError::not_elf:
    case ElfError::not_executable:
    case ElfError::damaged:
    case ElfError::overlap: break;
    }
    return StartError::not_a_program;
}

}  // namespace

Program* Programs::find (Word task)
{
    return find_if ([task] (Program const& program) {
        return program.state != Program::State::unused && program.id.task () == task;
    });
}

Program* Programs::find_alive (Word task)
{
    return find_if ([task] (Program const& program) {
        return program.is_alive () && program.id.task () == task;
    });
}

Program* Programs::find_alive (std::string_view name)
{
    return find_if ([name] (Program const& program) {
        return program.is_alive () && program.name () == name;
    });
}

Program* Programs::find_owner (Word task)
{
    return find_if ([task] (Program const& program) {
        return program.is_alive () && program.has_task (task);
    });
}

Program* Programs::find_child (Word task)
{
    return find_if ([task] (Program const& program) {
        return program.is_alive () && !program.detached && program.parent == task;
    });
}

Program* Programs::find_index (Word index)
{
    return find_if ([&index] (Program const& program) {
        return program.is_alive () && index-- == 0;
    });
}

Program* Programs::find_faulted ()
{
    return find_if ([] (Program const& program) {
        return program.state == Program::State::faulted;
    });
}

/// An unused entry, or else one whose status nobody has asked for.
Program* Programs::find_unused ()
{
    for (auto const wanted : { Program::State::unused, Program::State::ended })
        if (Program* const program = find_if (
                [wanted] (Program const& candidate) { return candidate.state == wanted; });
            program != nullptr)
            return program;
    return nullptr;
}

/// Nobody has asked how the last program with this task number ended: it is too late now.
void Programs::forget_status (Word task)
{
    if (Program* const last = find (task); last != nullptr)
        last->state = Program::State::unused;
}

StartResult Programs::start (StartOrder const& order)
{
    Program* const program = find_unused ();
    if (program == nullptr)
        return { 0, StartError::no_task };
    *program = {};
    program->parent = order.parent;
    program->rights = order.rights;
    program->detached = order.detached;
    program->profile = order.profile;
    program->name_length = order.line.name.copy (program->name_text, Program::name_capacity);
    program->group = numbers_.allocate (1 + order.rights.tasks);
    if (program->group.first == 0)
        return { 0, StartError::no_task };
    forget_status (program->group.first);

    Address entry = 0;
    StartError const error = build (*program, order.module, entry);
    if (error != StartError::none) {
        program->space.destroy (frames_);
        numbers_.release (program->group);
        return { 0, error };
    }
    fill_info_page (*program, order);
    if (!create_task (*program, entry)) {
        // The number stays out of use: the kernel will refuse it again.
        program->space.destroy (frames_);
        return { 0, StartError::no_task };
    }
    program->state = Program::State::running;
    release_lines (program->rights.lines);
    return { program->id.task (), StartError::none };
}

StartError Programs::build (Program& program, Module const& module, Address& entry)
{
    Executable executable;
    if (ElfError const error = read_elf (module.data, executable); error != ElfError::none)
        return start_error (error);
    entry = executable.entry;
    Word const limit = program.rights.memory / kilobytes_per_frame;
    if (!program.space.create (limit, frames_)
        || !program.space.load (module.data, executable, frames_))
        return StartError::no_memory;
    Address const info = program.space.frame_at (rt::layout::info_page, l4::Access::read_write,
                                                 frames_);
    if (info == 0)
        return StartError::no_memory;
    program.info = reinterpret_cast<rt::InfoPage*> (info);
    return StartError::none;
}

void Programs::fill_info_page (Program& program, StartOrder const& order)
{
    rt::InfoPage& info = *program.info;
    info.magic = rt::InfoPage::magic_value;
    info.own = group_id (program.group, 0);
    info.root_service = service_id;
    info.console = order.console;
    info.first_task = program.group.first + 1;
    info.argument_length = static_cast<Word> (
        order.line.arguments.copy (info.argument_text, rt::InfoPage::text_capacity));
    info.name_length
        = static_cast<Word> (program.name ().copy (info.name_text, sizeof info.name_text));
}

/// The new thread faults at its first instruction, and the pager needs the lock for that: the
/// program runs only when everything is in place.
bool Programs::create_task (Program& program, Address entry)
{
    program.id = rt::task_new (group_id (program.group, 0),
                               highest_priority (program.rights) | program.profile,
                               rt::layout::stack_end, entry, l4::root_id);
    if (program.id.is_nil ())
        return false;
    program.info->own = program.id;
    if (program.rights.priority != 0)
        set_priority (program.id, program.rights.priority);
    hand_over_tasks (program);
    return true;
}

void Programs::hand_over_tasks (Program& program)
{
    Word count = 0;
    while (count + 1 < program.group.count
           && !rt::task_new (group_id (program.group, 1 + count), program.id.low (), 0, 0,
                             l4::ThreadId::nil ()).is_nil ())
        ++count;
    program.info->task_count = count;
}

void Programs::end (Program& program, Word status)
{
    program.state = Program::State::ended;
    program.status = status;
    program.info = nullptr;
    // Without a pager a task is inactive: nothing of it runs, and its space is empty.
    l4::ThreadId const gone = rt::task_new (program.id, l4::root_id.low (), 0, 0,
                                            l4::ThreadId::nil ());
    take_back_lines (program.rights.lines);
    if (gone.is_nil ()) {
        program.space.abandon ();
        return;
    }
    program.space.destroy (frames_);
    numbers_.release (program.group);
}

}  // namespace root
