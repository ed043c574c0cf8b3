// SPDX-License-Identifier: BSD-2-Clause
/// @file  The evicting pager: more memory than it has frames; what is not used lies in a store.
///
///     evicting_pager [FRAMES [STORE]]         16 frames, memory_store
#include <memory_store/protocol.hpp>
#include <pagers/paged_memory.hpp>
#include <pagers/replacement.hpp>
#include <pagers/server.hpp>
#include <runtime/main.hpp>
#include <runtime/words.hpp>

namespace {

using pagers::Word;

constexpr std::size_t most_frames = 128;
constexpr std::size_t object_pages = 512;
constexpr std::size_t most_objects = 4;
constexpr Word default_frames = 16;

struct Machine {
    l4::ThreadId store {};

    static void clear (Word frame) { pagers::clear_frame (frame); }
    static void revoke (Word frame) { pagers::revoke_frame (frame); }
    bool read (Word block, Word frame) const
    {
        return store::read (store, block, pagers::frame_address (frame));
    }
    bool write (Word block, Word frame) const
    {
        return store::write (store, block, pagers::frame_address (frame));
    }
};

constinit Machine machine {};

/// Object n has pages n * object_pages and up.
class EvictingMemory {
public:
    explicit EvictingMemory (Word frames) : content_ { machine, frames } {}

    [[nodiscard]] rt::Reply<Word> open (l4::ThreadId client, pagers::Open const& request)
    {
        if (request.pages == 0 || request.pages > object_pages)
            return { rt::Error::limit, 0 };
        Word number = objects_.create (client);
        if (number == objects_.none) {
            objects_.collect (pagers::exists, [this] (Word gone) { forget (gone); });
            number = objects_.create (client);
        }
        if (number == objects_.none)
            return { rt::Error::no_place, 0 };
        objects_[number] = request.pages;
        return { rt::Error::none, number };
    }

    [[nodiscard]] rt::Error close (l4::ThreadId client, Word number)
    {
        if (objects_.find (client, number) == nullptr)
            return rt::Error::not_found;
        forget (number);
        objects_.remove (number);
        return rt::Error::none;
    }

    [[nodiscard]] rt::Reply<Word> size (l4::ThreadId client, Word number)
    {
        Word const* const pages = objects_.find (client, number);
        return pages == nullptr ? rt::Reply<Word> { rt::Error::not_found, 0 }
                                : rt::Reply<Word> { rt::Error::none, *pages };
    }

    [[nodiscard]] pagers::PageAnswer request (l4::ThreadId client, Word number, Word page,
                                              bool write)
    {
        Word const* const pages = objects_.find (client, number);
        if (pages == nullptr || page >= *pages)
            return pagers::PageAnswer::no (rt::Error::not_found);
        return content_.request (number * object_pages + page, write);
    }

    [[nodiscard]] pagers::Statistics::Answer statistics ()
    {
        pagers::Statistics::Answer answer = content_.statistics ();
        answer.objects = objects_.count ();
        return answer;
    }

private:
    void forget (Word number)
    {
        for (Word page = 0; page < object_pages; ++page)
            content_.forget (number * object_pages + page);
    }

    pagers::ObjectTable<Word, most_objects> objects_ {};
    pagers::PagedMemory<Machine, pagers::SecondChance<most_frames>, most_frames,
                        most_objects * object_pages>
        content_;
};

}  // namespace

int main (std::string_view arguments)
{
    std::string_view const frames_word = rt::take_word (arguments);
    std::string_view const store_word = rt::take_word (arguments);
    Word const frames = frames_word.empty () ? default_frames : rt::parse_decimal (frames_word);
    if (frames < 2 || frames > most_frames) {
        rt::print ("usage: evicting_pager [FRAMES [STORE]], 2 to ", most_frames, " frames\n");
        return 2;
    }
    machine.store = root::find_name (store_word.empty () ? "memory_store" : store_word);
    if (machine.store.is_nil ()) {
        rt::print ("evicting_pager: there is no store\n");
        return 1;
    }
    static EvictingMemory memory { frames };
    return pagers::run (memory);
}
