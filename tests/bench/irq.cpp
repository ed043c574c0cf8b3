// SPDX-License-Identifier: BSD-2-Clause
/// @file  bench irq: from an interrupt of a device to the first instruction of its handler.
///
/// The handler waits for line 1 with a higher priority than this thread, which raises the line by
/// a command to the keyboard (loops.asm). What the same instructions take without a handler is
/// taken off. In QEMU the line is raised in the OUT itself, so what is left is the kernel's path
/// from the vector on; elsewhere the keyboard's own delay is in the figure, too.
#include <runtime/info_page.hpp>

#include <framework/devices.hpp>
#include <framework/partner.hpp>
#include <framework/partner_task.hpp>
#include <framework/time.hpp>

#include "bench.hpp"
#include "loops.hpp"

namespace bench {

namespace {

using guest::Keyboard;

constexpr l4::ThreadId interrupt = l4::interrupt_id (Keyboard::line);

bool volatile handler_serves;

void handle (void*)
{
    // With a timeout of zero these attach and detach.
    static_cast<void> (rt::receive (handler_serves ? interrupt : l4::ThreadId::nil (),
                                    guest::no_waiting));
    if (handler_serves)
        bench_handle_interrupts_tsc (interrupt.low ());
}

/// Give it this thread's priority, or one above that so that it preempts this thread.
void set_priority (l4::ThreadId thread, Word above)
{
    constexpr l4::ScheduleParameter read_only { l4::unchanged };
    auto const own = rt::thread_schedule (rt::info_page ().own, read_only).old;
    rt::thread_schedule (thread, { own.priority () + above, own.slice () });
}

/// The line is free afterwards, and the thread a partner like others.
void end_handler (guest::Partner& handler)
{
    handler_serves = false;
    handler.restart ();
    if (!handler.finish ())
        fail ("irq: the handler does not end");
    set_priority (handler.id (), 0);
    handler.release ();
}

/// Time stamp units between two events without an interrupt between them.
[[nodiscard]] Word overhead (unsigned batches)
{
    Word least = ~Word { 0 };
    for (unsigned i = 0; i < batches; ++i) {
        least = std::min (least, bench_raise_nothing_tsc ());
        guest::sleep_milliseconds (1);
        Keyboard::serve ();
    }
    return least;
}

/// One turn soon after the other, so that what they use is in the caches.
[[nodiscard]] Word latency ()
{
    Word const old = bench_interrupt_time;
    Word const begin = bench_raise_line_tsc ();
    guest::Microseconds const limit = guest::now () + 2 * guest::kernel_tick;
    while (bench_interrupt_time == old && guest::now () < limit)
        ;
    if (bench_interrupt_time == old)
        fail ("irq: the handler does not run");
    Keyboard::serve ();
    return bench_interrupt_time - begin;
}

void measure (Setting const& setting, std::string_view name, Word overhead,
              guest::Partner& handler)
{
    unsigned const batches = setting.options.batches;
    guest::settle ();
    set_priority (handler.id (), 1);
    for (unsigned i = 0; i < batches; ++i)
        samples[i] = per_operation (latency () - overhead, 1).value;
    print_samples (setting, "irq", name);
    end_handler (handler);
}

}  // namespace

void run_irq (Setting const& setting)
{
    if (setting.clock.clock != Clock::tsc)
        fail ("irq: this is measured by the time stamp counter only");
    Keyboard::acquire ();
    Word const taken_off = overhead (setting.options.batches);
    if (setting.options.wants ("different-spaces")) {
        handler_serves = true;
        measure (setting, "different-spaces", taken_off,
                 guest::partner_task ().start (handle, nullptr));
    }
    if (setting.options.wants ("same-space")) {
        handler_serves = true;
        measure (setting, "same-space", taken_off, guest::start_partner (handle, nullptr));
    }
}

}  // namespace bench
