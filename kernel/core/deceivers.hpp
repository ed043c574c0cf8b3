// SPDX-License-Identifier: BSD-2-Clause
/// @file  Threads of one task that wait to send under another's name.
///
/// A thread in a closed receive from V also accepts a chief that deceives as V, from any thread
/// of the chief's task. To find such a sender without walking through everybody who is pending,
/// each task keeps its deceivers sorted by what they wait for. A look-up takes eight steps,
/// whatever users do.
///
/// Invariant: the keys of the numbers kept grow strictly.
#pragma once

#include <cstdint>

#include <l4/thread_id.hpp>
#include <lib/assert.hpp>

namespace kernel {

class Deceivers {
public:
    /// What a deceiver waits for; the one with the lesser arrival came first.
    struct Key {
        l4::Word receiver;          ///< low word of its id
        l4::Word source_low;        ///< the name used
        l4::Word source_high;
        std::uint64_t arrival;

        /// Field by field: a three-way comparison takes the kernel twice as long.
        [[nodiscard]] constexpr bool operator< (Key const& other) const
        {
            if (receiver != other.receiver)
                return receiver < other.receiver;
            if (source_low != other.source_low)
                return source_low < other.source_low;
            if (source_high != other.source_high)
                return source_high < other.source_high;
            return arrival < other.arrival;
        }
    };

    static constexpr l4::Word none = ~l4::Word { 0 };

    // `key_of (lthread)` returns the key of a thread that is kept here.

    template <typename KeyOf>
    void insert (l4::Word lthread, KeyOf key_of)
    {
        ASSERT (count_ < l4::ThreadId::threads_per_task);
        unsigned const place = first_from (key_of (lthread), key_of);
        __builtin_memmove (lthreads_ + place + 1, lthreads_ + place, count_ - place);
        lthreads_[place] = static_cast<std::uint8_t> (lthread);
        ++count_;
    }

    template <typename KeyOf>
    void remove (l4::Word lthread, KeyOf key_of)
    {
        unsigned const place = first_from (key_of (lthread), key_of);
        ASSERT (place < count_ && lthreads_[place] == lthread);
        --count_;
        __builtin_memmove (lthreads_ + place, lthreads_ + place + 1, count_ - place);
    }

    /// The first to arrive of those that wait for `receiver` under the name `source`.
    template <typename KeyOf>
    [[nodiscard]] l4::Word find (l4::Word receiver, l4::ThreadId source, KeyOf key_of) const
    {
        unsigned const place = first_from ({ receiver, source.low (), source.high (), 0 }, key_of);
        if (place == count_)
            return none;
        Key const key = key_of (lthreads_[place]);
        bool const fits = key.receiver == receiver && key.source_low == source.low ()
                          && key.source_high == source.high ();
        return fits ? lthreads_[place] : none;
    }

    [[nodiscard]] bool is_empty () const { return count_ == 0; }

private:
    /// The first place with a key not less than `key`.
    template <typename KeyOf>
    [[nodiscard, gnu::noinline]] unsigned first_from (Key const& key, KeyOf key_of) const
    {
        unsigned begin = 0, end = count_;
        while (begin < end) {
            unsigned const middle = (begin + end) / 2;
            if (key_of (lthreads_[middle]) < key)
                begin = middle + 1;
            else
                end = middle;
        }
        return begin;
    }

    std::uint8_t lthreads_[l4::ThreadId::threads_per_task] {};
    unsigned count_ { 0 };
};

}  // namespace kernel
