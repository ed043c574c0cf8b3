// SPDX-License-Identifier: BSD-2-Clause
#include "page_tree.hpp"

namespace unix_server {

Address PageTree::find (Word page) const
{
    if (!covers (page))
        return 0;
    Address frame = root_;
    for (Word height = height_; height > 0 && frame != 0; --height)
        frame = table_at (frame)[page >> (height - 1) * bits & (entries - 1)];
    return frame;
}

Address PageTree::make (Word page, FrameBudget& budget)
{
    while (!covers (page)) {
        if (root_ != 0) {
            Address const table = budget.allocate ();
            if (table == 0)
                return 0;
            table_at (table)[0] = root_;
            root_ = table;
        }
        ++height_;
    }
    Address* entry = &root_;
    for (Word height = height_;; --height) {
        if (*entry == 0) {
            *entry = budget.allocate ();
            if (*entry == 0)
                return 0;
            count_ += height == 0 ? 1 : 0;
        }
        if (height == 0)
            return *entry;
        entry = &table_at (*entry)[page >> (height - 1) * bits & (entries - 1)];
    }
}

void PageTree::cut (Word page, FrameBudget& budget)
{
    if (!covers (page))
        return;
    cut (root_, height_, page, budget);
    if (root_ == 0)
        height_ = 0;
}

/// Give back the pages from `page` on, counted from the first one below `entry`. At most two levels
/// of tables: it calls itself twice.
void PageTree::cut (Address& entry, Word height, Word page, FrameBudget& budget)
{
    if (entry == 0)
        return;
    if (height == 0) {
        if (page != 0)
            return;
        --count_;
    } else {
        Word const shift = (height - 1) * bits;
        Word const first = page >> shift;
        for (Word i = first; i < entries; ++i)
            cut (table_at (entry)[i], height - 1, i == first ? page & ((1 << shift) - 1) : 0,
                 budget);
        if (page != 0)
            return;
    }
    budget.release (entry);
    entry = 0;
}

}  // namespace unix_server
