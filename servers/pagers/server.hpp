// SPDX-License-Identifier: BSD-2-Clause
/// @file  The loop of a memory server: protocol.hpp on one side, a `Memory` on the other.
///
/// `Memory` has what the server can do; what it has not is answered with bad_request:
///     rt::Reply<Word>    open (client, Open const&), clone (client, object), size (client, object)
///     rt::Error          close (client, object)
///     PageAnswer         request (client, object, page, write)
///     Statistics::Answer statistics ()
///     l4::Fpage          map_all (client, object): not valid for "no"
///     rt::Answer         other (rt::Incoming const&): requests of its own
#pragma once

#include <root/protocol.hpp>
#include <runtime/layout.hpp>
#include <runtime/print.hpp>
#include <runtime/server.hpp>

#include "copy_on_write.hpp"

namespace pagers {

/// Whether a thread exists: the kernel tells the state of every one.
[[nodiscard]] inline bool exists (l4::ThreadId thread)
{
    return rt::thread_schedule (thread, l4::ScheduleParameter { l4::unchanged }).old.raw ()
           != l4::unchanged;
}

/// Frames of a server lie in its demand-zero memory, one after the other.
[[nodiscard]] constexpr Address frame_address (Word frame)
{
    return rt::layout::anonymous_begin + frame * l4::page_size;
}
constexpr Word most_frames
    = (rt::layout::anonymous_end - rt::layout::anonymous_begin) / l4::page_size;

inline void clear_frame (Word frame)
{
    __builtin_memset (reinterpret_cast<void*> (frame_address (frame)), 0, l4::page_size);
}

inline void copy_frame (Word to, Word from)
{
    __builtin_memcpy (reinterpret_cast<void*> (frame_address (to)),
                      reinterpret_cast<void const*> (frame_address (from)), l4::page_size);
}

/// Take a frame back from all clients, or their right to write it.
inline void revoke_frame (Word frame)
{
    rt::fpage_unmap (l4::Fpage::memory (frame_address (frame), l4::page_bits),
                     l4::unmap_completely);
}
inline void revoke_frame_write (Word frame)
{
    rt::fpage_unmap (l4::Fpage::memory (frame_address (frame), l4::page_bits),
                     l4::unmap_remap_read_only);
}

template <typename Memory>
class Service {
public:
    explicit Service (Memory& memory) : memory_ { memory } {}

    [[nodiscard]] rt::Answer handle (rt::Incoming const& request)
    {
        if (is_page_request (request.operation ()))
            return page (request);
        switch (request.operation ()) {
        case Open::operation: return open (request);
        case Close::operation: return close (request);
        case Clone::operation: return clone (request);
        case Size::operation: return size (request);
        case Statistics::operation: return rt::Answer::of (memory_.statistics ());
        case MapAll::operation: return map_all (request);
        default: break;
        }
        if constexpr (requires { memory_.other (request); })
            return memory_.other (request);
        else
            return unknown ();
    }

private:
    using Answer = rt::Answer;

    [[nodiscard]] static Answer unknown () { return Answer::error (rt::Error::bad_request); }

    [[nodiscard]] Answer page (rt::Incoming const& request)
    {
        rt::Words const words = request.words ();
        PageAnswer const found
            = memory_.request (request.client, words.w1, requested_page (words.w0),
                               (words.w0 & write_flag) != 0);
        if (found.error != rt::Error::none)
            return Answer::error (found.error);
        return Answer::mapping (0, l4::Fpage::memory (frame_address (found.frame),
                                                      l4::page_bits, found.access));
    }

    [[nodiscard]] Answer open (rt::Incoming const& request)
    {
        Open wanted {};
        if (!request.read (wanted))
            return unknown ();
        return Answer::of (memory_.open (request.client, wanted));
    }

    [[nodiscard]] Answer close (rt::Incoming const& request)
    {
        return Answer::error (memory_.close (request.client, request.words ().w1));
    }

    [[nodiscard]] Answer clone (rt::Incoming const& request)
    {
        if constexpr (requires { memory_.clone (request.client, 0); })
            return Answer::of (memory_.clone (request.client, request.words ().w1));
        else
            return unknown ();
    }

    [[nodiscard]] Answer size (rt::Incoming const& request)
    {
        return Answer::of (memory_.size (request.client, request.words ().w1));
    }

    [[nodiscard]] Answer map_all (rt::Incoming const& request)
    {
        if constexpr (requires { memory_.map_all (request.client, 0); }) {
            l4::Fpage const all = memory_.map_all (request.client, request.words ().w1);
            return all.is_valid_memory () ? Answer::mapping (0, all)
                                          : Answer::error (rt::Error::not_found);
        } else {
            return unknown ();
        }
    }

    Memory& memory_;
};

/// Make this thread known under the program's name and serve. @return only if the name is refused
template <typename Memory>
int run (Memory& memory)
{
    std::string_view const name = rt::info_page ().name ();
    auto const bound = rt::call (root::service (), root::BindName { name });
    if (!bound.ok ()) {
        rt::print (name, ": its name: ", text (bound.error), "\n");
        return 1;
    }
    Service<Memory> service { memory };
    rt::serve ([&service] (rt::Incoming const& request) { return service.handle (request); });
}

}  // namespace pagers
