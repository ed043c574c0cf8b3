// SPDX-License-Identifier: BSD-2-Clause
#include "partner_task.hpp"

#include <runtime/info_page.hpp>
#include <runtime/thread.hpp>

#include "pager.hpp"
#include "task_numbers.hpp"
#include "threads.hpp"
#include "time.hpp"

extern "C" {
extern char const image_begin[];
extern char const image_end[];
}

namespace guest {

namespace {

enum class Request : Word { answer = 0, redirect = 1 };

/// Apart from the partners, so that the image holds no zeros.
struct Stacks {
    rt::Stack<partner_stack_bytes> partners[thread_number::remote_partners];
    rt::Stack<partner_stack_bytes> manager;
};

constinit PartnerTask tasks[partner_tasks] {};
constinit Partner partners[partner_tasks][thread_number::remote_partners] {};
constinit Stacks stacks[partner_tasks] {};

}  // namespace

void touch_image ()
{
    for (char const* page = image_begin; page < image_end; page += l4::page_size)
        static_cast<void> (*static_cast<char const volatile*> (page));
    static_cast<void> (*reinterpret_cast<Word const volatile*> (rt::InfoPage::address));
    static_cast<void> (rt::clock ());
}

void PartnerTask::manage (void* task)
{
    auto const& self = *static_cast<PartnerTask*> (task);
    touch_image ();
    rt::IpcResult request = rt::wait ();
    for (;;) {
        if (request.dope.redirected ()) {       // the manager is a chief, but passes nothing on
            request = rt::wait ();
            continue;
        }
        auto& partner = *reinterpret_cast<Partner*> (request.w1);
        if (request.w0 == static_cast<Word> (Request::redirect)) {
            // A case that pages a partner itself has no pages of the image for it, and a case
            // before may have taken them away.
            if (partner.pager_ != pager_id ())
                touch_image ();
            partner.redirect_here ();
        }
        request = rt::reply_and_wait (request.source, { self.id_.low (), 0 });
        if (!request.dope.ok ())
            request = rt::wait ();
    }
}

void PartnerTask::create (Word number, unsigned n)
{
    partners_ = partners[n];
    for (Word i = 0; i < thread_number::remote_partners; ++i) {
        partners_[i] = Partner {};
        partners_[i].stack_top_ = static_cast<Word*> (stacks[n].partners[i].top ());
    }
    auto* const stack = static_cast<Word*> (stacks[n].manager.top ());
    constexpr Word mcp = 255;
    id_ = rt::task_new (own_task_id (number), mcp, prepare_stack (stack, manage, this),
                        thread_entry (), pager_id ());
    if (id_.is_nil ())
        return;
    auto const answer = rt::call (id_, { static_cast<Word> (Request::answer), 0 }, bounded);
    if (!check (answer.dope.ok (), GUEST_PLACE ("partner task", "its manager answers")))
        id_ = l4::ThreadId::nil ();
}

void PartnerTask::redirect (Partner& partner)
{
    rt::Words const request { static_cast<Word> (Request::redirect),
                              reinterpret_cast<Word> (&partner) };
    auto const answer
        = rt::call (partner.id ().with_lthread (thread_number::manager), request, bounded);
    check (answer.dope.ok (), GUEST_PLACE ("partner task", "its manager redirects a thread"));
}

Partner& PartnerTask::start (PartnerFunction function, void* argument, l4::ThreadId pager)
{
    Word n = 0;
    while (n < thread_number::remote_partners && partners_[n].in_use_)
        ++n;
    REQUIRE (n < thread_number::remote_partners);
    Partner& partner = partners_[n];
    partner.id_ = id_.with_lthread (thread_number::first_remote_partner + n);
    partner.redirect_remotely_ = redirect;
    partner.function_ = function;
    partner.argument_ = argument;
    partner.pager_ = pager.is_nil () ? pager_id () : pager;
    partner.done_ = false;
    partner.in_use_ = true;
    partner.restart ();
    return partner;
}

void PartnerTask::park_all ()
{
    for (Word n = 0; n < thread_number::remote_partners; ++n)
        if (!partners_[n].id ().is_nil ())
            partners_[n].release ();
}

PartnerTask& partner_task (unsigned n)
{
    PartnerTask& task = tasks[n];
    if (task.id_.is_nil ())
        task.create (n < lasting_partner_tasks ? task_number (n) : take_task_number (), n);
    REQUIRE (!task.id_.is_nil ());
    return task;
}

void end_partner_tasks ()
{
    for (unsigned n = 0; n < partner_tasks; ++n) {
        if (tasks[n].id_.is_nil ())
            continue;
        if (n < lasting_partner_tasks)
            tasks[n].park_all ();
        else
            tasks[n].id_ = l4::ThreadId::nil ();
    }
}

bool delete_partner_tasks ()
{
    l4::ThreadId const own = rt::info_page ().own;
    bool deleted = true;
    for (unsigned n = 0; n < lasting_partner_tasks; ++n) {
        if (tasks[n].id_.is_nil ())
            continue;
        if (rt::task_new (tasks[n].id_, own.low (), 0, 0, l4::ThreadId::nil ()).is_nil ())
            deleted = false;
        else
            tasks[n].id_ = l4::ThreadId::nil ();
    }
    return deleted;
}

}  // namespace guest
