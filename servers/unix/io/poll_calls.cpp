// SPDX-License-Identifier: BSD-2-Clause
#include "poll_calls.hpp"

#include <array>

#include "open_file.hpp"

namespace unix_server::calls {

namespace {

struct PollEntry {
    Word descriptor;
    std::uint16_t wanted;
    std::uint16_t found;
};

namespace ready_always {

constexpr Word bad_descriptor = 0x20;
constexpr Word unasked = ready::error | ready::hang_up | bad_descriptor;

}  // namespace ready_always

/// Bits beyond those of open_file.hpp: data with or without a band is all the same here.
constexpr Word normal_input = 0x40, normal_output = 0x100;
[[nodiscard]] constexpr Word with_bands (Word found)
{
    return found | ((found & ready::input) != 0 ? normal_input : 0)
           | ((found & ready::output) != 0 ? normal_output : 0);
}

Word ready_bits (Call& call, Word descriptor)
{
    OpenFile* const file = call.process.descriptors.find (descriptor);
    return file == nullptr ? ready_always::bad_descriptor
                           : with_bands (file->operations->poll (call, *file));
}

/// Nothing is ready: until when to wait.
struct Patience {
    bool is_limited { false };
    Time duration { 0 };
};

/// @return what a call without any ready file does
Outcome wait_or_end (Call& call, Patience const& patience)
{
    if (patience.is_limited) {
        Time const deadline = call.deadline_after (patience.duration);
        if (rt::clock () >= deadline)
            return ok;
        call.listen_until (deadline);
    }
    return Outcome::wait (OnSignal::fail);
}

/// The mask that a call has been given is for as long as it waits.
Outcome with_mask (Call& call, Outcome const& outcome)
{
    if (outcome.kind == Outcome::Kind::answer)
        call.process.signals.end_of_call ();
    return outcome;
}

/// @param mask  0: none  @return false: EFAULT
bool begin_mask (Call& call, Address mask)
{
    std::uint64_t set = 0;
    if (mask == 0 || call.is_retry ())
        return true;
    if (!call.read (set, mask))
        return false;
    call.process.signals.block_for_now (SignalSet { set });
    return true;
}

constexpr Word most_entries = 1024;

Outcome poll_entries (Call& call, Address wanted, Word count, Patience const& patience)
{
    if (count > most_entries)
        return Errno::invalid;
    Word found = 0;
    for (Word i = 0; i < count; ++i) {
        PollEntry entry {};
        Address const at = wanted + i * sizeof entry;
        if (!call.read (entry, at))
            return Errno::fault;
        Word const bits = static_cast<std::int32_t> (entry.descriptor) < 0
                              ? 0
                              : ready_bits (call, entry.descriptor)
                                    & (entry.wanted | ready_always::unasked);
        entry.found = static_cast<std::uint16_t> (bits);
        found += bits != 0 ? 1 : 0;
        if (!call.write (at + offsetof (PollEntry, found), entry.found))
            return Errno::fault;
    }
    return found != 0 ? Outcome { found } : wait_or_end (call, patience);
}

using Set = std::array<Word, Descriptors::capacity / 32>;

struct Sets {
    std::array<Set, 3> sets;        ///< input, output, exceptions
};

constexpr Word input_bits = ready::input | ready::hang_up | ready::error;
constexpr Word output_bits = ready::output | ready::error;
constexpr std::array<Word, 3> bits_of_set { input_bits, output_bits, 0 };

Outcome select_sets (Call& call, Word count, std::array<Address, 3> const& places,
                     Patience const& patience)
{
    if (static_cast<std::int32_t> (count) < 0)
        return Errno::invalid;
    if (count > Descriptors::capacity)
        count = Descriptors::capacity;
    Word const bytes = (count + 31) / 32 * 4;
    Sets wanted {};
    Sets found {};
    for (std::size_t i = 0; i < places.size (); ++i)
        if (places[i] != 0
            && !call.process.space.read (wanted.sets[i].data (), places[i], bytes,
                                         call.system.frames))
            return Errno::fault;
    Word total = 0;
    for (Word descriptor = 0; descriptor < count; ++descriptor) {
        Word const bit = Word { 1 } << descriptor % 32;
        Word const word = descriptor / 32;
        if (((wanted.sets[0][word] | wanted.sets[1][word] | wanted.sets[2][word]) & bit) == 0)
            continue;
        Word const bits = ready_bits (call, descriptor);
        if ((bits & ready_always::bad_descriptor) != 0)
            return Errno::bad_descriptor;
        for (std::size_t i = 0; i < places.size (); ++i)
            if ((wanted.sets[i][word] & bit) != 0 && (bits & bits_of_set[i]) != 0) {
                found.sets[i][word] |= bit;
                ++total;
            }
    }
    if (total == 0)
        if (Outcome const outcome = wait_or_end (call, patience);
            outcome.kind != Outcome::Kind::answer)
            return outcome;
    for (std::size_t i = 0; i < places.size (); ++i)
        if (places[i] != 0
            && !call.process.space.write (places[i], found.sets[i].data (), bytes,
                                          call.system.frames))
            return Errno::fault;
    return total;
}

template <typename Spec>
Result read_patience (Call& call, Address timeout, Patience& patience)
{
    Spec spec {};
    if (timeout == 0)
        return ok;
    if (!call.read (spec, timeout))
        return Errno::fault;
    patience.is_limited = true;
    return to_time (spec, patience.duration) ? Result { ok } : Result { Errno::invalid };
}

/// Linux tells what is left of the time.
template <typename Spec>
void tell_rest (Call& call, Address timeout, Outcome const& outcome)
{
    if (timeout == 0 || (outcome.kind == Outcome::Kind::wait && !call.is_interrupted ()))
        return;
    Time const now = rt::clock ();
    Time const deadline = call.process.pending.deadline;
    // If it cannot be written there, that is no error.
    static_cast<void> (
        call.write (timeout, from_time<Spec> (deadline > now ? deadline - now : 0)));
}

}  // namespace

Outcome poll (Call& call, Address wanted, Word count, Word milliseconds)
{
    bool const is_limited = static_cast<std::int32_t> (milliseconds) >= 0;
    return poll_entries (call, wanted, count, { is_limited, Time { milliseconds } * 1000 });
}

Outcome ppoll (Call& call, Address wanted, Word count, Address timeout, Address mask,
               Word set_size)
{
    Patience patience;
    if (mask != 0 && set_size != sizeof (std::uint64_t))
        return Errno::invalid;
    if (Result const read = read_patience<TimeSpec> (call, timeout, patience); !read.ok ())
        return read;
    if (!begin_mask (call, mask))
        return Errno::fault;
    return with_mask (call, poll_entries (call, wanted, count, patience));
}

Outcome select (Call& call, Word count, Address input, Address output, Address exceptions,
                Address timeout)
{
    Patience patience;
    if (Result const read = call.is_retry ()
                                ? Result { ok }
                                : read_patience<TimeValue> (call, timeout, patience);
        !read.ok ())
        return read;
    patience.is_limited = timeout != 0;
    Outcome const outcome
        = select_sets (call, count, { input, output, exceptions }, patience);
    tell_rest<TimeValue> (call, timeout, outcome);
    return outcome;
}

Outcome pselect6 (Call& call, Word count, Address input, Address output, Address exceptions,
                  Address timeout, Address mask)
{
    struct { Address set; Word size; } place { 0, 0 };
    Patience patience;
    if (Result const read = call.is_retry () ? Result { ok }
                                             : read_patience<TimeSpec> (call, timeout, patience);
        !read.ok ())
        return read;
    patience.is_limited = timeout != 0;
    if (mask != 0 && !call.read (place, mask))
        return Errno::fault;
    if (place.set != 0 && place.size != sizeof (std::uint64_t))
        return Errno::invalid;
    if (!begin_mask (call, place.set))
        return Errno::fault;
    Outcome const outcome
        = select_sets (call, count, { input, output, exceptions }, patience);
    tell_rest<TimeSpec> (call, timeout, outcome);
    return with_mask (call, outcome);
}

Outcome old_select (Call& call, Address arguments)
{
    struct { Word count; Address input, output, exceptions, timeout; } all {};
    return call.read (all, arguments)
               ? select (call, all.count, all.input, all.output, all.exceptions, all.timeout)
               : Outcome { Errno::fault };
}

}  // namespace unix_server::calls
