// SPDX-License-Identifier: BSD-2-Clause
/// @file  A revocation: taking a page, or the right to write, back from all who have it from a
/// node, in steps.
///
/// The state lies with the thread that wants it, and is registered with the database while there
/// is work left, so that nodes can be removed under it: it then goes on from their neighbours.
#pragma once

#include <core/mapdb_tree.hpp>
#include <lib/intrusive_list.hpp>

namespace kernel {

/// What is done to each page of a subtree.
enum class MapAction : std::uint8_t { remove, make_read_only };

/// Whether the page at the top is meant, too.
enum class MapScope : std::uint8_t { below, self_too };

/// One page of a space, as far as the database knows it: a 4 KB page's node, or a 4 MB page's
/// node and what of it is meant.
struct MappedPage {
    static constexpr unsigned whole = ~0u;

    MapNode* node { nullptr };
    unsigned part { whole };    ///< of a 4 MB page: number of the 4 KB, or all

    [[nodiscard]] bool is_part () const { return part != whole; }
};

class Revocation {
public:
    Revocation () = default;
    Revocation (Revocation const&) = delete;
    Revocation& operator= (Revocation const&) = delete;

    /// Everything asked for has been taken back.
    [[nodiscard]] bool is_finished () const { return !link.is_linked (); }

    // The rest is the database's own.
    lib::Link link;                 ///< registered while unfinished
    MapAction action { MapAction::remove };
    unsigned part { MappedPage::whole };    ///< what of each 4 MB page is meant
    MapNode* target { nullptr };    ///< where it began
    MapWalk pages;                  ///< through a list of parts and pages; done first
    MapWalk supers;                 ///< through a list of 4 MB pages
    MapNode* swept { nullptr };     ///< 4 MB page whose parts have been walked through
    MapNode* split { nullptr };     ///< 4 MB page that is split, and then treated part by part
    unsigned split_part { 0 };      ///< the next is the one before; `part`, or all down to 0

    void begin (MappedPage page, MapAction what)
    {
        action = what;
        part = page.part;
        target = page.node;
        split = nullptr;
        swept = nullptr;
        pages.stop ();
        supers.stop ();
    }

    /// `node`, a leaf, is about to be removed.
    void forget (MapNode& node)
    {
        if (target == &node)
            target = nullptr;
        if (split == &node)
            split = nullptr;
        if (swept == &node)
            swept = nullptr;
        pages.forget (node);
        supers.forget (node);
    }

    /// `node` has been mapped.
    void notice (MapNode& node)
    {
        node.is_super () ? supers.notice (node) : pages.notice (node);
    }

    /// `node` goes to another space. Its old owner keeps no hold on what hangs below, except
    /// for the branch that is being taken apart.
    void confine (MapNode& node)
    {
        if (target != &node)
            return;
        target = nullptr;
        if (split == &node)
            split = nullptr;
        if (supers.base == &node)
            supers.confine_to_branch ();
        if (pages.base == &node || (pages.is_active () && pages.base->parent == &node
                                    && pages.base->kind () == MapNode::Kind::part))
            pages.confine_to_branch ();
    }
};

/// A search for an ancestor, in steps, registered for the same reason.
class AncestorSearch {
public:
    enum class Result : std::uint8_t {
        searching,
        found,          ///< an ancestor, or the node itself
        not_found,
        gone,           ///< one of the two nodes has been removed
    };

    AncestorSearch () = default;
    AncestorSearch (AncestorSearch const&) = delete;
    AncestorSearch& operator= (AncestorSearch const&) = delete;

    lib::Link link;
    MapNode* node { nullptr };
    MapNode* wanted { nullptr };
    MapNode* at { nullptr };            ///< how far up the search has come
    Result result { Result::gone };

    void begin (MapNode& from, MapNode& what)
    {
        node = &from;
        wanted = &what;
        at = &from;
        result = Result::searching;
    }

    void climb ()
    {
        if (at == wanted)
            result = Result::found;
        else if (at == nullptr)
            result = Result::not_found;
        else
            at = at->parent;
    }

    /// `removed`, a leaf, is about to be removed.
    void forget (MapNode& removed)
    {
        if (node == &removed || wanted == &removed)
            result = Result::gone;
    }
};

}  // namespace kernel
