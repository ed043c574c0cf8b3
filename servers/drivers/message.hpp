// SPDX-License-Identifier: BSD-2-Clause
/// @file  What drivers and their clients say to each other: a typed request or answer as in
///        runtime/message.hpp, and with it, where the protocol says so, bytes as one string.
///
/// On the wire: w0 = operation, then the request; in the answer w0 = rt::Error, then the answer.
/// Two words travel in registers. A client without strings can use rt::call as well.
#pragma once

#include <runtime/message.hpp>

namespace drivers {

using l4::Address;
using l4::Word;

/// A message in memory, for both directions.
class Message {
public:
    static constexpr Word capacity = 8;             ///< words
    static constexpr Word most_bytes = l4::page_size;

    /// @param buffer  where bytes that come are put, and `size` how many there is room for
    constexpr Message () = default;
    Message (void* buffer, Word size)
        : bytes_ { 0, 0, size, reinterpret_cast<Address> (buffer) }
    {
    }

    /// Word `first`, then `payload`, and no bytes.
    template <rt::Payload T>
    void put (Word first, T const& payload)
    {
        static_assert (1 + rt::words_of<T> <= capacity);
        words_[0] = first;
        words_[1] = 0;
        if constexpr (rt::words_of<T> != 0)
            __builtin_memcpy (&words_[1], &payload, sizeof payload);
        count_ = 1 + rt::words_of<T>;
        strings_ = 0;
    }
    template <typename Request>
    void ask (Request const& request) { put (Request::operation, request); }
    void answer (rt::Error error) { put (static_cast<Word> (error), rt::Nothing {}); }
    template <rt::Payload T>
    void answer (T const& payload) { put (static_cast<Word> (rt::Error::none), payload); }

    /// Bytes go along with what was put.
    void attach (void const* begin, Word size)
    {
        bytes_.send_size = size;
        bytes_.send_address = reinterpret_cast<Address> (begin);
        strings_ = 1;
    }

    /// What stands behind the first word. @return false: the message is too short
    template <rt::Payload T>
    [[nodiscard]] bool get (T& payload) const
    {
        if (count_ < 1 + rt::words_of<T>)
            return false;
        if constexpr (rt::words_of<T> != 0)
            __builtin_memcpy (static_cast<void*> (&payload), &words_[1], sizeof payload);
        return true;
    }

    [[nodiscard]] Word first () const { return words_[0]; }
    [[nodiscard]] Word second () const { return words_[1]; }
    [[nodiscard]] rt::Error error () const { return static_cast<rt::Error> (words_[0]); }
    /// How many bytes came.
    [[nodiscard]] Word byte_count () const { return strings_ == 0 ? 0 : bytes_.send_size; }

    [[nodiscard]] l4::SendDescriptor sending ()
    {
        if (count_ <= l4::register_dwords && strings_ == 0)
            return l4::SendDescriptor::registers ();
        send_ = l4::MessageDope { count_, strings_ };
        return l4::SendDescriptor { reinterpret_cast<Address> (this) };
    }
    [[nodiscard]] l4::ReceiveDescriptor receiving () const
    {
        return l4::ReceiveDescriptor { reinterpret_cast<Address> (this) };
    }

    /// Take over what an ipc delivered.
    void received (rt::IpcResult const& result)
    {
        words_[0] = result.w0;
        words_[1] = result.w1;
        count_ = result.dope.dwords ();
        strings_ = result.dope.strings ();
    }

private:
    l4::Fpage window_ {};
    l4::MessageDope size_ { capacity, 1 };
    l4::MessageDope send_ {};
    Word words_[capacity] {};
    l4::StringDope bytes_ {};           // the kernel expects it here
    Word count_ { 0 };                  // what it does not look at
    Word strings_ { 0 };
};

}  // namespace drivers
