// SPDX-License-Identifier: BSD-2-Clause
/// @file  The file pager: modules of the boot bundle as memory. Every page is read once and shared
///        by all who look at it; who writes gets a copy of his own.
///
/// Open: `name` is the module; `pages` is not looked at. Size tells its pages.
#include <pagers/copying_server.hpp>
#include <runtime/main.hpp>

namespace {

using pagers::Word;

constexpr l4::Address window = rt::layout::regions_begin;       // two pages of a module

/// The modules that were opened, by their number in the bundle.
class Files {
public:
    [[nodiscard]] rt::Reply<root::FindModule::Answer> find (rt::Name const& name)
    {
        auto const found = rt::call (root::service (), root::FindModule { name });
        if (found.ok () && found.value.index < known_.size ())
            known_[found.value.index] = found.value;
        return found;
    }

    [[nodiscard]] root::FindModule::Answer const& operator[] (Word file) const
    {
        return known_[file];
    }

    static constexpr Word capacity = 32;

private:
    std::array<root::FindModule::Answer, capacity> known_ {};
};

constinit Files files {};

/// A module need not begin at a page: a page of it lies in two of the bundle.
struct FileMachine : pagers::CopyingMachine {
    static bool fill (Word file, Word page, Word frame)
    {
        auto const& module = files[file];
        Word const begin = page * l4::page_size;
        Word const rest = module.size - begin;
        Word const bytes = rest < l4::page_size ? rest : l4::page_size;
        Word const first = (module.offset + begin) / l4::page_size;
        Word const last = (module.offset + begin + bytes - 1) / l4::page_size;
        for (Word n = first; n <= last; ++n)
            if (!root::map_module (file, n, window + (n - first) * l4::page_size))
                return false;
        pagers::clear_frame (frame);
        __builtin_memcpy (reinterpret_cast<void*> (pagers::frame_address (frame)),
                          reinterpret_cast<void const*> (
                              window + (module.offset + begin) % l4::page_size),
                          bytes);
        return true;
    }
};

constinit FileMachine machine {};

class FileMemory : public pagers::CopyingMemory<FileMachine> {
public:
    using CopyingMemory::CopyingMemory;

    [[nodiscard]] rt::Reply<Word> open (l4::ThreadId client, pagers::Open const& request)
    {
        auto const found = files.find (request.name);
        if (!found.ok ())
            return { found.error, 0 };
        if (found.value.index >= Files::capacity || found.value.size == 0)
            return { rt::Error::no_place, 0 };
        return open_file (client, (found.value.size + l4::page_size - 1) / l4::page_size,
                          found.value.index);
    }
};

}  // namespace

int main (std::string_view)
{
    static FileMemory memory { machine };
    return pagers::run (memory);
}
