// SPDX-License-Identifier: BSD-2-Clause
/// @file  bench driver: what it costs that a driver is a task. For a disk with a partition 2 of our
///        own on the second drive (tools/run --data-disk).
///
/// `request` is the shortest: two words to the disk driver and its answer. `describe` is one with
/// work, but without the device. `interrupt` begins with the OUT that makes the drive raise its
/// line, and ends behind it: the driver, whose priority is higher, has taken the interrupt, has
/// read the drive's status, and waits again. What the OUT costs without interrupts is taken off.
///
/// `read-n` and `write-n` move n sectors. A thread of the lowest priority counts while everybody
/// waits for the device, and what it executes is taken off: the figure is what processors have to
/// do for a request, whatever the device takes.
#include <drivers/block/protocol.hpp>
#include <runtime/ia32/ports.hpp>
#include <runtime/thread.hpp>

#include <framework/time.hpp>

#include "section.hpp"

namespace bench {

namespace {

using block::Extent;
using rt::Error;

constexpr Word drive = 1;
constexpr Word unit = block::unit (drive, 2);
constexpr Word requests = 8;

alignas (l4::page_size) constinit Word buffer[l4::page_size / sizeof (Word)] {};
constinit block::Disk disk {};

/// For a model of the processors: before and behind a path.
void mark_begin () { asm volatile (".byte 0x66, 0x87, 0xC9" : : : "memory"); }
void mark_end () { asm volatile (".byte 0x66, 0x87, 0xD2" : : : "memory"); }

void require (bool holds)
{
    if (!holds)
        fail ("driver: no answer as it should be; this needs a data disk");
}

template <typename Request>
void measure_requests (Setting const& setting, std::string_view name, Request request)
{
    measure_section (setting, "driver", name, requests, [] {}, [&] {
        for (Word i = 0; i < requests; ++i) {
            mark_begin ();
            request ();
            mark_end ();
        }
    });
}

// The drive's registers: bench may use them while the driver waits.

constexpr Word reg_drive = 0x1F6;
constexpr Word reg_command = 0x1F7;
constexpr Word reg_control = 0x3F6;
constexpr unsigned second_drive = 0xB0;
constexpr unsigned recalibrate = 0x10;
constexpr unsigned interrupts = 0x08;
constexpr unsigned no_interrupts = 0x0A;

void raise (unsigned control)
{
    guest::sleep_milliseconds (1);
    rt::out8 (reg_control, static_cast<std::uint8_t> (control));
    rt::out8 (reg_drive, second_drive);
}

[[nodiscard]] Word time_of_out ()
{
    Word const begin = static_cast<Word> (bench_counter_tsc ());
    mark_begin ();
    rt::out8 (reg_command, recalibrate);
    mark_end ();
    return static_cast<Word> (bench_counter_tsc ()) - begin;
}

void measure_interrupt (Setting const& setting)
{
    if (!setting.options.wants ("interrupt"))
        return;
    unsigned const batches = setting.options.batches;
    Word overhead = ~Word { 0 };
    for (unsigned i = 0; i < batches; ++i) {
        raise (no_interrupts);
        overhead = std::min (overhead, time_of_out ());
        static_cast<void> (rt::in8 (reg_command));
    }
    for (unsigned i = 0; i < batches; ++i) {
        raise (interrupts);
        samples[i] = per_operation (time_of_out () - overhead, 1).value;
    }
    print_samples (setting, "driver", "interrupt");
}

/// Counts what nobody else needs: two instructions a turn.
constexpr Word idle_thread = 40;
constexpr Word instructions_per_turn = 2;
rt::Stack<512> idle_stack;
Word idle_turns;

void count_idle_turns (void*)
{
    for (;;)
        asm volatile ("1: incl %0\n\tjmp 1b" : "+m" (idle_turns));
}

[[nodiscard]] Word turns () { return *const_cast<Word volatile*> (&idle_turns); }

template <typename Request>
void measure_transfer (Setting const& setting, std::string_view name, Request request)
{
    if (!setting.options.wants (name))
        return;
    for (unsigned i = 0; i < setting.options.batches; ++i) {
        Word const idle = turns ();
        Word const begin = static_cast<Word> (bench_counter_tsc ());
        for (Word n = 0; n < requests; ++n)
            request ();
        Word const all = static_cast<Word> (bench_counter_tsc ()) - begin;
        samples[i] = per_operation (all - (turns () - idle) * instructions_per_turn,
                                    requests).value;
    }
    print_samples (setting, "driver", name);
}

void measure_transfers (Setting const& setting)
{
    if (!setting.clock.counts_instructions)
        return;
    l4::ThreadId const idle = rt::start_thread (idle_thread, idle_stack.top (), count_idle_turns);
    auto const own = rt::thread_schedule (idle, l4::ScheduleParameter { l4::unchanged }).old;
    rt::thread_schedule (idle, { 0, own.slice () });
    struct Case {
        std::string_view read, write;
        Word sectors;
    };
    constexpr Case cases[] = { { "read-1", "write-1", 1 }, { "read-8", "write-8", 8 } };
    for (Case const& c : cases) {
        Extent const extent = Extent::of (unit, 0, c.sectors);
        measure_transfer (setting, c.read,
                          [&] { require (disk.read (extent, buffer) == Error::none); });
        measure_transfer (setting, c.write,
                          [&] { require (disk.write (extent, buffer) == Error::none); });
    }
}

}  // namespace

void run_driver (Setting const& setting)
{
    if (setting.clock.clock != Clock::tsc)
        fail ("driver: this is measured by the time stamp counter only");
    require (disk.describe (unit).ok ());
    l4::ThreadId const driver = disk.device ().thread ();
    measure_requests (setting, "request", [&] {
        require (rt::call (driver, rt::Words { 0, 0 }).w0
                 == static_cast<Word> (Error::bad_request));
    });
    measure_requests (setting, "describe", [] { require (disk.describe (unit).ok ()); });
    measure_interrupt (setting);
    measure_transfers (setting);
}

}  // namespace bench
