// SPDX-License-Identifier: BSD-2-Clause
#include "address_space.hpp"

#include "../fs/content.hpp"

namespace unix_server {

namespace {

using layout::page_down;
using layout::page_up;

std::byte* bytes_at (Address address) { return reinterpret_cast<std::byte*> (address); }

bool is_valid (Address begin, Address end)
{
    return begin >= layout::lowest && begin < end && end <= layout::user_end
           && page_down (begin | end) == (begin | end);
}

}  // namespace

bool AddressSpace::create (Frames& frames)
{
    *this = {};
    directory_ = reinterpret_cast<Word*> (frames.allocate ());
    return directory_ != nullptr;
}

void AddressSpace::destroy (Frames& frames)
{
    if (directory_ == nullptr)
        return;
    for (std::size_t i = 0; i < count_; ++i)
        if (regions_[i].file != nullptr)
            end_mapping (*regions_[i].file);
    for (Word i = 0; i < entries; ++i) {
        if (directory_[i] == 0)
            continue;
        auto* const table = reinterpret_cast<Word*> (directory_[i]);
        for (Word j = 0; j < entries; ++j)
            drop (table[j], frames);
        frames.release (directory_[i]);
    }
    frames.release (reinterpret_cast<Address> (directory_));
    *this = {};
}

// Regions.

Region const* AddressSpace::find (Address address) const
{
    for (std::size_t i = 0; i < count_; ++i)
        if (address >= regions_[i].begin && address < regions_[i].end)
            return &regions_[i];
    return nullptr;
}

bool AddressSpace::insert (Region const& region)
{
    if (count_ == most_regions)
        return false;
    std::size_t place = count_++;
    for (; place > 0 && regions_[place - 1].begin > region.begin; --place)
        regions_[place] = regions_[place - 1];
    regions_[place] = region;
    return true;
}

void AddressSpace::remove (std::size_t index)
{
    --count_;
    for (; index < count_; ++index)
        regions_[index] = regions_[index + 1];
}

/// No region reaches across `at` any more.
bool AddressSpace::split (Address at)
{
    for (std::size_t i = 0; i < count_; ++i) {
        if (at <= regions_[i].begin || at >= regions_[i].end)
            continue;
        Region upper = regions_[i];
        Word const distance = at - upper.begin;
        upper.begin = at;
        upper.file_offset += distance;
        upper.file_bytes -= upper.file_bytes < distance ? upper.file_bytes : distance;
        if (!insert (upper))
            return false;
        if (upper.file != nullptr)
            begin_mapping (*upper.file);
        regions_[i].end = at;       // the upper part went behind it
        return true;
    }
    return true;
}

bool AddressSpace::is_free (Address begin, Address end) const
{
    for (std::size_t i = 0; i < count_; ++i)
        if (begin < regions_[i].end && regions_[i].begin < end)
            return false;
    return true;
}

bool AddressSpace::map (Region const& region, Frames& frames)
{
    if (!unmap (region.begin, region.end, frames))
        return false;
    // Neighbours of one kind are one region: a heap that grows page by page stays one.
    for (std::size_t i = 0; i < count_; ++i) {
        Region& before = regions_[i];
        if (before.file == nullptr && region.file == nullptr && before.end == region.begin
            && before.readable == region.readable
            && before.writable == region.writable) {
            before.end = region.end;
            return true;
        }
    }
    if (!insert (region))
        return false;
    if (region.file != nullptr)
        begin_mapping (*region.file);
    return true;
}

bool AddressSpace::unmap (Address begin, Address end, Frames& frames)
{
    if (!is_valid (begin, end) || !split (begin) || !split (end))
        return false;
    for (std::size_t i = 0; i < count_;) {
        Region const region = regions_[i];
        if (region.begin < begin || region.end > end) {
            ++i;
            continue;
        }
        for (Address page = region.begin; page < region.end; page += l4::page_size)
            if (Word* const entry = find_entry (page); entry != nullptr)
                drop (*entry, frames);
        remove (i);
        if (region.file != nullptr)
            end_mapping (*region.file);
    }
    return true;
}

bool AddressSpace::protect (Region const& wanted)
{
    if (!is_valid (wanted.begin, wanted.end))
        return false;
    for (Address at = wanted.begin; at < wanted.end;) {
        Region const* const region = find (at);
        if (region == nullptr)
            return false;
        at = region->end;
    }
    if (!split (wanted.begin) || !split (wanted.end))
        return false;
    for (std::size_t i = 0; i < count_; ++i) {
        Region& region = regions_[i];
        if (region.begin < wanted.begin || region.end > wanted.end)
            continue;
        region.readable = wanted.readable;
        region.writable = wanted.writable;
        for (Address page = region.begin; page < region.end; page += l4::page_size)
            if (Word const* const entry = find_entry (page); entry != nullptr && *entry != 0)
                revoke (*entry, Revoke::all);
    }
    return true;
}

Address AddressSpace::find_place (Word bytes) const
{
    if (bytes == 0 || bytes > layout::mappings_end - layout::lowest)
        return 0;
    Address end = layout::mappings_end;
    // From the highest region down: below each there may be room.
    for (std::size_t i = count_;; --i) {
        Address const floor = i == 0 ? layout::lowest : regions_[i - 1].end;
        if (end > floor && end - floor >= page_up (bytes))
            return end - page_up (bytes);
        if (i == 0)
            return 0;
        if (regions_[i - 1].begin < end)
            end = regions_[i - 1].begin;
    }
}

// Pages.

Word* AddressSpace::find_entry (Address page) const
{
    Word const table = directory_ == nullptr ? 0 : directory_[page >> table_bits];
    if (table == 0)
        return nullptr;
    return reinterpret_cast<Word*> (table) + page / l4::page_size % entries;
}

Word* AddressSpace::make_entry (Address page, Frames& frames)
{
    Word& table = directory_[page >> table_bits];
    if (table == 0)
        table = frames.allocate ();
    return find_entry (page);
}

void AddressSpace::drop (Word& entry, Frames& frames)
{
    if (entry == 0)
        return;
    revoke (entry, Revoke::all);
    frames.release (entry);
    entry = 0;
}

/// Before somebody writes to it: a frame of its own.
bool AddressSpace::make_own (Word& entry, Frames& frames)
{
    if (frames.uses (entry) == 1)
        return true;
    Address const copy = frames.allocate ();
    if (copy == 0)
        return false;
    __builtin_memcpy (bytes_at (copy), bytes_at (entry), l4::page_size);
    drop (entry, frames);
    entry = copy;
    return true;
}

/// A page that has not been touched yet: the file's, or with a part of it, or full of zeros.
Resolved AddressSpace::first_page (Region const& region, Address page, Frames& frames)
{
    Word const distance = page - region.begin;
    Word const of_file = distance < region.file_bytes ? region.file_bytes - distance : 0;
    Address frame = 0;
    if (region.file != nullptr && of_file != 0) {
        Word const offset = region.file_offset + distance;
        if (offset >= region.file->size)
            return { Resolved::Kind::beyond_file };
        if (of_file >= l4::page_size)
            frame = share_file_page (*region.file, offset / l4::page_size);
        if (frame == 0 && (frame = frames.allocate ()) != 0)
            read_content (*region.file, offset, bytes_at (frame),
                          of_file < l4::page_size ? of_file : l4::page_size);
    } else {
        frame = frames.allocate ();
    }
    return { frame != 0 ? Resolved::Kind::mapped : Resolved::Kind::no_memory, frame };
}

Resolved AddressSpace::page_for (Region const& region, Address page, bool write, Frames& frames)
{
    Word* const entry = make_entry (page, frames);
    if (entry == nullptr)
        return { Resolved::Kind::no_memory };
    if (*entry == 0) {
        Resolved const first = first_page (region, page, frames);
        if (first.kind != Resolved::Kind::mapped)
            return first;
        *entry = first.frame;
    }
    if (write && !make_own (*entry, frames))
        return { Resolved::Kind::no_memory };
    return { Resolved::Kind::mapped, *entry, frames.uses (*entry) == 1 };
}

Resolved AddressSpace::resolve (Address address, bool write, Frames& frames)
{
    Region const* const region = find (address);
    if (region == nullptr || directory_ == nullptr || !region->readable
        || (write && !region->writable))
        return { Resolved::Kind::forbidden };
    Resolved found = page_for (*region, page_down (address), write, frames);
    found.writable = found.writable && region->writable;
    return found;
}

bool AddressSpace::copy_to (AddressSpace& child, Frames& frames)
{
    child.regions_ = regions_;
    child.count_ = count_;
    for (std::size_t i = 0; i < count_; ++i)
        if (regions_[i].file != nullptr)
            begin_mapping (*regions_[i].file);
    for (Word i = 0; i < entries; ++i) {
        if (directory_[i] == 0)
            continue;
        auto const* const table = reinterpret_cast<Word const*> (directory_[i]);
        for (Word j = 0; j < entries; ++j) {
            if (table[j] == 0)
                continue;
            Word* const entry
                = child.make_entry (i << table_bits | j * l4::page_size, frames);
            if (entry == nullptr || !frames.share (table[j]))
                return false;
            *entry = table[j];
            revoke (table[j], Revoke::write);
        }
    }
    return true;
}

// Copying.

std::span<std::byte> AddressSpace::reach (Address address, bool write, Frames& frames)
{
    Resolved const page = resolve (address, write, frames);
    if (page.kind != Resolved::Kind::mapped)
        return {};
    Word const offset = address - page_down (address);
    return { bytes_at (page.frame) + offset, l4::page_size - offset };
}

bool AddressSpace::read (void* to, Address from, Word bytes, Frames& frames)
{
    auto* target = static_cast<std::byte*> (to);
    while (bytes > 0) {
        Resolved const page = resolve (from, false, frames);
        if (page.kind != Resolved::Kind::mapped)
            return false;
        Word const offset = from - page_down (from);
        Word const part = bytes < l4::page_size - offset ? bytes : l4::page_size - offset;
        __builtin_memcpy (target, bytes_at (page.frame) + offset, part);
        target += part;
        from += part;
        bytes -= part;
    }
    return true;
}

bool AddressSpace::write (Address to, void const* from, Word bytes, Frames& frames)
{
    for (Address at = page_down (to); bytes != 0 && at < to + bytes; at += l4::page_size) {
        Region const* const region = find (at);
        if (region == nullptr || !region->writable || to + bytes < to)
            return false;
    }
    return fill (to, from, bytes, frames);
}

bool AddressSpace::fill (Address to, void const* from, Word bytes, Frames& frames)
{
    auto const* source = static_cast<std::byte const*> (from);
    while (bytes > 0) {
        Region const* const region = find (to);
        Resolved const page = region == nullptr
                                  ? Resolved { Resolved::Kind::forbidden }
                                  : page_for (*region, page_down (to), true, frames);
        if (page.kind != Resolved::Kind::mapped)
            return false;
        Word const offset = to - page_down (to);
        Word const part = bytes < l4::page_size - offset ? bytes : l4::page_size - offset;
        __builtin_memcpy (bytes_at (page.frame) + offset, source, part);
        source += part;
        to += part;
        bytes -= part;
    }
    return true;
}

}  // namespace unix_server
