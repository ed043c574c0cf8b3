// SPDX-License-Identifier: BSD-2-Clause
#include <core/mapping_database.hpp>

#include <core/scheduler.hpp>
#include <core/space.hpp>

namespace kernel {

template class MapStore<machine::PagePolicy>;
template class Mapdb<machine::PagePolicy>;

constinit MappingDatabase mapping_database { kernel_frames };

namespace {

/// Nodes visited with interrupts off.
constexpr unsigned steps_at_once = 2;

/// Where operations of one kind live. A slot belongs to its operation, not to the thread that
/// began it: when that is done the slot may serve somebody else, so an operation is told from
/// its successors by a number.
template <typename Operation>
class OperationSlots {
public:
    struct Slot {
        Operation operation;
        Word number { 0 };
    };

    /// A slot whose operation is not under way.
    [[nodiscard]] Slot& unused ()
    {
        Slot* slot = slots_;
        while (slot->operation.link.is_linked ())
            ++slot;
        return *slot;
    }

private:
    Slot slots_[MappingDatabase::max_active + 1];   // one more than can be under way
};

constinit OperationSlots<Revocation> revocations;
constinit OperationSlots<AncestorSearch> searches;
Word last_number;

void help_others ()
{
    mapping_database.help (steps_at_once);
    scheduler::serve_interrupts ();
}

/// Run the operation that has just been started in `slot` to its end. Interrupts are served first:
/// much may have been done before it was started.
/// @return whether the slot still shows its result
template <typename Slot>
bool finish (Slot& slot)
{
    Word const number = slot.number = ++last_number;
    do
        scheduler::serve_interrupts ();
    while (slot.number == number && !mapping_database.run (slot.operation, steps_at_once));
    return slot.number == number;
}

/// Whether 4 MB from `address` on are one page, or memory of sigma0.
bool begins_superpage (Space& space, Address address)
{
    return address % l4::superpage_size == 0
           && (space.is_initial () || space.directory ().find_superpage (address) != nullptr);
}

}  // namespace

MappedPage mapped_page (Space& space, Address address)
{
    if (space.is_initial ()) {
        machine::Page const page = space.lookup (address);
        if (!page.is_mapped ())
            return {};
        Address const frame = page.frame;
        return { mapping_database.find_region (frame >> l4::superpage_bits), part_at (frame) };
    }
    machine::PageDirectory& directory = space.directory ();
    if (directory.find_superpage (address) != nullptr)
        return { directory.superpage_node (address), part_at (address) };
    machine::PageEntry* const entry = directory.find_entry (address);
    if (entry == nullptr || !entry->is_present ())
        return {};
    if (MapNode* const node = machine::PagePolicy::node_of (*entry))
        return { node };
    return { directory.superpage_node (address), part_at (address) };
}

Word revoke (Space& space, Address address, MappedPage page, Word size, MapAction action,
             MapScope scope)
{
    for (;; page = mapped_page (space, address)) {
        if (page.node == nullptr)
            return l4::page_size;
        bool const whole = begins_superpage (space, address) && size >= l4::superpage_size;
        if (whole)
            page.part = MappedPage::whole;
        auto& slot = revocations.unused ();
        if (mapping_database.start (slot.operation, page, action, scope)) {
            finish (slot);
            return whole ? l4::superpage_size : l4::page_size;
        }
        help_others ();
    }
}

bool is_ancestor (Space& above, Address page_above, Space& below, Address page_below)
{
    for (;;) {
        MappedPage const wanted = mapped_page (above, page_above);
        MappedPage const start = mapped_page (below, page_below);
        if (wanted.node == nullptr || start.node == nullptr)
            return false;
        // Two parts of one 4 MB page have a node in common.
        if (above.lookup (page_above).frame != below.lookup (page_below).frame)
            return false;
        auto& slot = searches.unused ();
        if (!mapping_database.start (slot.operation, *start.node, *wanted.node))
            help_others ();
        else if (finish (slot))
            return slot.operation.result == AncestorSearch::Result::found;
    }
}

}  // namespace kernel
