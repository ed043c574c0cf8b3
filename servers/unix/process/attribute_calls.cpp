// SPDX-License-Identifier: BSD-2-Clause
#include "attribute_calls.hpp"

#include <runtime/kip.hpp>

namespace unix_server::calls {

namespace {

constexpr Word unlimited = ~Word { 0 };
constexpr std::uint64_t unlimited_64 = ~std::uint64_t { 0 };

struct Limit {
    Word now, most;
};
struct Limit64 {
    std::uint64_t now, most;
};

/// Limits that there are, by Linux's numbers. They cannot be changed.
Word limit_of (Word resource)
{
    constexpr Word stack = 3, core = 4, processes = 6, files = 7, resident = 5;
    switch (resource) {
    case stack: return layout::stack_end - layout::stack_begin;
    case core: return 0;
    case processes: return Processes::capacity;
    case files: return 256;
    case resident:
    default: return unlimited;
    }
}
constexpr Word resources = 16;

/// Not so good that a key could be made of it: there is no source of chance but time.
Word next_random ()
{
    static constinit Word state = 0x2545F491;
    state ^= static_cast<Word> (rt::clock ());
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

bool is_root (Word user) { return user == 0 || user == ~Word { 0 } || user == 0xFFFF; }
Result only_root (bool root) { return root ? Result { ok } : Result { Errno::invalid }; }

}  // namespace

Outcome prctl (Call& call, Word option, Word argument)
{
    constexpr Word set_name = 15, get_name = 16, capability = 23, get_dumpable = 3,
                   set_dumpable = 4;
    auto& name = call.process.name;
    switch (option) {
    case set_name:
        for (Word i = 0; i + 1 < name.size (); ++i) {
            if (!call.read (name[i], argument + i))
                return Errno::fault;
            if (name[i] == '\0')
                break;
        }
        return ok;
    case get_name: return call.write (argument, name) ? Outcome { ok } : Outcome { Errno::fault };
    case capability: {
        constexpr Word last = 40;
        return argument <= last ? Outcome { Word { 1 } } : Outcome { Errno::invalid };
    }
    case get_dumpable:
    case set_dumpable: return ok;
    }
    return Errno::invalid;
}

Outcome getrlimit (Call& call, Word resource, Address to)
{
    if (resource >= resources)
        return Errno::invalid;
    Word const limit = limit_of (resource);
    return call.write (to, Limit { limit, limit }) ? Outcome { ok } : Outcome { Errno::fault };
}

Outcome setrlimit (Call& call, Word resource, Address from)
{
    Limit wanted {};
    if (resource >= resources)
        return Errno::invalid;
    return call.read (wanted, from) ? Outcome { ok } : Outcome { Errno::fault };
}

Outcome prlimit64 (Call& call, Word pid, Word resource, Address wanted, Address old)
{
    Limit64 in {};
    if (resource >= resources)
        return Errno::invalid;
    if (pid != 0 && call.system.processes.find_alive (pid) == nullptr)
        return Errno::no_process;
    std::uint64_t const limit
        = limit_of (resource) == unlimited ? unlimited_64 : limit_of (resource);
    if ((wanted != 0 && !call.read (in, wanted))
        || (old != 0 && !call.write (old, Limit64 { limit, limit })))
        return Errno::fault;
    return ok;
}

Outcome getrandom (Call& call, Address to, Word size, Word flags)
{
    constexpr Word known_flags = 7;
    constexpr Word most = 256;
    if ((flags & ~known_flags) != 0)
        return Errno::invalid;
    Word const count = size < most ? size : most;
    for (Word done = 0; done < count; ++done)
        if (!call.write (to + done, static_cast<std::uint8_t> (next_random () >> 11)))
            return done != 0 ? Outcome { done } : Outcome { Errno::fault };
    return count;
}

/// What is to be done with locks when a thread ends: there is one thread.
Result set_robust_list (Call&, Address, Word size)
{
    constexpr Word list_size = 12;
    return size == list_size ? Result { ok } : Result { Errno::invalid };
}

/// 20 - the nice value.
Result getpriority (Call&, Word, Word) { return Word { 20 }; }
Result setpriority (Call&, Word, Word, Word) { return ok; }

Result become (Call&, Word user) { return only_root (is_root (user)); }
Result become_two (Call&, Word real, Word effective)
{
    return only_root (is_root (real) && is_root (effective));
}
Result become_three (Call&, Word real, Word effective, Word saved)
{
    return only_root (is_root (real) && is_root (effective) && is_root (saved));
}

Outcome tell_three (Call& call, Address real, Address effective, Address saved)
{
    constexpr Word root = 0;
    return call.write (real, root) && call.write (effective, root) && call.write (saved, root)
               ? Outcome { ok }
               : Outcome { Errno::fault };
}

Result getgroups (Call&, Word) { return ok; }
Result setgroups (Call&, Word) { return ok; }

}  // namespace unix_server::calls
