// SPDX-License-Identifier: BSD-2-Clause
/// @file  Typed messages: a request is a structure of words that knows its operation and its
///        answer.
///
///     struct Lookup {
///         static constexpr Word operation = 8;
///         using Answer = l4::ThreadId;
///         rt::Name name;
///     };
///     auto const found = rt::call (server, Lookup { "disk" });
///     if (found.ok ()) use (found.value);
///
/// On the wire: w0 = operation, then the structure; the answer is w0 = Error, then the answer's
/// structure. What needs no more than two words travels in registers. An answer can also be one
/// fpage: then the kernel says that something was mapped.
#pragma once

#include <span>
#include <string_view>
#include <type_traits>

#include <runtime/error.hpp>
#include <runtime/ipc.hpp>

namespace rt {

/// A name of up to 16 characters, padded with zeros.
struct Name {
    static constexpr std::size_t capacity = 16;

    constexpr Name () = default;
    constexpr Name (std::string_view name)              // NOLINT: a name is text
    {
        for (std::size_t i = 0; i < name.size () && i < capacity; ++i)
            characters[i] = name[i];
    }
    constexpr Name (char const* name) : Name { std::string_view { name } } {}

    [[nodiscard]] constexpr std::string_view view () const
    {
        std::size_t length = 0;
        while (length < capacity && characters[length] != '\0')
            ++length;
        return { characters, length };
    }
    friend constexpr bool operator== (Name const&, Name const&) = default;

    alignas (Word) char characters[capacity] {};
};

/// What can be sent: words, and nothing that points anywhere.
template <typename T>
concept Payload = std::is_trivially_copyable_v<T>
                  && (std::is_empty_v<T> || sizeof (T) % sizeof (Word) == 0);

template <Payload T>
constexpr std::size_t words_of = std::is_empty_v<T> ? 0 : sizeof (T) / sizeof (Word);

struct Nothing {};

/// A message in memory, for both directions.
struct MessageBuffer {
    static constexpr std::size_t capacity = 16;

    MessageBuffer () = default;

    /// Word `first`, then `payload`. Everything must fit.
    template <Payload T>
    void put (Word first, T const& payload)
    {
        static_assert (1 + words_of<T> <= capacity);
        words[0] = first;
        words[1] = 0;
        if constexpr (words_of<T> != 0)
            __builtin_memcpy (&words[1], &payload, sizeof payload);
        count = 1 + words_of<T>;
    }

    /// What stands behind the first word. @return false: the message is too short
    template <Payload T>
    [[nodiscard]] bool get (T& payload) const
    {
        if (count < 1 + words_of<T>)
            return false;
        if constexpr (words_of<T> != 0)
            __builtin_memcpy (static_cast<void*> (&payload), &words[1], sizeof payload);
        return true;
    }

    [[nodiscard]] l4::SendDescriptor sending ()
    {
        if (count <= l4::register_dwords)
            return l4::SendDescriptor::registers ();
        send = l4::MessageDope { static_cast<Word> (count), 0 };
        return l4::SendDescriptor { reinterpret_cast<Address> (this) };
    }

    [[nodiscard]] l4::ReceiveDescriptor receiving () const
    {
        return l4::ReceiveDescriptor { reinterpret_cast<Address> (this) };
    }

    /// Take over what an ipc delivered.
    void received (IpcResult const& result)
    {
        words[0] = result.w0;
        words[1] = result.w1;
        count = result.dope.dwords ();
    }

    l4::Fpage window {};
    l4::MessageDope size { capacity, 0 };
    l4::MessageDope send {};
    Word words[capacity] {};
    std::size_t count { 0 };            ///< words in use; behind what the kernel looks at
};

static_assert (offsetof (MessageBuffer, words) == offsetof (l4::MessageHeader, w0));

/// Send `message` to `server` and receive the answer into the same place. A server that dies
/// meanwhile ends the call; that one takes its time does not.
IpcResult call (l4::ThreadId server, MessageBuffer& message);

/// The same for two words, and perhaps a mapping. A server that takes long is asked again, because
/// its answer may have come just when nobody waited: for requests that can be repeated.
IpcResult call_living (l4::ThreadId server, Words words, Window window = {});

template <Payload T>
struct Reply {
    [[nodiscard]] bool ok () const { return error == Error::none; }

    Error error;
    T value;
};

/// Send `request` and wait for its answer.
template <typename Request>
Reply<typename Request::Answer> call (l4::ThreadId server, Request const& request)
{
    MessageBuffer message;
    message.put (Request::operation, request);
    IpcResult const result = call (server, message);
    Reply<typename Request::Answer> reply { Error::unavailable, {} };
    if (!result.dope.ok ())
        return reply;
    reply.error = static_cast<Error> (message.words[0]);
    if (reply.ok () && !message.get (reply.value))
        reply.error = Error::bad_request;
    return reply;
}

}  // namespace rt
