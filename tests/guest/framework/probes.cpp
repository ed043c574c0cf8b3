// SPDX-License-Identifier: BSD-2-Clause
#include "probes.hpp"

#include <runtime/info_page.hpp>
#include <runtime/thread.hpp>

#include "pager.hpp"
#include "partner.hpp"
#include "threads.hpp"
#include "time.hpp"

namespace guest {

namespace {

constexpr unsigned fresh_stacks = 4;

constinit rt::Stack<1024> stacks[fresh_stacks] {};
constinit unsigned next_stack = 0;
constinit Word first_unparked = thread_number::first_fresh;

}  // namespace

bool await_report (unsigned milliseconds)
{
    Microseconds const limit = now () + std::uint64_t { milliseconds } * 1000;
    while (guest_reports == 0 && now () < limit)
        sleep_milliseconds (1);
    bool const reported = guest_reports != 0;
    guest_reports = 0;
    return reported;
}

Address fresh_stack ()
{
    REQUIRE (next_stack < fresh_stacks);
    return reinterpret_cast<Address> (stacks[next_stack++].top ());
}

rt::ExchangeResult ex_regs (Word lthread, Address esp, Address eip, l4::ThreadId pager,
                            l4::ThreadId preempter)
{
    return rt::lthread_ex_regs (lthread, esp, eip, pager, preempter);
}

void reset_stacks ()
{
    next_stack = 0;
}

FreshThread start_fresh_thread (void (&entry) (), l4::ThreadId pager)
{
    Word const lthread = fresh_lthread ();
    Address const stack = fresh_stack ();
    ex_regs (lthread, stack, address_of (entry), pager);
    return { rt::info_page ().own.with_lthread (lthread), stack };
}

l4::ThreadId create_task (l4::ThreadId id, Word mcp, void (*function) (void*), void* argument,
                          l4::ThreadId pager)
{
    auto* const stack = reinterpret_cast<Word*> (fresh_stack ());
    return rt::task_new (id, mcp, prepare_stack (stack, function, argument), thread_entry (),
                         pager.is_nil () ? pager_id () : pager);
}

void park_fresh_threads ()
{
    for (; first_unparked < next_unused_lthread (); ++first_unparked)
        ex_regs (first_unparked, 0, address_of (guest_park_forever), l4::root_id);
    reset_stacks ();
    guest_message = 0;
    guest_reports = 0;
}

}  // namespace guest
