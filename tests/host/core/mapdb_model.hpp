// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the mapping database must be equal to: a map from each page to its parent.
///
/// Knows 4 KB pages only; what is done to 4 MB is done to each page of them.
#pragma once

#include <compare>
#include <map>
#include <vector>

/// A page of a space. Space 0 is sigma0, whose page n is frame n.
struct Where {
    unsigned space;
    unsigned page;

    friend auto operator<=> (Where const&, Where const&) = default;
};

class MapModel {
public:
    struct Page {
        Where parent;
        unsigned frame;
        bool writable;

        friend auto operator<=> (Page const&, Page const&) = default;
    };
    using Pages = std::map<Where, Page>;

    [[nodiscard]] Pages const& pages () const { return pages_; }

    [[nodiscard]] Page page (Where where) const
    {
        return where.space == 0 ? Page { where, where.page, true } : pages_.at (where);
    }
    [[nodiscard]] bool is_child (Where child, Where parent) const
    {
        return pages_.contains (child) && page (child).parent == parent;
    }
    /// Whether `above` is `below` or an ancestor of it.
    [[nodiscard]] bool is_above (Where above, Where below) const
    {
        while (below != above && below.space != 0)
            below = page (below).parent;
        return below == above;
    }

    void map (Where from, Where to, bool writable)
    {
        pages_[to] = { from, page (from).frame, writable && page (from).writable };
    }
    void upgrade (Where where) { pages_.at (where).writable = true; }

    void grant (Where from, Where to, bool writable)
    {
        Page const moved = pages_.at (from);
        pages_.erase (from);
        pages_[to] = { moved.parent, moved.frame, moved.writable && writable };
        for (auto& [where, child] : pages_)
            if (child.parent == from)
                child.parent = to;
    }

    void unmap (Where where, bool self_too)
    {
        for (Where const below : subtree (where, self_too))
            pages_.erase (below);
    }

    void make_read_only (Where where, bool self_too)
    {
        for (Where const below : subtree (where, self_too))
            pages_.at (below).writable = false;
    }

private:
    [[nodiscard]] std::vector<Where> subtree (Where where, bool self_too) const
    {
        std::vector<Where> below;
        for (auto const& [other, child] : pages_)
            if (is_above (where, other) && (self_too || other != where))
                below.push_back (other);
        return below;
    }

    Pages pages_;
};
