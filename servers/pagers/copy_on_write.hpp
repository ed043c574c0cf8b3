// SPDX-License-Identifier: BSD-2-Clause
/// @file  Objects whose pages come when they are touched, and are shared until they are written.
///
/// A page that was never written is its object's source: zeros, or a page of a file. Sources are
/// frames, too: one for all zeros, one per page of a file that was read. An object's frame with
/// several users is mapped read-only; who writes gets a copy.
///
/// Context: pure; host tests in tests/host/servers. `Machine` does what frames need:
///     void clear (frame), copy (to, from)
///     void revoke (frame), revoke_write (frame): from all clients
///     bool fill (file, page, frame): read a page of a file
#pragma once

#include <l4/fpage.hpp>

#include "frame_pool.hpp"
#include "object_table.hpp"
#include "page_answer.hpp"
#include "protocol.hpp"

namespace pagers {

template <typename Machine, std::size_t Frames, std::size_t Objects, std::size_t Pages>
class CopyOnWrite {
public:
    static constexpr Word no_file = ~Word { 0 };

    explicit CopyOnWrite (Machine& machine) : machine_ { machine } {}

    /// An object of zeros, or of a file's pages.
    [[nodiscard]] rt::Reply<Word> open (l4::ThreadId client, Word pages, Word file = no_file)
    {
        if (pages == 0 || pages > Pages)
            return { rt::Error::limit, 0 };
        Word const number = objects_.create (client);
        if (number == Table::none)
            return { rt::Error::no_place, 0 };
        objects_[number].pages = pages;
        objects_[number].file = file;
        return { rt::Error::none, number };
    }

    [[nodiscard]] rt::Error close (l4::ThreadId client, Word number)
    {
        if (objects_.find (client, number) == nullptr)
            return rt::Error::not_found;
        release (number);
        objects_.remove (number);
        return rt::Error::none;
    }

    [[nodiscard]] rt::Reply<Word> clone (l4::ThreadId client, Word number)
    {
        Object const* const from = objects_.find (client, number);
        if (from == nullptr)
            return { rt::Error::not_found, 0 };
        auto const made = open (client, from->pages, from->file);
        if (!made.ok ())
            return made;
        Object& to = objects_[made.value];
        for (Word page = 0; page < from->pages; ++page) {
            to.frames[page] = from->frames[page];
            if (from->frames[page] == untouched)
                continue;
            pool_.add_user (from->frames[page]);
            machine_.revoke_write (from->frames[page]);
        }
        return made;
    }

    [[nodiscard]] rt::Reply<Word> size (l4::ThreadId client, Word number)
    {
        Object const* const object = objects_.find (client, number);
        return object == nullptr ? rt::Reply<Word> { rt::Error::not_found, 0 }
                                 : rt::Reply<Word> { rt::Error::none, object->pages };
    }

    [[nodiscard]] PageAnswer request (l4::ThreadId client, Word number, Word page, bool write)
    {
        ++statistics_.faults;
        Object* const object = objects_.find (client, number);
        if (object == nullptr || page >= object->pages)
            return { rt::Error::not_found, 0, l4::Access::read_only };
        Word& frame = object->frames[page];
        if (frame == untouched)
            if (rt::Error const error = use_source (*object, page, write);
                error != rt::Error::none)
                return { error, 0, l4::Access::read_only };
        if (write && pool_.users (frame) > 1 && !separate (frame))
            return { rt::Error::no_memory, 0, l4::Access::read_only };
        bool const alone = pool_.users (frame) == 1;
        return { rt::Error::none, frame,
                 alone ? l4::Access::read_write : l4::Access::read_only };
    }

    /// Objects whose owners are gone go, too. @param exists  whether a thread exists
    template <typename Exists>
    void collect (Exists exists)
    {
        objects_.collect (exists, [this] (Word number) { release (number); });
    }

    [[nodiscard]] Statistics::Answer statistics () const
    {
        Statistics::Answer answer = statistics_;
        answer.objects = objects_.count ();
        answer.frames = pool_.used ();
        return answer;
    }

private:
    /// Not yet looked at: what the source has.
    static constexpr Word untouched = 0xFFFF;

    struct Object {
        constexpr Object () { frames.fill (untouched); }

        Word pages { 0 };
        Word file { no_file };
        std::array<Word, Pages> frames {};
    };
    using Table = ObjectTable<Object, Objects>;

    /// The page of a file that somebody uses already, so that it is read once.
    [[nodiscard]] Word shared_page (Word file, Word page)
    {
        for (CachedPage const& cached : cache_)
            if (cached.file == file && cached.page == page)
                return cached.frame;
        return untouched;
    }

    [[nodiscard]] rt::Error use_source (Object& object, Word page, bool write)
    {
        if (object.file == no_file && !write && zeros_ == no_frame) {
            zeros_ = pool_.allocate ();
            if (zeros_ != no_frame)
                machine_.clear (zeros_);
        }
        Word source = object.file != no_file ? shared_page (object.file, page)
                      : write                ? untouched
                                             : zeros_;
        if (source == no_frame)
            return rt::Error::no_memory;
        if (source == untouched)
            return fill (object, page);
        pool_.add_user (source);
        object.frames[page] = source;
        return rt::Error::none;
    }

    /// A frame of its own; a file's page is kept for others as well.
    [[nodiscard]] rt::Error fill (Object& object, Word page)
    {
        Word const frame = allocate ();
        if (frame == no_frame)
            return rt::Error::no_memory;
        ++statistics_.fills;
        object.frames[page] = frame;
        if (object.file == no_file) {
            machine_.clear (frame);
            return rt::Error::none;
        }
        if (!machine_.fill (object.file, page, frame)) {
            pool_.remove_user (frame);
            object.frames[page] = untouched;
            return rt::Error::unavailable;
        }
        remember (object.file, page, frame);
        return rt::Error::none;
    }

    [[nodiscard]] bool separate (Word& frame)
    {
        Word const copy = allocate ();
        if (copy == no_frame)
            return false;
        ++statistics_.fills;
        machine_.copy (copy, frame);
        pool_.remove_user (frame);
        frame = copy;
        return true;
    }

    void remember (Word file, Word page, Word frame)
    {
        for (CachedPage& cached : cache_)
            if (cached.file == no_file) {
                cached = { file, page, frame };
                pool_.add_user (frame);
                return;
            }
    }

    /// A frame; pages of files that only the cache uses make room for it.
    [[nodiscard]] Word allocate ()
    {
        if (Word const frame = pool_.allocate (); frame != no_frame)
            return frame;
        for (CachedPage& cached : cache_)
            if (cached.file != no_file && pool_.users (cached.frame) == 1) {
                pool_.remove_user (cached.frame);
                machine_.revoke (cached.frame);
                cached = {};
                ++statistics_.evictions;
                return pool_.allocate ();
            }
        return no_frame;
    }

    void release (Word number)
    {
        for (Word& frame : objects_[number].frames) {
            if (frame == untouched)
                continue;
            // The owner may still have it mapped; other users will ask again.
            machine_.revoke (frame);
            pool_.remove_user (frame);
            frame = untouched;
        }
    }

    struct CachedPage {
        Word file { no_file };
        Word page { 0 };
        Word frame { 0 };
    };

    Machine& machine_;
    FramePool<Frames> pool_ {};
    Table objects_ {};
    std::array<CachedPage, 64> cache_ {};
    Word zeros_ { no_frame };
    Statistics::Answer statistics_ {};
};

}  // namespace pagers
