// SPDX-License-Identifier: BSD-2-Clause
#include "processes.hpp"

#include <l4/protocol/sigma0.hpp>
#include <root/protocol.hpp>
#include <runtime/kip.hpp>
#include <runtime/print.hpp>

namespace console {

namespace {

using l4::Word;

constexpr Word kilobyte = 1024;

/// The kernel answers for every thread there is.
struct Threads {
    Word count;
    Word priority;          ///< the highest
};

[[nodiscard]] l4::ScheduleParameter look_at (l4::ThreadId thread)
{
    return rt::thread_schedule (thread, l4::ScheduleParameter { l4::unchanged }).old;
}

[[nodiscard]] Threads count_threads (l4::ThreadId task)
{
    Threads threads { 0, 0 };
    for (Word n = 0; n < l4::ThreadId::threads_per_task; ++n) {
        l4::ScheduleParameter const now = look_at (task.with_lthread (n));
        if (now.raw () == l4::unchanged)
            continue;
        ++threads.count;
        if (now.priority () > threads.priority)
            threads.priority = now.priority ();
    }
    return threads;
}

void print_row_begin (std::string_view name, l4::ThreadId task)
{
    Threads const threads = count_threads (task);
    rt::print (rt::left (name, 16), rt::padded (task.task (), 6), rt::padded (threads.count, 9),
               rt::padded (threads.priority, 10));
}

void print_image (std::string_view name, l4::ThreadId task, l4::ServerStart const& image)
{
    print_row_begin (name, task);
    rt::print (rt::padded ((image.end - image.begin) / kilobyte, 10), "         -\n");
}

void print_program (root::Describe::Answer const& program)
{
    print_row_begin (program.name.view (), program.id);
    rt::print (rt::padded (program.memory, 10), rt::padded (program.memory_limit, 10), "  ",
               program.first_task, "-", program.first_task + program.task_count - 1, "\n");
}

void print_kilobytes (std::string_view what, Word kilobytes)
{
    rt::print (rt::left (what, 24), rt::padded (kilobytes, 8), " KB\n");
}

}  // namespace

void print_programs ()
{
    rt::print ("name              task  threads  priority memory KB  limit KB  may create\n");
    print_image ("sigma0", l4::sigma0_id, rt::kip ().sigma0);
    print_image ("root", l4::root_id, rt::kip ().root);
    for (Word index = 0;; ++index) {
        auto const program = rt::call (root::service (), root::Describe { index });
        if (!program.ok ())
            return;
        print_program (program.value);
    }
}

void print_memory_use ()
{
    auto const memory = rt::call (root::service (), root::DescribeMemory {});
    if (!memory.ok ()) {
        rt::print ("mem: ", text (memory.error), "\n");
        return;
    }
    Word const kernel = rt::kernel_size () / kilobyte;
    Word const total = rt::ram_end () / kilobyte;
    Word const known = kernel + memory.value.programs + memory.value.modules + memory.value.free;
    print_kilobytes ("machine", total);
    print_kilobytes ("kernel", kernel);
    print_kilobytes ("programs", memory.value.programs);
    print_kilobytes ("boot bundle", memory.value.modules);
    print_kilobytes ("free, root task", memory.value.free);
    print_kilobytes ("sigma0 and its clients", total - known);
}

bool control_program (Command const& command)
{
    rt::Name const name { command.arguments };
    rt::Error const error
        = command.kind == CommandKind::kill
              ? rt::call (root::service (), root::KillByName { name }).error
              : rt::call (root::service (), root::RestartByName { name }).error;
    if (error != rt::Error::none)
        rt::print (command.word, ": ", command.arguments, ": ", text (error), "\n");
    return error == rt::Error::none;
}

}  // namespace console
