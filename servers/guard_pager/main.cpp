// SPDX-License-Identifier: BSD-2-Clause
/// @file  The guard: one object of another pager, for several programs with different rights.
///
///     guard_pager LOWER PAGES PROGRAM=r|w...      "*" is everybody; the first match decides
///
/// It is a client of the pager below and a pager itself. Each request is passed on: the page below
/// may have been evicted meanwhile, and then a page that only seemed to be here would map nothing.
#include <pagers/access_list.hpp>
#include <pagers/server.hpp>
#include <runtime/main.hpp>

namespace {

using pagers::PageAnswer;
using pagers::Right;
using pagers::Word;

class GuardedMemory {
public:
    GuardedMemory (rt::Object const& below, Word pages, pagers::AccessList list)
        : below_ { below }, pages_ { pages }, list_ { list }
    {
    }

    [[nodiscard]] rt::Reply<Word> open (l4::ThreadId client, pagers::Open const&)
    {
        auto const name
            = rt::call (root::service (), root::NameOfTask { client.task () });
        Right const right = name.ok () ? list_.right_of (name.value.view ()) : Right::nothing;
        if (right == Right::nothing)
            return { rt::Error::refused, 0 };
        Word number = views_.create (client);
        if (number == views_.none) {
            views_.collect (pagers::exists, [] (Word) {});
            number = views_.create (client);
        }
        if (number == views_.none)
            return { rt::Error::no_place, 0 };
        views_[number] = right;
        return { rt::Error::none, number };
    }

    /// What the client has mapped goes with everybody's: the others will ask again.
    [[nodiscard]] rt::Error close (l4::ThreadId client, Word number)
    {
        if (views_.find (client, number) == nullptr)
            return rt::Error::not_found;
        views_.remove (number);
        for (Word page = 0; page < pages_; ++page)
            pagers::revoke_frame (page);
        return rt::Error::none;
    }

    [[nodiscard]] rt::Reply<Word> size (l4::ThreadId client, Word number)
    {
        if (views_.find (client, number) == nullptr)
            return { rt::Error::not_found, 0 };
        return { rt::Error::none, pages_ };
    }

    [[nodiscard]] PageAnswer request (l4::ThreadId client, Word number, Word page, bool write)
    {
        ++statistics_.faults;
        Right const* const right = views_.find (client, number);
        if (right == nullptr || page >= pages_)
            return PageAnswer::no (rt::Error::not_found);
        if (write && *right != Right::write)
            return PageAnswer::no (rt::Error::refused);
        rt::Error const error = pagers::fetch (below_, page, write, pagers::frame_address (page));
        if (error != rt::Error::none)
            return PageAnswer::no (error);
        ++statistics_.fills;
        // Never more than the client may have, whatever the pager below has given.
        return { rt::Error::none, page,
                 write ? l4::Access::read_write : l4::Access::read_only };
    }

    [[nodiscard]] pagers::Statistics::Answer statistics ()
    {
        statistics_.objects = views_.count ();
        return statistics_;
    }

private:
    rt::Object below_;
    Word pages_;
    pagers::AccessList list_;
    pagers::ObjectTable<Right, 16> views_ {};
    pagers::Statistics::Answer statistics_ {};
};

}  // namespace

int main (std::string_view arguments)
{
    l4::ThreadId const lower = root::find_name (rt::take_word (arguments));
    Word const pages = rt::parse_decimal (rt::take_word (arguments));
    if (lower.is_nil () || pages == 0 || pages > pagers::most_frames) {
        rt::print ("usage: guard_pager LOWER PAGES PROGRAM=r|w..., where LOWER is a pager\n");
        return 2;
    }
    auto const below = pagers::open (lower, pages);
    if (!below.ok ()) {
        rt::print ("guard_pager: the pager below: ", text (below.error), "\n");
        return 1;
    }
    static GuardedMemory memory { below.value, pages, pagers::AccessList { arguments } };
    return pagers::run (memory);
}
