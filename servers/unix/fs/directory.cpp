// SPDX-License-Identifier: BSD-2-Clause
#include "directory.hpp"

#include "../process/layout.hpp"

namespace unix_server {

namespace {

/// A page of records.
class Page {
public:
    explicit Page (Address frame) : frame_ { frame } {}

    [[nodiscard]] Record* first () const { return at (0); }
    /// nullptr: the end
    [[nodiscard]] Record* after (Record const& record) const
    {
        return at (position (record) + record.size);
    }
    [[nodiscard]] Word position (Record const& record) const
    {
        return reinterpret_cast<Address> (&record) - frame_;
    }
    /// Neighbours that are free become one.
    void join_free () const
    {
        for (Record* record = first (); record != nullptr;) {
            Record* const follower = after (*record);
            if (follower != nullptr && record->node == 0 && follower->node == 0)
                record->size = static_cast<std::uint16_t> (record->size + follower->size);
            else
                record = follower;
        }
    }

private:
    [[nodiscard]] Record* at (Word offset) const
    {
        return offset < l4::page_size ? reinterpret_cast<Record*> (frame_ + offset) : nullptr;
    }

    Address frame_;
};

Word size_for (std::size_t name_size)
{
    return (sizeof (Record) + static_cast<Word> (name_size) + 3) & ~Word { 3 };
}

/// Put the entry into a free record, and leave what it does not need.
void fill (Record& free, std::string_view name, Node const& node)
{
    Word const size = size_for (name.size ());
    if (free.size - size >= size_for (1)) {
        auto& rest = *reinterpret_cast<Record*> (reinterpret_cast<Address> (&free) + size);
        rest = { 0, static_cast<std::uint16_t> (free.size - size), 0, 0 };
        free.size = static_cast<std::uint16_t> (size);
    }
    free.node = node.number;
    free.name_size = static_cast<std::uint8_t> (name.size ());
    free.type = node.entry_type ();
    name.copy (reinterpret_cast<char*> (&free + 1), name.size ());
}

bool is_dots (Record const& record)
{
    return record.name () == "." || record.name () == "..";
}

}  // namespace

template <typename Condition>
Record* Directory::search (Word& position, Condition is_wanted) const
{
    for (; position < node_.size; position = (position | (l4::page_size - 1)) + 1) {
        Page const page { node_.pages.find (position / l4::page_size) };
        Word const begin = position - position % l4::page_size;
        // From the first one on: what is at `position` may have become a part of a free record.
        for (Record* record = page.first (); record != nullptr; record = page.after (*record)) {
            if (record->node == 0 || begin + page.position (*record) < position
                || !is_wanted (*record))
                continue;
            position = begin + page.position (*record);
            return record;
        }
    }
    return nullptr;
}

Record* Directory::next (Word& position) const
{
    return search (position, [] (Record const&) { return true; });
}

Record* Directory::find (std::string_view name) const
{
    Word position = 0;
    return search (position, [name] (Record const& record) { return record.name () == name; });
}

Record* Directory::find_node (Word number) const
{
    Word position = 0;
    return search (position, [number] (Record const& record) {
        return record.node == number && !is_dots (record);
    });
}

bool Directory::is_empty () const
{
    Word position = 0;
    return search (position, [] (Record const& record) { return !is_dots (record); }) == nullptr;
}

bool add_entry (Node& directory, std::string_view name, Node const& node, FrameBudget& budget)
{
    Word const size = size_for (name.size ());
    for (Word number = 0; number * l4::page_size < directory.size; ++number) {
        Page const page { directory.pages.find (number) };
        for (Record* record = page.first (); record != nullptr; record = page.after (*record)) {
            if (record->node != 0 || record->size < size)
                continue;
            fill (*record, name, node);
            return true;
        }
    }
    Word const number = directory.size / l4::page_size;
    Address const frame
        = number < PageTree::most_pages ? directory.pages.make (number, budget) : 0;
    if (frame == 0)
        return false;
    directory.size += l4::page_size;
    auto& record = *reinterpret_cast<Record*> (frame);
    record = { 0, l4::page_size, 0, 0 };
    fill (record, name, node);
    return true;
}

void remove_entry (Record& record)
{
    record.node = 0;
    Page { layout::page_down (reinterpret_cast<Address> (&record)) }.join_free ();
}

}  // namespace unix_server
