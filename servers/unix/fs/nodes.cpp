// SPDX-License-Identifier: BSD-2-Clause
#include "nodes.hpp"

#include <new>

namespace unix_server {

Node* Nodes::create (Word mode, FrameBudget& budget)
{
    Word number = free_;
    if (number != 0) {
        free_ = slot (number)->links;
    } else {
        if (made_ == capacity)
            return nullptr;
        Address& frame = frames_[made_ / per_frame];
        if (frame == 0 && (frame = budget.allocate ()) == 0)
            return nullptr;
        number = ++made_;
    }
    ++count_;
    Node* const node = new (slot (number)) Node {};
    node->number = number;
    node->mode = mode;
    node->accessed = node->modified = node->changed = current_time ();
    return node;
}

void Nodes::remove (Node& node)
{
    Word const number = node.number;
    node = {};
    node.links = free_;
    free_ = number;
    --count_;
}

}  // namespace unix_server
