// SPDX-License-Identifier: BSD-2-Clause
#include "clan.hpp"

#include <l4/protocol/page_fault.hpp>
#include <runtime/info_page.hpp>

#include "pager.hpp"
#include "task_numbers.hpp"

namespace guest {

namespace {

constexpr unsigned deepest = 15;         // V2-012
constexpr Word creator_thread = 1;

constinit rt::Stack<1024> stacks[deepest][2] {};

/// Page of the program that `fault` is about, present here; 0 if it is none.
[[nodiscard]] Address page_for (rt::IpcResult const& fault)
{
    l4::PageFaultMessage const message { fault.w0, fault.w1 };
    if (!fault.dope.ok () || message.is_io () || message.address () >= window_region)
        return 0;
    Address const page = message.address () & ~(l4::page_size - 1);
    static_cast<void> (*reinterpret_cast<Word const volatile*> (page));
    return page;
}

void run_task (void* task);

/// Create the task below `task` as soon as its number is there, and be its pager.
void create_below (void* task)
{
    ClanTask& below = *static_cast<ClanTask*> (task)->below;
    Address const esp = prepare_stack (static_cast<Word*> (below.stacks[0].top ()), run_task,
                                       &below);
    l4::ThreadId id {};
    while (id.is_nil ()) {
        sleep_milliseconds (1);
        id = rt::task_new (below.id, below.mcp, esp, thread_entry (), rt::myself ());
    }
    below.exists = id == below.id;
    rt::IpcResult fault = rt::wait ();
    for (;;) {
        Address const page = page_for (fault);
        fault = page == 0 ? rt::wait ()
                          : rt::reply_fpage_and_wait (fault.source, page,
                                                      l4::Fpage::memory (page, l4::page_bits));
    }
}

void run_task (void* task)
{
    auto& self = *static_cast<ClanTask*> (task);
    touch_image ();
    if (self.below != nullptr)
        start_at (creator_thread, static_cast<Word*> (self.stacks[1].top ()), create_below, &self,
                  l4::ThreadId::invalid ());
    self.function (self.argument);
    self.done = true;
    rt::sleep_forever ();
}

void await (ClanTask const& task)
{
    for (unsigned n = 0; !task.exists && n < 500; ++n)
        sleep_milliseconds (1);
    REQUIRE (task.exists);
}

}  // namespace

bool ClanTask::finish (unsigned milliseconds) const
{
    Microseconds const limit = now () + std::uint64_t { milliseconds } * 1000;
    while (!done && now () < limit)
        sleep_milliseconds (1);
    return done;
}

void reserve_clan (ClanTask& chief)
{
    unsigned depth = 0;
    l4::ThreadId above = rt::info_page ().own;
    // The chief's number first: what it owns comes back when it is deleted.
    for (ClanTask* task = &chief; task != nullptr; task = task->below) {
        REQUIRE (depth < deepest);
        task->id = l4::ThreadId::make ({ .task = take_task_number (), .lthread = 0, .version = 0,
                                         .chief = above.task (), .nest = above.nest () + 1,
                                         .site = 0 });
        task->stacks = stacks[depth++];
        above = task->id;
    }
}

void found_clan (ClanTask& chief)
{
    Address const esp = prepare_stack (static_cast<Word*> (chief.stacks[0].top ()), run_task,
                                       &chief);
    l4::ThreadId const id = rt::task_new (chief.id, chief.mcp, esp, thread_entry (), pager_id ());
    chief.exists = id == chief.id;
    REQUIRE (chief.exists);
    for (ClanTask* task = &chief; task->below != nullptr; task = task->below) {
        l4::ThreadId const handed_over = rt::task_new (task->below->id, task->id.low (), 0, 0,
                                                       l4::ThreadId::nil ());
        REQUIRE (!handed_over.is_nil ());
        await (*task->below);
    }
}

void Script::play (void* script)
{
    auto const& self = *static_cast<Script*> (script);
    for (unsigned n = 0; n < self.count; ++n)
        self.steps[n].perform ();
}

}  // namespace guest
