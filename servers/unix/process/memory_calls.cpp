// SPDX-License-Identifier: BSD-2-Clause
#include "memory_calls.hpp"

namespace unix_server::calls {

namespace {

/// i386 cannot tell execution from reading, and cannot write without reading.
Region region_of (Address begin, Address end, Word protection)
{
    return { begin, end, protection != 0, (protection & mapping::write) != 0 };
}

/// Whether [begin, begin + size) can be a part of a space; `end` is rounded up then.
bool is_range (Address begin, Word size, Address& end)
{
    if (layout::page_down (begin) != begin || size == 0 || begin > layout::user_end
        || size > layout::user_end - begin)
        return false;
    end = layout::page_up (begin + size);
    return true;
}

}  // namespace

/// As Linux has it: what cannot be leaves everything as it is, and the result is the end.
Result brk (Call& call, Address end)
{
    Process& process = call.process;
    Frames& frames = call.system.frames;
    if (end < process.heap_begin || end >= layout::mappings_end)
        return process.heap_end;
    Address const before = layout::page_up (process.heap_end);
    Address const after = layout::page_up (end);
    if (after > before
        && (!process.space.is_free (before, after)
            || !process.space.map ({ before, after, true, true }, frames)))
        return process.heap_end;
    if (after < before && !process.space.unmap (after, before, frames))
        return process.heap_end;
    process.heap_end = end;
    return end;
}

namespace {

/// What is to be shown: the file from a page on. What processes share is read-only.
Result find_file_to_map (Call& call, Word descriptor, Word protection, Word flags, Node*& file)
{
    OpenFile const* const found = call.process.descriptors.find (descriptor);
    if (found == nullptr)
        return Errno::bad_descriptor;
    if (!found->can_read ())
        return Errno::access;
    bool const writes = (flags & mapping::shared) != 0 && (protection & mapping::write) != 0;
    if (writes && !found->can_write ())
        return Errno::access;
    if (!found->node->is_regular () || writes)
        return Errno::not_mappable;
    file = found->node;
    return ok;
}

}  // namespace

Result mmap2 (Call& call, Address at, Word size, Word protection, Word flags, Word descriptor,
              Word page)
{
    AddressSpace& space = call.process.space;
    bool const is_anonymous = (flags & mapping::anonymous) != 0;
    Word const kind = flags & (mapping::shared | mapping::is_private);
    Node* file = nullptr;
    if (size == 0 || (kind != mapping::is_private && (kind != mapping::shared || is_anonymous)))
        return Errno::invalid;
    if (size > layout::user_end)
        return Errno::no_memory;
    if (!is_anonymous && page >= PageTree::most_pages)
        return Errno::overflow;
    if (!is_anonymous)
        if (Result const found = find_file_to_map (call, descriptor, protection, flags, file);
            !found.ok ())
            return found;
    Address begin = at;
    Address end = 0;
    if ((flags & mapping::fixed) == 0
        && (begin < layout::lowest || !is_range (begin, size, end) || !space.is_free (begin, end)))
        begin = space.find_place (size);
    if (begin == 0)
        return Errno::no_memory;
    if (!is_range (begin, size, end))
        return Errno::invalid;
    Region region = region_of (begin, end, protection);
    if (file != nullptr) {
        region.file = file;
        region.file_offset = page * l4::page_size;
        region.file_bytes = end - begin;
    }
    return space.map (region, call.system.frames) ? Result { begin }
                                                  : Result { Errno::no_memory };
}

Result munmap (Call& call, Address begin, Word size)
{
    Address end = 0;
    if (!is_range (begin, size, end))
        return Errno::invalid;
    return call.process.space.unmap (begin, end, call.system.frames)
               ? Result { ok }
               : Result { Errno::no_memory };
}

Result mprotect (Call& call, Address begin, Word size, Word protection)
{
    Address end = 0;
    if (size == 0 && layout::page_down (begin) == begin)
        return ok;
    if (!is_range (begin, size, end))
        return Errno::invalid;
    return call.process.space.protect (region_of (begin, end, protection))
               ? Result { ok }
               : Result { Errno::no_memory };
}

}  // namespace unix_server::calls
