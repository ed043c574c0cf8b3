// SPDX-License-Identifier: BSD-2-Clause
#include "partner.hpp"

#include <l4/exception.hpp>
#include <runtime/info_page.hpp>
#include <runtime/thread.hpp>

#include "thread_start.hpp"
#include "threads.hpp"
#include "time.hpp"

namespace guest {

namespace {

constinit Partner local_partners[thread_number::local_partners] {};
constinit rt::Stack<partner_stack_bytes> local_stacks[thread_number::local_partners] {};
constinit Word next_fresh_lthread = thread_number::first_fresh;

/// A thread keeps its exception table, wherever it was when a case ended.
void forget_exception_table ()
{
    l4::PseudoDescriptor const none { 0, ~Address { 0 } };
    asm volatile ("lidt (%%eax)" : : "a" (&none), "m" (none));
}

}  // namespace

void Partner::run (void* partner)
{
    auto& self = *static_cast<Partner*> (partner);
    forget_exception_table ();
    self.function_ (self.argument_);
    self.done_ = true;
    rt::sleep_forever ();
}

bool Partner::finish (unsigned milliseconds) const
{
    Microseconds const limit = now () + std::uint64_t { milliseconds } * 1000;
    while (!done_ && now () < limit)
        sleep_milliseconds (1);
    return done_;
}

void Partner::stop ()
{
    is_parked_ = true;
    redirect ();
}

void Partner::restart ()
{
    is_parked_ = false;
    redirect ();
}

void Partner::redirect ()
{
    if (redirect_remotely_ != nullptr)
        redirect_remotely_ (*this);
    else
        redirect_here ();
}

void Partner::redirect_here ()
{
    if (is_parked_)
        park_at (id_.lthread (), stack_top_, pager_);
    else
        start_at (id_.lthread (), stack_top_, run, this, pager_);
}

void Partner::release ()
{
    stop ();
    in_use_ = false;
}

Partner& start_partner (PartnerFunction function, void* argument, l4::ThreadId pager)
{
    unsigned n = 0;
    while (n < thread_number::local_partners && local_partners[n].in_use_)
        ++n;
    REQUIRE (n < thread_number::local_partners);
    Partner& partner = local_partners[n];
    partner.id_ = rt::info_page ().own.with_lthread (thread_number::first_local_partner + n);
    partner.stack_top_ = static_cast<Word*> (local_stacks[n].top ());
    partner.function_ = function;
    partner.argument_ = argument;
    partner.pager_ = pager;
    partner.done_ = false;
    partner.in_use_ = true;
    partner.restart ();
    return partner;
}

void park_local_partners ()
{
    for (Partner& partner : local_partners)
        if (partner.id () != l4::ThreadId::nil ())
            partner.release ();
}

Word next_unused_lthread ()
{
    return next_fresh_lthread;
}

Word fresh_lthread ()
{
    REQUIRE (next_fresh_lthread < l4::ThreadId::threads_per_task);
    return next_fresh_lthread++;
}

}  // namespace guest
