// SPDX-License-Identifier: BSD-2-Clause
#include <core/kernel.hpp>

#include <core/interrupt.hpp>
#include <core/kernel_memory.hpp>
#include <core/kip.hpp>
#include <core/map.hpp>
#include <core/panic.hpp>
#include <core/preemption.hpp>
#include <core/scheduler.hpp>
#include <core/space.hpp>
#include <core/task_table.hpp>
#include <core/thread_table.hpp>
#include <core/time.hpp>
#include <core/wakeup.hpp>
#include <lib/align.hpp>
#include <lib/assert.hpp>
#include <lib/format.hpp>

#include <machine/clock.hpp>
#include <machine/console.hpp>
#include <machine/context.hpp>
#include <machine/idle.hpp>
#include <machine/kernel_image.hpp>
#include <machine/tcb_area.hpp>

namespace kernel {

using machine::console;

namespace {

constexpr Word initial_priority = 16;
constexpr Word highest_mcp = 255;
constexpr Word smallest_pool = 256 * 1024;
constexpr Word largest_pool = 16 * 1024 * 1024;
constexpr Word pool_share = 8;              ///< of RAM
constexpr Word quota_share = 2;             ///< of the pool

l4::MemoryRange pool;

Word default_pool_size ()
{
    Word const share = info_page::total_ram () / pool_share;
    return share < smallest_pool ? smallest_pool : share > largest_pool ? largest_pool : share;
}

/// Thread 0 of task 0 runs when no other is ready. The first threads inherit from it.
Tcb& create_idle ()
{
    CHECK (machine::tcb_area::provide (l4::ThreadId::nil (), kernel_quota ()));
    Tcb& idle = machine::tcb_area::tcb (l4::ThreadId::nil ());
    idle.state = ThreadState::ready;
    idle.priority = initial_priority;
    idle.mcp = highest_mcp;
    scheduler::set_slice (idle, scheduler::default_slice);
    scheduler::set_idle (idle);
    return idle;
}

l4::Profile initial_profile (lib::BootOptions const& options)
{
    return options.profile == lib::BootOptions::Profile::strict ? l4::Profile::strict
                                                                : l4::Profile::l4env;
}

/// A task whose thread 0 has no instruction pointer yet.
Tcb& create_initial_task (l4::ThreadId id, l4::Profile profile, Tcb const& creator,
                          l4::ThreadId pager)
{
    Space* space = Space::create (id, profile, Quota::unlimited);
    CHECK (space != nullptr);
    task_table::set_space (id.task (), space);
    Tcb* tcb = thread_table::create ({ id, *space, creator, pager });
    CHECK (tcb != nullptr);
    return *tcb;
}

/// sigma0 finds the physical address of the kernel info page on its stack. Its space maps every
/// address to itself, so the word is written through that space.
void start_sigma0 (Tcb& sigma0)
{
    Address const esp = kip.sigma0.esp - sizeof (Word);
    Address const stack_page = esp & ~(l4::page_size - 1);
    machine::PageEntry* const entry
        = sigma0.space->directory ().provide_entry (stack_page, sigma0.space->quota ());
    CHECK (entry != nullptr);
    *entry = machine::entry_for ({ stack_page, true, true, false });
    machine::load_space (*sigma0.space);
    *reinterpret_cast<Word*> (esp) = machine::to_physical (&kip);
    sigma0.mcp = 0;
    thread_table::start (sigma0, kip.sigma0.eip, esp);
}

void check_loaded ()
{
    if (kip.sigma0.eip == 0 || kip.sigma0.esp < l4::page_size)
        panic ("the loader gave no sigma0");
    if (kip.root.eip == 0)
        panic ("the loader gave no root task");
}

/// A string of at most 63 characters, put together by `lib::print`.
struct FeatureText {
    char text[64];
    unsigned length { 0 };

    void put (char c)
    {
        if (length < sizeof text)
            text[length++] = c;
    }
    [[nodiscard]] std::string_view view () const { return { text, length }; }
};

template <typename... Parts>
void add_feature (Parts const&... parts)
{
    FeatureText feature;
    lib::print (feature, parts...);
    info_page::add_string (feature.view ());
}

/// The form of the page follows the profile of the root task.
void publish_facts (MachineFacts const& facts)
{
    kip.kernel_memory = kernel_frames.total_frames () * FrameAllocator::frame_size;
    kip.free_kernel_memory = kernel_frames.free_frames () * FrameAllocator::frame_size;
    if (initial_profile (facts.options) == l4::Profile::strict) {
        info_page::publish_classic (machine::kernel_image (), pool);
        kip.processor_frequency = facts.processor_khz / 1000;
    } else {
        info_page::publish_2007 (pool);
        kip.processor_frequency = facts.processor_khz;
    }
    add_feature ("Pecan 0.1 ", facts.image);
    add_feature ("pecan:image=", facts.image);
    add_feature ("pecan:cpu=", facts.processor);
    add_feature ("pecan:limits=", facts.enforces_limits ? "enforced" : "none");
    add_feature ("pecan:small=", facts.has_small_spaces ? "on" : "off");
    auto const serial = facts.options.serial;
    if (serial.is_on ())
        add_feature ("pecan:serial=0x", lib::hex (serial.port), ',', serial.baud);
    else
        add_feature ("pecan:serial=off");
    if (facts.has_time_stamp_counter)
        add_feature ("pecan:tsc");
    if (facts.options.preempters)
        add_feature ("pecan:preempter");
    add_feature ("pecan:tls");
}

}  // namespace

void take_memory (lib::BootOptions const& options)
{
    Word const size = options.kernel_memory_kb != 0 ? options.kernel_memory_kb * 1024
                                                    : default_pool_size ();
    pool = info_page::find_free (lib::align_up (size, l4::page_size), machine::window_size);
    if (pool.is_empty ())
        panic ("not enough memory for the kernel");
    Word const quota = options.task_quota_kb != 0 ? options.task_quota_kb * 1024
                                                  : (pool.high - pool.low) / quota_share;
    l4::MemoryRange shown = machine::show_pool (pool);
    wakeup::take_room (shown);
    initialise_kernel_memory (shown, quota);
    reserve_for_kernel (machine::kernel_image (), pool);
}

void run (MachineFacts const& facts)
{
    check_loaded ();
    machine::tcb_area::initialise ();
    task_table::initialise ();
    Tcb& idle = create_idle ();
    l4::Profile const profile = initial_profile (facts.options);
    Tcb& sigma0 = create_initial_task (l4::sigma0_id, profile, idle, l4::ThreadId::nil ());
    Tcb& root = create_initial_task (l4::root_id, profile, idle, l4::sigma0_id);
    if (profile == l4::Profile::l4env)
        CHECK (map_kernel_info_page (*root.space));

    lib::print (console, "Pecan 0.1, ", facts.image, " kernel on a ", facts.processor, ", ",
                info_page::total_ram () / 1024, " KB of RAM, ", (pool.high - pool.low) / 1024,
                " KB for the kernel, segment limits ",
                facts.enforces_limits ? "enforced" : "not enforced", '\n');
    publish_facts (facts);
    if (facts.options.preempters)
        preemption::enable ();
    start_sigma0 (sigma0);
    thread_table::start (root, kip.root.eip, kip.root.esp);
    machine::start_clock ();
    machine::idle (idle);
}

void clock_tick (bool in_user_mode)
{
    now = now + 1;
    kip.clock += tick_microseconds;
    kip.free_kernel_memory = kernel_frames.free_frames () * FrameAllocator::frame_size;
    wakeup::tick ();
    scheduler::tick (in_user_mode);
}

}  // namespace kernel
