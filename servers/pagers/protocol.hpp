// SPDX-License-Identifier: BSD-2-Clause
/// @file  What every memory server understands, whatever stands behind its memory.
///
/// A client opens an object of some pages and then asks for its pages one by one, as it needs
/// them: through the region mapper of its runtime (runtime/region.hpp), or itself. An object
/// belongs to the task that has opened it and goes with it.
///
/// A page: register message, w0 = 4096 * (page + 1) + (1 to write, 0 to read), w1 = object. The
/// answer is a mapping, or w0 = rt::Error. All other requests are typed messages.
#pragma once

#include <runtime/message.hpp>
#include <runtime/region_map.hpp>

namespace pagers {

using l4::Address;
using l4::Word;

/// A new object. What `name` and `argument` mean is up to the server.
struct Open {
    static constexpr Word operation = 0x20;
    using Answer = Word;                ///< the object
    Word pages;
    Word argument;
    rt::Name name;
};

struct Close {
    static constexpr Word operation = 0x21;
    using Answer = rt::Nothing;
    Word object;
};

/// A new object with the same content: pages are copied when one of the two is written.
struct Clone {
    static constexpr Word operation = 0x22;
    using Answer = Word;
    Word object;
};

/// Size of an object in pages.
struct Size {
    static constexpr Word operation = 0x23;
    using Answer = Word;
    Word object;
};

/// What the server has done so far, for all its clients.
struct Statistics {
    static constexpr Word operation = 0x24;
    struct Answer {
        Word objects;                   ///< open now
        Word frames;                    ///< in use now
        Word faults;                    ///< pages asked for
        Word fills;                     ///< pages that had to be cleared, copied or fetched
        Word evictions;                 ///< pages thrown out for others
        Word stores;                    ///< of them written to the store
    };
};

/// The whole object at once, if the server keeps it in one piece: answered by a mapping.
struct MapAll {
    static constexpr Word operation = 0x25;
    Word object;
};

constexpr Word write_flag = 1;

[[nodiscard]] constexpr bool is_page_request (Word w0) { return w0 >= l4::page_size; }
[[nodiscard]] constexpr Word requested_page (Word w0) { return w0 / l4::page_size - 1; }
[[nodiscard]] constexpr rt::Words page_request (rt::Object const& object, Word page, bool write)
{
    return { (page + 1) * l4::page_size | (write ? write_flag : 0), object.number };
}

[[nodiscard]] inline rt::Reply<rt::Object> open (l4::ThreadId server, Word pages,
                                                 rt::Name const& name = {}, Word argument = 0)
{
    auto const opened = rt::call (server, Open { pages, argument, name });
    return { opened.error, { server, opened.value } };
}

[[nodiscard]] inline rt::Reply<rt::Object> clone (rt::Object const& object)
{
    auto const made = rt::call (object.server, Clone { object.number });
    return { made.error, { object.server, made.value } };
}

inline void close (rt::Object const& object)
{
    rt::call (object.server, Close { object.number });
}

/// Get one page of an object to `address`.
[[nodiscard]] inline rt::Error fetch (rt::Object const& object, Word page, bool write,
                                      Address address)
{
    rt::Window const window { l4::Fpage::memory (address, l4::page_bits) };
    rt::IpcResult const answer
        = rt::call_living (object.server, page_request (object, page, write), window);
    if (!answer.dope.ok ())
        return rt::Error::unavailable;
    return answer.dope.mapped () ? rt::Error::none : static_cast<rt::Error> (answer.w0);
}

/// Get all of an object to the 2^log2_size bytes at `address`.
[[nodiscard]] inline rt::Error fetch_all (rt::Object const& object, Address address,
                                          unsigned log2_size)
{
    rt::Window const window { l4::Fpage::memory (address, log2_size) };
    rt::IpcResult const answer
        = rt::call_living (object.server, { MapAll::operation, object.number }, window);
    if (!answer.dope.ok ())
        return rt::Error::unavailable;
    return answer.dope.mapped () ? rt::Error::none : static_cast<rt::Error> (answer.w0);
}

}  // namespace pagers
