// SPDX-License-Identifier: BSD-2-Clause
#include "process.hpp"

#include <runtime/task.hpp>

namespace unix_server {

namespace {

/// Processes cannot raise priorities.
constexpr Word process_mcp = 0;

/// Empty descriptors at first.
void prepare (CallPage& page)
{
    constexpr Address descriptors = layout::call_page + offsetof (CallPage, descriptors);
    page = {};
    page.first_answer = answer_with_segments;
    page.tls = { sizeof (CallPage::descriptors) - 1, descriptors };
}

}  // namespace

Process* Processes::create (Word parent, Frames& frames)
{
    for (Process& process : processes_) {
        if (process.state != Process::State::unused)
            continue;
        process = {};
        process.call_frame = frames.allocate ();
        if (process.call_frame == 0)
            return nullptr;
        if (!process.space.create (frames)) {
            frames.release (process.call_frame);
            return nullptr;
        }
        prepare (process.call_page ());
        process.state = Process::State::running;
        process.pid = process.group = process.session = ++last_pid_;
        process.parent = parent;
        return &process;
    }
    return nullptr;
}

bool Processes::start (Process& process)
{
    process.thread = rt::start_task_at (place_of (process), layout::stack_end,
                                        emulation_entry (), rt::myself (), process_mcp);
    return !process.thread.is_nil ();
}

void Processes::end (Process& process, Word status, Frames& frames)
{
    if (!process.thread.is_nil ())
        rt::end_task (place_of (process));
    process.space.destroy (frames);
    frames.release (process.call_frame);
    process.call_frame = 0;
    process.thread = l4::ThreadId::nil ();
    process.state = Process::State::zombie;
    process.status = status;
    for (Process& child : processes_) {
        if (child.state == Process::State::unused || child.parent != process.pid)
            continue;
        child.parent = init_pid;
        if (child.state == Process::State::zombie)
            forget (child);
    }
}

}  // namespace unix_server
