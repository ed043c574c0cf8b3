// SPDX-License-Identifier: BSD-2-Clause
#include "handoff.hpp"

#include <cstring>

#include <l4/multiboot.hpp>

namespace boot {

namespace {

namespace multiboot = l4::multiboot;

/// The modules in the order of the table.
class Order {
public:
    explicit Order (Handoff const& handoff)
    {
        add (*handoff.selection.kernel);
        add (*handoff.selection.sigma0);
        add (*handoff.selection.root);
        for (Module const& m : handoff.modules)
            if (handoff.selection.is_program (m))
                add (m);
    }

    [[nodiscard]] Module const* const* begin () const { return modules_.data (); }
    [[nodiscard]] Module const* const* end () const { return modules_.data () + count_; }
    [[nodiscard]] Word size () const { return static_cast<Word> (count_); }

private:
    void add (Module const& m) { modules_[count_++] = &m; }

    std::array<Module const*, ModuleList::capacity> modules_ {};
    std::size_t count_ { 0 };
};

/// Writes strings one behind the other.
class StringArea {
public:
    StringArea (std::span<std::byte> area, Address at) : area_ { area }, at_ { at } {}

    /// @return the physical address of the copy
    Address add (std::string_view text)
    {
        Address const address = at_ + static_cast<Word> (used_);
        if (!text.empty ())
            std::memcpy (area_.data () + used_, text.data (), text.size ());
        used_ += text.size ();
        area_[used_++] = std::byte { 0 };
        return address;
    }

private:
    std::span<std::byte> area_;
    Address at_;
    std::size_t used_ { 0 };
};

/// KB of RAM from `begin` up to the first hole.
Word contiguous_kb (RangeSet const& ram, Address begin, Address limit)
{
    for (Range const& r : ram)
        if (r.begin <= begin && r.end > begin)
            return ((r.end < limit ? r.end : limit) - begin) / 1024;
    return 0;
}

}  // namespace

Word handoff_size (Handoff const& handoff)
{
    std::size_t size = sizeof (multiboot::Info) + handoff.command_line.size () + 1;
    for (Module const* m : Order { handoff })
        size += sizeof (multiboot::Module) + m->text.size () + 1;
    return static_cast<Word> (size);
}

void write_handoff (Handoff const& handoff, std::span<std::byte> block, Address at)
{
    Order const order { handoff };
    Word const table = sizeof (multiboot::Info);
    Word const text = table + order.size () * static_cast<Word> (sizeof (multiboot::Module));
    StringArea strings { { block.data () + text, block.size () - text }, at + text };

    multiboot::Info info {};
    info.flags = multiboot::info_memory | multiboot::info_command_line | multiboot::info_modules;
    info.memory_lower = contiguous_kb (handoff.memory.ram, 0, adapter_begin);
    info.memory_upper = contiguous_kb (handoff.memory.ram, adapter_end, usable_limit);
    info.command_line = strings.add (handoff.command_line);
    info.modules_count = order.size ();
    info.modules = at + table;
    std::memcpy (block.data (), &info, sizeof info);

    std::byte* entry = block.data () + table;
    for (Module const* m : order) {
        multiboot::Module const module { m->memory.begin, m->memory.end, strings.add (m->text),
                                         0 };
        std::memcpy (entry, &module, sizeof module);
        entry += sizeof module;
    }
}

}  // namespace boot
