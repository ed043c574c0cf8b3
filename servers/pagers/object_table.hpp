// SPDX-License-Identifier: BSD-2-Clause
/// @file  The objects of a memory server: numbers for clients, each good for its owner only.
///
/// Nobody tells a server that a client has died. When places get scarce, `collect` asks for each
/// owner whether it still exists.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <array>

#include <l4/thread_id.hpp>
#include <runtime/error.hpp>

namespace pagers {

using l4::Word;

/// @tparam T  what the server keeps per object
template <typename T, std::size_t Capacity>
class ObjectTable {
public:
    static constexpr Word none = ~Word { 0 };

    /// @return its number; `none` if the table is full
    [[nodiscard]] Word create (l4::ThreadId owner)
    {
        for (Word number = 0; number < Capacity; ++number)
            if (places_[number].owner.is_nil ()) {
                places_[number] = { owner, {} };
                return number;
            }
        return none;
    }

    /// The object, if it is the client's.
    [[nodiscard]] T* find (l4::ThreadId client, Word number)
    {
        if (number >= Capacity || places_[number].owner.is_nil ()
            || !places_[number].owner.same_task (client))
            return nullptr;
        return &places_[number].value;
    }

    [[nodiscard]] T& operator[] (Word number) { return places_[number].value; }

    void remove (Word number) { places_[number] = {}; }

    [[nodiscard]] Word count () const
    {
        Word count = 0;
        for (Place const& place : places_)
            count += place.owner.is_nil () ? 0 : 1;
        return count;
    }

    /// @param exists   whether a thread exists
    /// @param release  called with the number of each object whose owner does not
    template <typename Exists, typename Release>
    void collect (Exists exists, Release release)
    {
        for (Word number = 0; number < Capacity; ++number)
            if (!places_[number].owner.is_nil () && !exists (places_[number].owner)) {
                release (number);
                remove (number);
            }
    }

private:
    struct Place {
        l4::ThreadId owner {};          ///< nil: free
        T value {};
    };

    std::array<Place, Capacity> places_ {};
};

}  // namespace pagers
