// SPDX-License-Identifier: BSD-2-Clause
/// @file  Small address spaces: which there are, who is in which, and moving partner tasks.
///
/// Cases use partner tasks 2 and 3, which are made for one case: the lasting ones have windows
/// far up and are large.
#pragma once

#include <l4/schedule.hpp>
#include <runtime/kip.hpp>

#include "memory.hpp"
#include "partner_task.hpp"
#include "probes.hpp"
#include "time.hpp"

namespace guest {

constexpr unsigned first_small_task = lasting_partner_tasks;

/// End of the smallest small space.
constexpr Address small_end = l4::superpage_size;
/// Nothing is there: neither the framework nor its pager uses it.
constexpr Address small_window = rt::layout::regions_begin;

/// The field of thread_schedule for space `nr` of `megabytes`.
[[nodiscard]] constexpr Word space_number (Word megabytes, Word nr)
{
    return megabytes / 4 + nr * megabytes / 2;
}

[[nodiscard]] inline l4::ScheduleParameter parameters_of_task (l4::ThreadId thread)
{
    return rt::thread_schedule (thread, l4::ScheduleParameter { l4::unchanged }).old;
}

/// Where the task of `thread` is; 0: it is large.
[[nodiscard]] inline Word small_space_of (l4::ThreadId thread)
{
    return parameters_of_task (thread).small_space ();
}

/// Ask for `number`. @return whether the task is there now
inline bool move_to (l4::ThreadId thread, Word number)
{
    l4::ScheduleParameter const old = parameters_of_task (thread);
    static_cast<void> (rt::thread_schedule (
        thread, l4::ScheduleParameter { old.priority (), old.slice (), number }));
    return small_space_of (thread) == number;
}

inline void require_small_spaces ()
{
    if (rt::kip_feature ("small").value != "on")
        SKIP ("there are no small spaces");
}

inline void require_limits ()
{
    if (rt::kip_feature ("limits").value != "enforced")
        SKIP ("this machine does not enforce limits");
}

/// Move the tasks to 4 MB each, `second` just behind `first`. @return the number of the first
inline Word place_side_by_side (l4::ThreadId first, l4::ThreadId second)
{
    for (Word nr = 125; nr > 0; --nr)
        if (move_to (first, space_number (4, nr)) && move_to (second, space_number (4, nr + 1)))
            return space_number (4, nr);
    SKIP ("no two neighbours are free");
}

/// Partner task `first_small_task + n`, in a small space.
inline PartnerTask& small_task (unsigned n = 0)
{
    require_small_spaces ();
    PartnerTask& task = partner_task (first_small_task + n);
    if (small_space_of (task.id ()) == 0)
        SKIP ("all small spaces are taken");
    return task;
}

/// Map the page at `source` of the test program to that task.
inline void give_page (unsigned n, Address source, Address target)
{
    map_page (source, target, first_small_task + n);
}

/// What the task has at `address`.
[[nodiscard]] inline Word value_in (PartnerTask& task, Address address)
{
    struct Reading {
        Address at;
        Word value;
    };
    Reading reading { address, 0 };
    Partner& reader = task.start ([] (void* r) {
        auto& self = *static_cast<Reading*> (r);
        self.value = guest_read (self.at);
    }, &reading);
    CHECK (reader.finish ());
    reader.release ();
    return reading.value;
}

/// The address, but for its low two bits, at which `partner`, whose pager is the case, faults.
/// Then it is stopped.
[[nodiscard]] inline Address fault_of (Partner& partner)
{
    auto const fault = rt::receive (partner.id (), within (50));
    bool const faulted = fault.dope.ok ();
    CHECK (faulted && !partner.done ());
    partner.release ();
    return faulted ? fault.w0 & ~Word { 3 } : 0;
}

[[nodiscard]] inline Address fault_of_read (PartnerTask& task, Address address)
{
    static Address at;
    at = address;
    return fault_of (task.start ([] (void*) { static_cast<void> (guest_read (at)); }, nullptr,
                                 rt::myself ()));
}

/// Bytes at the end of 4 MB that cases may write: the bottom of the supervisor's stack. They are
/// put back.
class LastBytes {
public:
    static constexpr unsigned size = 256;
    static constexpr Address begin = small_end - size;

    LastBytes ()
    {
        for (unsigned n = 0; n < size / sizeof (Word); ++n)
            saved_[n] = word_at (begin + n * sizeof (Word));
    }
    ~LastBytes ()
    {
        for (unsigned n = 0; n < size / sizeof (Word); ++n)
            word_at (begin + n * sizeof (Word)) = saved_[n];
    }
    LastBytes (LastBytes const&) = delete;
    LastBytes& operator= (LastBytes const&) = delete;

private:
    Word saved_[size / sizeof (Word)];
};

/// A task, and its neighbour with a page at its address 0 that tells when it is touched.
struct Neighbours {
    PartnerTask& task;
    Word home;                  ///< of the task
    Address guard;              ///< the test program's name of the neighbour's page

    /// @param behind  the neighbour lies behind the task, else before it
    [[nodiscard]] static Neighbours place (bool behind)
    {
        PartnerTask& task = small_task (0);
        PartnerTask& neighbour = small_task (1);
        Word const first = behind ? place_side_by_side (task.id (), neighbour.id ())
                                  : place_side_by_side (neighbour.id (), task.id ());
        Address const guard = take_pages ();
        for (Word offset = sizeof (Word); offset < l4::page_size; offset += sizeof (Word))
            word_at (guard + offset) = 0;
        give_page (1, guard, 0);
        CHECK_EQUAL (value_in (neighbour, 0), page_mark (guard));
        // The last page is there, so that nothing but the limit can be in the way.
        CHECK_EQUAL (value_in (task, LastBytes::begin), word_at (LastBytes::begin));
        return { task, behind ? first : first + 2, guard };
    }

    void check_untouched (char const* name) const
    {
        bool untouched = word_at (guard) == page_mark (guard);
        for (Word offset = sizeof (Word); offset < l4::page_size; offset += sizeof (Word))
            untouched = untouched && word_at (guard + offset) == 0;
        check (untouched, { "small_spaces.hpp", __LINE__, "the neighbour is untouched", name });
    }
};

}  // namespace guest
