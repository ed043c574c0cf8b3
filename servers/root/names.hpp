// SPDX-License-Identifier: BSD-2-Clause
/// @file  The name service: which thread is known under which name.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <array>

#include <l4/thread_id.hpp>
#include <runtime/message.hpp>

namespace root {

using l4::Word;
using rt::Error;
using rt::Name;

class Names {
public:
    static constexpr std::size_t capacity = 32;

    /// A task may bind its name again, to another thread.
    [[nodiscard]] Error bind (Name const& name, l4::ThreadId thread)
    {
        if (name.view ().empty ())
            return Error::bad_request;
        Entry* place = nullptr;
        for (Entry& entry : entries_) {
            bool const used = !entry.thread.is_nil ();
            if (used && entry.name == name && !entry.thread.same_task (thread))
                return Error::taken;
            if ((used && entry.name == name) || (!used && place == nullptr))
                place = &entry;
        }
        if (place == nullptr)
            return Error::no_place;
        *place = { name, thread };
        return Error::none;
    }

    /// @return nil: nobody has this name
    [[nodiscard]] l4::ThreadId find (Name const& name) const
    {
        for (Entry const& entry : entries_)
            if (!entry.thread.is_nil () && entry.name == name)
                return entry.thread;
        return l4::ThreadId::nil ();
    }

    /// The task is gone: so are its names.
    void forget (l4::ThreadId task)
    {
        for (Entry& entry : entries_)
            if (!entry.thread.is_nil () && entry.thread.same_task (task))
                entry = {};
    }

private:
    struct Entry {
        Name name;
        l4::ThreadId thread;        ///< nil: unused
    };

    std::array<Entry, capacity> entries_ {};
};

}  // namespace root
