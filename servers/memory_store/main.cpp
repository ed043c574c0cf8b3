// SPDX-License-Identifier: BSD-2-Clause
/// @file  The memory store: blocks in the memory of this program, as long as there is some.
#include <runtime/layout.hpp>
#include <runtime/main.hpp>

#include "server.hpp"

namespace {

using l4::Address;
using l4::Word;

// The first page is the one through which all blocks come and go.
constexpr Address exchange_page = rt::layout::anonymous_begin;
constexpr Address blocks_begin = exchange_page + l4::page_size;

struct Memory {
    static constexpr std::size_t capacity
        = (rt::layout::anonymous_end - blocks_begin) / l4::page_size;

    static bool put (Word place, void const* page)
    {
        __builtin_memcpy (at (place), page, l4::page_size);
        return true;
    }
    static bool get (Word place, void* page)
    {
        __builtin_memcpy (page, at (place), l4::page_size);
        return true;
    }

private:
    static void* at (Word place)
    {
        return reinterpret_cast<void*> (blocks_begin + place * l4::page_size);
    }
};

}  // namespace

int main (std::string_view)
{
    Memory memory;
    return store::run (memory, exchange_page);
}
