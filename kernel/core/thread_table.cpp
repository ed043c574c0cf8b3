// SPDX-License-Identifier: BSD-2-Clause
#include <core/thread_table.hpp>

#include <core/interrupt.hpp>
#include <core/ipc.hpp>
#include <core/scheduler.hpp>
#include <core/space.hpp>
#include <core/wakeup.hpp>
#include <lib/assert.hpp>

#include <machine/context.hpp>
#include <machine/tcb_area.hpp>

namespace kernel::thread_table {

Tcb* find (l4::ThreadId id)
{
    Tcb& tcb = machine::tcb_area::tcb (id);
    return tcb.exists () && tcb.id == id && !id.is_nil () ? &tcb : nullptr;
}

l4::ThreadId complete (l4::ThreadId id)
{
    if (id.is_invalid ())
        return id;
    // Nil and interrupt ids have the number of the idle thread, whose id is nil.
    Tcb const& tcb = machine::tcb_area::tcb (id);
    return tcb.exists () && !tcb.id.is_nil () ? tcb.id : id;
}

Tcb* create (Creation const& creation)
{
    if (creation.id.is_invalid ()       // lthread 127 of the last task in its last version
        || !machine::tcb_area::provide (creation.id, creation.space.quota ()))
        return nullptr;
    Tcb& tcb = machine::tcb_area::tcb (creation.id);
    ASSERT (!tcb.exists ());

    tcb.id = creation.id;
    tcb.space = &creation.space;
    tcb.profile = creation.space.profile ();
    tcb.place = creation.space.place ();
    tcb.priority = creation.creator.priority;
    tcb.mcp = creation.creator.mcp;
    tcb.slice_exponent = creation.creator.slice_exponent;
    tcb.slice_mantissa = creation.creator.slice_mantissa;
    tcb.slice_ticks = creation.creator.slice_ticks;
    tcb.pager = creation.pager;
    tcb.resources.exception_table = machine::Resources::no_exception_table;
    machine::prepare_user_context (tcb);
    tcb.state = ThreadState::dead;
    if (Word const lthread = creation.id.lthread (); lthread >= creation.space.lthread_end)
        creation.space.lthread_end = lthread + 1;
    return &tcb;
}

void start (Tcb& thread, Address eip, Address esp)
{
    ASSERT (thread.state == ThreadState::dead);
    thread.user_frame ().eip = eip;
    thread.user_frame ().esp = esp;
    thread.state = ThreadState::ready;
    scheduler::enqueue (thread);
}

void stop (Tcb& thread)
{
    ipc::withdraw (thread);
    scheduler::forget (thread);
    wakeup::forget (thread);
    machine::release_resources (thread);
    interrupt::detach (thread);
    thread.state = ThreadState::dead;
    thread.id = l4::ThreadId::nil ();
}

void destroy (Tcb& thread)
{
    ASSERT (thread.id.is_nil () && thread.waiters.first () == nullptr);
    char* const block = reinterpret_cast<char*> (&thread);
    constexpr Word behind_stack = offsetof (Tcb, kernel_stack) + kernel_stack_size;
    __builtin_memset (block, 0, offsetof (Tcb, kernel_stack));
    __builtin_memset (block + behind_stack, 0, sizeof thread - behind_stack);
}

}  // namespace kernel::thread_table
