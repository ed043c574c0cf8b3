// SPDX-License-Identifier: BSD-2-Clause
#include "programs.hpp"

#include <runtime/ipc.hpp>

#include "memory.hpp"

namespace root {

namespace {

constexpr l4::ThreadId service_id = l4::root_id.with_lthread (1);

/// Programs may use every priority and give any part of that to their children.
constexpr Word program_mcp = l4::priorities - 1;

l4::ThreadId group_id (TaskNumbers::Group const& group, Word offset)
{
    return l4::ThreadId::make ({ .task = group.first + offset, .lthread = 0,
                                 .version = group.version, .chief = l4::root_task, .nest = 0,
                                 .site = 0 });
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
    for (Program& program : programs_)
        if (program.state != Program::State::unused && program.id.task () == task)
            return &program;
    return nullptr;
}

Program* Programs::find_alive (Word task)
{
    for (Program& program : programs_)
        if (program.is_alive () && program.id.task () == task)
            return &program;
    return nullptr;
}

Program* Programs::find_faulted ()
{
    for (Program& program : programs_)
        if (program.state == Program::State::faulted)
            return &program;
    return nullptr;
}

/// An unused entry, or else one whose status nobody has asked for.
Program* Programs::find_unused ()
{
    for (auto const wanted : { Program::State::unused, Program::State::ended })
        for (Program& program : programs_)
            if (program.state == wanted)
                return &program;
    return nullptr;
}

StartResult Programs::start (Module const& module, CommandLine line, Word parent,
                             l4::ThreadId console, bool devices)
{
    Program* const program = find_unused ();
    if (program == nullptr)
        return { 0, StartError::no_task };
    *program = {};
    program->parent = parent;
    program->has_devices = devices;
    program->name_length = line.name.copy (program->name_text, Program::name_capacity);
    program->group = numbers_.allocate ();
    if (program->group.index == TaskNumbers::none)
        return { 0, StartError::no_task };

    Address entry = 0;
    StartError const error = build (*program, module, entry);
    if (error != StartError::none) {
        program->space.destroy (frames_);
        numbers_.release (program->group.index);
        return { 0, error };
    }
    fill_info_page (*program, line, console);
    if (!create_task (*program, entry)) {
        // The number stays out of use: the kernel will refuse it again.
        program->space.destroy (frames_);
        return { 0, StartError::no_task };
    }
    program->state = Program::State::running;
    return { program->id.task (), StartError::none };
}

StartError Programs::build (Program& program, Module const& module, Address& entry)
{
    Executable executable;
    if (ElfError const error = read_elf (module.data, executable); error != ElfError::none)
        return start_error (error);
    entry = executable.entry;
    if (!program.space.create (frames_) || !program.space.load (module.data, executable, frames_))
        return StartError::no_memory;
    Address const info = program.space.frame_at (rt::layout::info_page, l4::Access::read_write,
                                                 frames_);
    if (info == 0)
        return StartError::no_memory;
    program.info = reinterpret_cast<rt::InfoPage*> (info);
    return program.has_devices ? share_screen (program) : StartError::none;
}

StartError Programs::share_screen (Program& program)
{
    using rt::layout::vga_text;
    // The root task must have it first: it can only map what it has.
    if (!claim_memory (vga_text, vga_text + l4::page_size))
        return StartError::no_memory;
    return program.space.share (vga_text, vga_text) ? StartError::none
                                                    : StartError::outside_layout;
}

void Programs::fill_info_page (Program& program, CommandLine line, l4::ThreadId console)
{
    rt::InfoPage& info = *program.info;
    info.magic = rt::InfoPage::magic_value;
    info.own = group_id (program.group, 0);
    info.root_service = service_id;
    info.console = console;
    info.first_task = program.group.first + 1;
    info.argument_length = static_cast<Word> (
        line.arguments.copy (info.argument_text, rt::InfoPage::text_capacity));
}

/// The new thread faults at its first instruction, and the pager needs the lock for that: the
/// program runs only when everything is in place.
bool Programs::create_task (Program& program, Address entry)
{
    program.id = rt::task_new (group_id (program.group, 0), program_mcp, rt::layout::stack_end,
                               entry, l4::root_id);
    if (program.id.is_nil ())
        return false;
    program.info->own = program.id;
    hand_over_tasks (program);
    return true;
}

void Programs::hand_over_tasks (Program& program)
{
    Word count = 0;
    while (count < TaskNumbers::handed_over
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
    if (gone.is_nil ()) {
        program.space.abandon ();
        return;
    }
    program.space.destroy (frames_);
    numbers_.release (program.group.index);
}

}  // namespace root
