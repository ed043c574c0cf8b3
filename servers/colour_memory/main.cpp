// SPDX-License-Identifier: BSD-2-Clause
/// @file  The cache-colouring memory server: page n of an object has colour first + n, so that an
///        object no larger than the second-level cache never displaces itself there.
///
///     colour_memory [KB]          size of a direct-mapped cache, or of one way; 256
///
/// Open: `argument` is the first colour, so that objects used together can be laid side by side.
#include <pagers/colour_pool.hpp>
#include <pagers/server.hpp>
#include <runtime/main.hpp>
#include <runtime/words.hpp>

namespace {

using pagers::PageAnswer;
using pagers::Word;

constexpr std::size_t frames = 256;
constexpr std::size_t object_pages = 128;
constexpr Word default_kilobytes = 256;

struct Colours {
    constexpr Colours () { frames_of.fill (pagers::no_frame); }

    Word pages { 0 };
    Word first { 0 };
    std::array<Word, object_pages> frames_of {};
};

class ColouredMemory {
public:
    explicit ColouredMemory (Word colours) : pool_ { colours } {}

    /// The root task knows where the pages of this program lie.
    [[nodiscard]] bool take_stock ()
    {
        for (Word frame = 0; frame < frames; ++frame) {
            pagers::clear_frame (frame);
            auto const physical
                = rt::call (root::service (), root::FindFrame { pagers::frame_address (frame) });
            if (!physical.ok ())
                return false;
            pool_.add (physical.value);
        }
        return true;
    }

    [[nodiscard]] rt::Reply<Word> open (l4::ThreadId client, pagers::Open const& request)
    {
        if (request.pages == 0 || request.pages > object_pages)
            return { rt::Error::limit, 0 };
        Word number = objects_.create (client);
        if (number == objects_.none) {
            objects_.collect (pagers::exists, [this] (Word gone) { release (gone); });
            number = objects_.create (client);
        }
        if (number == objects_.none)
            return { rt::Error::no_place, 0 };
        objects_[number].pages = request.pages;
        objects_[number].first = request.argument;
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

    [[nodiscard]] rt::Reply<Word> size (l4::ThreadId client, Word number)
    {
        Colours const* const object = objects_.find (client, number);
        return object == nullptr ? rt::Reply<Word> { rt::Error::not_found, 0 }
                                 : rt::Reply<Word> { rt::Error::none, object->pages };
    }

    [[nodiscard]] PageAnswer request (l4::ThreadId client, Word number, Word page, bool)
    {
        ++statistics_.faults;
        Colours* const object = objects_.find (client, number);
        if (object == nullptr || page >= object->pages)
            return PageAnswer::no (rt::Error::not_found);
        Word& frame = object->frames_of[page];
        if (frame == pagers::no_frame) {
            Word const found = pool_.allocate ((object->first + page) % pool_.colours ());
            if (found == pool_.none)
                return PageAnswer::no (rt::Error::no_memory);
            frame = found;
            pagers::clear_frame (frame);
            ++statistics_.fills;
        }
        return { rt::Error::none, frame, l4::Access::read_write };
    }

    [[nodiscard]] pagers::Statistics::Answer statistics ()
    {
        statistics_.objects = objects_.count ();
        statistics_.frames = pool_.used ();
        return statistics_;
    }

private:
    void release (Word number)
    {
        for (Word& frame : objects_[number].frames_of) {
            if (frame == pagers::no_frame)
                continue;
            pagers::revoke_frame (frame);
            pool_.free (frame);
            frame = pagers::no_frame;
        }
    }

    pagers::ColourPool<frames> pool_;
    pagers::ObjectTable<Colours, 16> objects_ {};
    pagers::Statistics::Answer statistics_ {};
};

}  // namespace

int main (std::string_view arguments)
{
    constexpr Word kilobytes_per_page = l4::page_size / 1024;
    Word const given = rt::parse_decimal (rt::take_word (arguments));
    Word const colours = (given == 0 ? default_kilobytes : given) / kilobytes_per_page;
    static ColouredMemory memory { colours == 0 ? 1 : colours };
    if (!memory.take_stock ()) {
        rt::print ("colour_memory: where its memory lies cannot be found out\n");
        return 1;
    }
    return pagers::run (memory);
}
