// SPDX-License-Identifier: BSD-2-Clause
/// @file  A client of pagers, to try them out: opens an object and goes through its pages.
///
///     touch PAGER PAGES read|write [ROUNDS [NAME]]
///
/// Writing puts a mark into each page and finds it again in the next round. NAME is passed on to
/// the pager: a module, for the file pager. The status is 0 if every page had what it should.
#include <pagers/protocol.hpp>
#include <root/protocol.hpp>
#include <runtime/main.hpp>
#include <runtime/print.hpp>
#include <runtime/region.hpp>
#include <runtime/words.hpp>

namespace {

using l4::Address;
using l4::Word;

constexpr Word pause = 20'000;          // microseconds between two rounds

[[nodiscard]] Word mark (Word page, Word round) { return page << 16 | (round + 1); }

/// @return whether every page held the mark of the round before
bool go_through (Address base, Word pages, bool write, Word round)
{
    for (Word page = 0; page < pages; ++page) {
        auto& word = *reinterpret_cast<Word volatile*> (base + page * l4::page_size);
        Word const found = word;
        if (write && found != (round == 0 ? 0 : mark (page, round - 1))) {
            rt::print ("touch: page ", page, " holds ", rt::hex (found), "\n");
            return false;
        }
        if (write)
            word = mark (page, round);
    }
    return true;
}

}  // namespace

int main (std::string_view arguments)
{
    std::string_view const server_name = rt::take_word (arguments);
    Word pages = rt::parse_decimal (rt::take_word (arguments));
    std::string_view const access = rt::take_word (arguments);
    std::string_view const rounds_word = rt::take_word (arguments);
    Word const rounds = rounds_word.empty () ? 1 : rt::parse_decimal (rounds_word);
    l4::ThreadId const server = root::await_name (server_name);
    if (server.is_nil () || pages == 0 || (access != "read" && access != "write")) {
        rt::print ("usage: touch PAGER PAGES read|write [ROUNDS [NAME]]\n");
        return 2;
    }
    auto const object = pagers::open (server, pages, rt::take_word (arguments));
    if (!object.ok ()) {
        rt::print ("touch: ", server_name, ": ", text (object.error), "\n");
        return 1;
    }
    if (auto const size = rt::call (server, pagers::Size { object.value.number });
        size.ok () && size.value < pages)
        pages = size.value;
    auto const place = rt::attach (object.value, pages);
    if (!place.ok ())
        return 1;
    for (Word round = 0; round < rounds; ++round) {
        if (!go_through (place.value, pages, access == "write", round))
            return 1;
        if (round + 1 < rounds)
            rt::sleep_microseconds (pause);
    }
    rt::print ("touch: ", server_name, ": ", pages, " pages, ", rounds, " rounds, ",
               rt::region_faults (), " page faults\n");
    return 0;
}
