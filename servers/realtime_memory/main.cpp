// SPDX-License-Identifier: BSD-2-Clause
/// @file  The real-time memory server: an object is there, all of it, from the moment it is opened,
///        or it is refused. MapAll gives it in one piece; then its client never faults on it.
///
/// Its frames belong to it alone; nobody takes them away. Page requests are served as well, and
/// counted: a client that cares sees none.
#include <pagers/block_pool.hpp>
#include <pagers/server.hpp>
#include <runtime/main.hpp>

namespace {

using pagers::PageAnswer;
using pagers::Word;

constexpr std::size_t frames = 256;

struct Block {
    Word first { 0 };
    Word pages { 0 };
};

class RealTimeMemory {
public:
    [[nodiscard]] rt::Reply<Word> open (l4::ThreadId client, pagers::Open const& request)
    {
        if (request.pages == 0 || request.pages > frames)
            return { rt::Error::limit, 0 };
        auto opened = try_to_open (client, request.pages);
        if (!opened.ok ()) {
            objects_.collect (pagers::exists, [this] (Word gone) { release (gone); });
            opened = try_to_open (client, request.pages);
        }
        return opened;
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
        Block const* const block = objects_.find (client, number);
        return block == nullptr ? rt::Reply<Word> { rt::Error::not_found, 0 }
                                : rt::Reply<Word> { rt::Error::none, block->pages };
    }

    [[nodiscard]] PageAnswer request (l4::ThreadId client, Word number, Word page, bool)
    {
        ++statistics_.faults;
        Block const* const block = objects_.find (client, number);
        if (block == nullptr || page >= block->pages)
            return PageAnswer::no (rt::Error::not_found);
        return { rt::Error::none, block->first + page, l4::Access::read_write };
    }

    [[nodiscard]] l4::Fpage map_all (l4::ThreadId client, Word number)
    {
        Block const* const block = objects_.find (client, number);
        if (block == nullptr)
            return l4::Fpage {};
        unsigned log2_size = l4::page_bits;
        while (Word { 1 } << (log2_size - l4::page_bits) < block->pages)
            ++log2_size;
        return l4::Fpage::memory (pagers::frame_address (block->first), log2_size);
    }

    [[nodiscard]] pagers::Statistics::Answer statistics ()
    {
        statistics_.objects = objects_.count ();
        statistics_.frames = pool_.used ();
        return statistics_;
    }

private:
    [[nodiscard]] rt::Reply<Word> try_to_open (l4::ThreadId client, Word pages)
    {
        Word const size = pagers::block_size (pages);
        Word const first = pool_.allocate (size);
        if (first == pool_.none)
            return { rt::Error::no_memory, 0 };
        Word const number = objects_.create (client);
        if (number == objects_.none) {
            pool_.free (first, size);
            return { rt::Error::no_place, 0 };
        }
        objects_[number] = { first, pages };
        // The root task gives a page when it is touched: now, not when it is needed.
        for (Word frame = first; frame < first + size; ++frame)
            pagers::clear_frame (frame);
        statistics_.fills += size;
        return { rt::Error::none, number };
    }

    void release (Word number)
    {
        Block const block = objects_[number];
        Word const size = pagers::block_size (block.pages);
        for (Word frame = block.first; frame < block.first + size; ++frame)
            pagers::revoke_frame (frame);
        pool_.free (block.first, size);
    }

    pagers::BlockPool<frames> pool_ {};
    pagers::ObjectTable<Block, 16> objects_ {};
    pagers::Statistics::Answer statistics_ {};
};

constinit RealTimeMemory memory {};

}  // namespace

int main (std::string_view)
{
    return pagers::run (memory);
}
