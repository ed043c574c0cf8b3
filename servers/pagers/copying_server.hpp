// SPDX-License-Identifier: BSD-2-Clause
/// @file  A memory server on copy_on_write.hpp: what the default pager and the file pager share.
#pragma once

#include "server.hpp"

namespace pagers {

/// The processor's part of it, without files.
struct CopyingMachine {
    static void clear (Word frame) { clear_frame (frame); }
    static void copy (Word to, Word from) { copy_frame (to, from); }
    static void revoke (Word frame) { revoke_frame (frame); }
    static void revoke_write (Word frame) { revoke_frame_write (frame); }
    static bool fill (Word, Word, Word) { return false; }
};

template <typename Machine>
class CopyingMemory {
public:
    static constexpr std::size_t objects = 24;
    static constexpr std::size_t pages = 128;

    explicit CopyingMemory (Machine& machine) : content_ { machine } {}

    [[nodiscard]] rt::Reply<Word> open (l4::ThreadId client, Open const& request)
    {
        return retry ([&] { return content_.open (client, request.pages); });
    }

    [[nodiscard]] rt::Reply<Word> open_file (l4::ThreadId client, Word size, Word file)
    {
        return retry ([&] { return content_.open (client, size, file); });
    }

    [[nodiscard]] rt::Reply<Word> clone (l4::ThreadId client, Word object)
    {
        return retry ([&] { return content_.clone (client, object); });
    }

    [[nodiscard]] rt::Reply<Word> size (l4::ThreadId client, Word object)
    {
        return content_.size (client, object);
    }

    [[nodiscard]] rt::Error close (l4::ThreadId client, Word object)
    {
        return content_.close (client, object);
    }

    [[nodiscard]] PageAnswer request (l4::ThreadId client, Word object, Word page, bool write)
    {
        return retry ([&] { return content_.request (client, object, page, write); });
    }

    [[nodiscard]] Statistics::Answer statistics () const { return content_.statistics (); }

private:
    /// Once more without what dead clients have left behind.
    template <typename Operation>
    auto retry (Operation operation)
    {
        auto result = operation ();
        if (result.error == rt::Error::no_memory || result.error == rt::Error::no_place) {
            content_.collect (exists);
            result = operation ();
        }
        return result;
    }

    CopyOnWrite<Machine, most_frames, objects, pages> content_;
};

}  // namespace pagers
