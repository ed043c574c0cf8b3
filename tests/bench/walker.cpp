// SPDX-License-Identifier: BSD-2-Clause
/// @file  Goes through memory again and again, so that a model of the caches sees how its pages
///        lie: `walker PAGER [PAGES [PASSES]]`, 48 pages and 8 passes.
///
/// Its pages are touched in turn with those of other objects, a random number in between, as on a
/// machine where several programs fault at the same time. Each pass reads every line of 32 bytes,
/// between `xchg cx, cx` and `xchg dx, dx`, which tell a cycle model where to measure.
#include <pagers/protocol.hpp>
#include <root/protocol.hpp>
#include <runtime/layout.hpp>
#include <runtime/main.hpp>
#include <runtime/print.hpp>
#include <runtime/region.hpp>
#include <runtime/words.hpp>

#include <framework/random.hpp>

namespace {

using l4::Address;
using l4::Word;

constexpr Word others = 2;
constexpr Word other_pages = 96;
constexpr Word most_between = 7;
constexpr Address other_begin = rt::layout::anonymous_begin;

[[nodiscard]] Word number_or (std::string_view word, Word otherwise)
{
    return word.empty () ? otherwise : rt::parse_decimal (word);
}

void touch (Address page) { *reinterpret_cast<Word volatile*> (page) = page; }

/// Pages of other objects, until there are no more.
class Others {
public:
    [[nodiscard]] bool open (l4::ThreadId server)
    {
        for (Word n = 0; n < others; ++n) {
            auto const object = pagers::open (server, other_pages);
            if (!object.ok ()
                || !rt::attach (object.value, other_pages, 0, address (n * other_pages)).ok ())
                return false;
        }
        return true;
    }

    void touch_some (Word count)
    {
        for (; count > 0 && next_ < others * other_pages; --count)
            touch (address (next_++));
    }

private:
    [[nodiscard]] static Address address (Word page)
    {
        return other_begin + page * l4::page_size;
    }

    Word next_ { 0 };
};

void read_all (Address begin, Word pages)
{
    constexpr Word line = 32;
    asm volatile (".byte 0x66, 0x87, 0xC9" : : : "memory");
    for (Address at = begin; at < begin + pages * l4::page_size; at += line)
        static_cast<void> (*reinterpret_cast<Word const volatile*> (at));
    asm volatile (".byte 0x66, 0x87, 0xD2" : : : "memory");
}

}  // namespace

int main (std::string_view arguments)
{
    std::string_view const name = rt::take_word (arguments);
    Word const pages = number_or (rt::take_word (arguments), 48);
    Word const passes = number_or (rt::take_word (arguments), 8);
    l4::ThreadId const server = root::await_name (name);
    auto const object = pagers::open (server, pages);
    Others rest;
    auto const place = rt::attach (object.value, pages);
    if (!object.ok () || !place.ok () || !rest.open (server)) {
        rt::print ("usage: walker PAGER [PAGES [PASSES]]\n");
        return 1;
    }
    guest::Random random { 1 };
    for (Word page = 0; page < pages; ++page) {
        touch (place.value + page * l4::page_size);
        rest.touch_some (random.below (most_between + 1));
    }
    for (Word pass = 0; pass < passes; ++pass)
        read_all (place.value, pages);
    rt::print ("walker: ", passes, " passes through ", pages, " pages of ", name, "\n");
    return 0;
}
