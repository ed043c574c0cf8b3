// SPDX-License-Identifier: BSD-2-Clause
#include "pager.hpp"

#include <l4/protocol/page_fault.hpp>
#include <runtime/info_page.hpp>
#include <runtime/layout.hpp>
#include <runtime/thread.hpp>

#include "thread_start.hpp"
#include "threads.hpp"

extern "C" char const image_end[];

namespace guest {

namespace {

namespace layout = rt::layout;

constexpr unsigned faults_kept = 16;

// A partner that reads the first word of a page sees whether it is this one.
alignas (l4::page_size) constinit Word spare_page[l4::page_size / sizeof (Word)] {};

constinit rt::Stack<partner_stack_bytes> stack {};
constinit Fault faults[faults_kept] {};
constinit unsigned volatile fault_count = 0;
constinit WindowFaults volatile answer_to_faults = WindowFaults::map_spare_page;

/// What goes back to a thread that faulted.
struct Answer {
    bool silent;
    Word send_base;
    l4::Fpage fpage;
};

constexpr Answer nothing { true, 0, l4::Fpage {} };
constexpr Answer plain { false, 0, l4::Fpage {} };

/// What the root task's pager gives to the test program; anything else would be its end.
[[nodiscard]] bool is_shared (Address a)
{
    return (a >= layout::kernel_info_page && a < reinterpret_cast<Address> (image_end))
           || (a >= layout::anonymous_begin && a < layout::anonymous_end)
           || (a >= layout::stack_begin && a < layout::stack_end);
}

[[nodiscard]] Answer map_page (Address page, Address at)
{
    // The page may be demand-zero for ourselves; only what we have can be mapped.
    static_cast<void> (*reinterpret_cast<Word const volatile*> (page));
    return { false, at, l4::Fpage::memory (page, l4::page_bits) };
}

[[nodiscard]] Answer answer (rt::IpcResult const& message)
{
    l4::PageFaultMessage const fault { message.w0, message.w1 };
    Address const page = fault.address () & ~(l4::page_size - 1);
    if (!fault.is_io () && is_shared (page))
        return map_page (page, page);
    if (!fault.is_io () && page < window_region)
        return nothing;
    faults[fault_count % faults_kept] = { message.source, message.w0, message.w1 };
    fault_count = fault_count + 1;
    if (fault.is_io () || answer_to_faults == WindowFaults::silence)
        return nothing;
    if (answer_to_faults == WindowFaults::plain_answer)
        return plain;
    return map_page (reinterpret_cast<Address> (spare_page), page);
}

void serve (void*)
{
    rt::IpcResult message = rt::wait ();
    for (;;) {
        if (!message.dope.ok ()) {
            message = rt::wait ();
            continue;
        }
        Answer const reply = answer (message);
        if (reply.silent)
            message = rt::wait ();
        else if (reply.fpage == l4::Fpage {})
            message = rt::reply_and_wait (message.source, {});
        else
            message = rt::reply_fpage_and_wait (message.source, reply.send_base, reply.fpage);
    }
}

}  // namespace

void start_pager ()
{
    reset_pager ();
    start_at (thread_number::pager, static_cast<Word*> (stack.top ()), serve, nullptr,
              l4::root_id);
}

l4::ThreadId pager_id ()
{
    return rt::info_page ().own.with_lthread (thread_number::pager);
}

void answer_window_faults (WindowFaults answer)
{
    answer_to_faults = answer;
}

void reset_pager ()
{
    spare_page[0] = spare_page_mark;
    fault_count = 0;
    answer_to_faults = WindowFaults::map_spare_page;
}

unsigned window_faults ()
{
    return fault_count;
}

Fault window_fault (unsigned n)
{
    return faults[n % faults_kept];
}

}  // namespace guest
