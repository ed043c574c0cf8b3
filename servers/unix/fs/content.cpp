// SPDX-License-Identifier: BSD-2-Clause
#include "content.hpp"

#include <algorithm>

namespace unix_server {

namespace {

constexpr Word size_of (std::span<std::byte const> bytes)
{
    return static_cast<Word> (bytes.size ());
}

std::byte* bytes_of (Address frame) { return reinterpret_cast<std::byte*> (frame); }

/// Up to the end of the page.
Word rest_of_page (Word offset) { return l4::page_size - offset % l4::page_size; }

}  // namespace

std::span<std::byte const> bytes_at (Node const& node, Word offset)
{
    static constexpr std::byte zeros[l4::page_size] {};
    if (offset >= node.size)
        return {};
    Word const length = std::min (rest_of_page (offset), node.size - offset);
    if (Address const frame = node.pages.find (offset / l4::page_size); frame != 0)
        return { bytes_of (frame) + offset % l4::page_size, length };
    if (offset < size_of (node.origin))
        return node.origin.subspan (offset, std::min (length, size_of (node.origin) - offset));
    return { zeros, length };
}

std::span<std::byte> writable_bytes_at (Node& node, Word offset, FrameBudget& budget)
{
    Word const page = offset / l4::page_size;
    bool const is_new = node.pages.find (page) == 0;
    Address const frame = node.pages.make (page, budget);
    if (frame == 0)
        return {};
    Word const begin = page * l4::page_size;
    if (is_new && begin < size_of (node.origin))
        std::ranges::copy (node.origin.subspan (begin, std::min (l4::page_size,
                                                                 size_of (node.origin) - begin)),
                           bytes_of (frame));
    return { bytes_of (frame) + offset % l4::page_size, rest_of_page (offset) };
}

Word read_content (Node const& node, Word offset, void* to, Word size)
{
    Word done = 0;
    while (done < size) {
        auto const bytes = bytes_at (node, offset + done);
        Word const part = std::min (size_of (bytes), size - done);
        if (part == 0)
            break;
        __builtin_memcpy (static_cast<std::byte*> (to) + done, bytes.data (), part);
        done += part;
    }
    return done;
}

Word write_content (Node& node, Word offset, void const* from, Word size, FrameBudget& budget)
{
    Word done = 0;
    while (done < size) {
        auto const bytes = writable_bytes_at (node, offset + done, budget);
        if (bytes.empty ())
            break;
        Word const part = std::min (static_cast<Word> (bytes.size ()), size - done);
        __builtin_memcpy (bytes.data (), static_cast<std::byte const*> (from) + done, part);
        done += part;
        node.size = std::max (node.size, offset + done);
    }
    return done;
}

Address frame_to_map (Node& node, Word page, FrameBudget& budget)
{
    if (page >= (node.size + l4::page_size - 1) / l4::page_size)
        return 0;
    Address frame = node.pages.find (page);
    if (frame == 0)
        frame = node.mapped.find (page);
    if (frame == 0) {
        frame = node.mapped.make (page, budget);
        if (frame == 0)
            return 0;
        read_content (node, page * l4::page_size, bytes_of (frame), l4::page_size);
    }
    return budget.share (frame) ? frame : 0;
}

void resize (Node& node, Word size, FrameBudget& budget)
{
    if (size < node.size) {
        node.mapped.cut (size / l4::page_size, budget);
        node.pages.cut ((size + l4::page_size - 1) / l4::page_size, budget);
        if (Address const last = node.pages.find (size / l4::page_size); last != 0)
            std::fill_n (bytes_of (last) + size % l4::page_size, rest_of_page (size),
                         std::byte { 0 });
        node.origin = node.origin.first (std::min (size, size_of (node.origin)));
    }
    node.size = size;
}

}  // namespace unix_server
