// SPDX-License-Identifier: BSD-2-Clause
/// @file  Who has an I/O port from whom: one small tree per port.
///
/// The root, sigma0, has every port without having received it. The others that have a port, its
/// holders, are at most `most_holders`, each a task by its number. The tree is a list in pre-order
/// with depths: what hangs below a holder are those behind it that are deeper. So a place in it
/// takes 15 bits,
///
///     14..11 depth, 1..15; 0: does not have the port; at the root: number of holders
///     10..0  next holder, 0: none
///
/// and what hangs below a holder is taken away from its front on, a few at a time: those that are
/// left hang below that holder still. So no operation has to survive between two steps, as those
/// on pages do.
///
/// Invariants: nobody is in a list twice; depths are at most 15.
/// Context:    interrupts off; every operation takes a few instructions per holder.
/// Tests:      host/core/port_tree_test.
#pragma once

#include <l4/bitfield.hpp>
#include <l4/thread_id.hpp>

namespace kernel {

using l4::Word;

/// The place of a task in the tree of a port.
class PortLink {
public:
    constexpr PortLink () = default;
    constexpr PortLink (Word next, Word depth)
        : raw_ { static_cast<std::uint16_t> (Next::make (next) | Depth::make (depth)) }
    {
    }

    [[nodiscard]] constexpr Word next () const { return Next::get (raw_); }
    [[nodiscard]] constexpr Word depth () const { return Depth::get (raw_); }

private:
    using Next = l4::BitField<0, 11>;
    using Depth = l4::BitField<11, 4>;

    std::uint16_t raw_ { 0 };
};

static_assert (sizeof (PortLink) == 2 && l4::ThreadId::tasks <= 1 << 11);

enum class PortScope : std::uint8_t { below, self_too };

/// @tparam Holders  `link (task, port)`: its link, which exists; `lose (task, port)`: it does not
///                  have the port any more
template <typename Holders>
class PortTree {
public:
    static constexpr Word root = l4::sigma0_task;
    static constexpr Word most_holders = 15;
    static constexpr Word most_depth = 15;
    static constexpr Word taken_at_once = 3;

    enum class Result : std::uint8_t {
        entered,        ///< or was already there, from the same task
        unchanged,      ///< the port comes from the receiver
        full,           ///< as many have it as can
        progress,       ///< a step of taking from the receiver what is in the way: call again
    };

    constexpr PortTree (Holders& holders, Word port) : holders_ { holders }, port_ { port } {}

    [[nodiscard]] bool has (Word task) const { return task == root || link (task).depth () != 0; }

    /// `to` gets the port from `from`, which has it. What `to` had from elsewhere goes first.
    /// @pre to is not the root, nor from
    Result map (Word from, Word to);
    /// The same, but `from` loses it, and `to` takes its place. The root maps.
    Result grant (Word from, Word to);

    /// A step of taking the port from all below `task`, which has it, and then from itself. The
    /// root keeps it. @return whether that is done
    [[nodiscard]] bool revoke (Word task, PortScope scope);

    [[nodiscard]] Word holders () const { return link (root).depth (); }

    /// Whether the invariants hold. Slow.
    [[nodiscard]] bool consistent () const;

private:
    [[nodiscard]] PortLink& link (Word task) const { return holders_.link (task, port_); }
    [[nodiscard]] Word depth (Word task) const { return task == root ? 0 : link (task).depth (); }
    [[nodiscard]] bool is_above (Word above, Word below) const;
    [[nodiscard]] Word before (Word task) const;
    void set_next (Word task, Word next) { link (task) = { next, link (task).depth () }; }
    void count (int change)
    {
        PortLink& top = link (root);
        top = { top.next (), top.depth () + static_cast<Word> (change) };
    }
    void remove_next (Word task);
    void insert (Word from, Word to);

    Holders& holders_;
    Word port_;
};

/// Whether `below` hangs below `above`, directly or not.
template <typename Holders>
bool PortTree<Holders>::is_above (Word above, Word below) const
{
    Word const top = depth (above);
    for (Word task = link (above).next (); task != 0;) {
        PortLink const here = link (task);
        if (here.depth () <= top)
            return false;
        if (task == below)
            return true;
        task = here.next ();
    }
    return false;
}

/// @pre `task` is in the list
template <typename Holders>
Word PortTree<Holders>::before (Word task) const
{
    Word previous = root;
    for (Word next = link (root).next (); next != task; next = link (next).next ())
        previous = next;
    return previous;
}

template <typename Holders>
void PortTree<Holders>::remove_next (Word task)
{
    PortLink& before = link (task);
    Word const removed = before.next ();
    PortLink& lost = link (removed);
    before = { lost.next (), before.depth () };
    lost = {};
    count (-1);
    holders_.lose (removed, port_);
}

template <typename Holders>
void PortTree<Holders>::insert (Word from, Word to)
{
    link (to) = { link (from).next (), depth (from) + 1 };
    set_next (from, to);
    count (+1);
}

template <typename Holders>
auto PortTree<Holders>::map (Word from, Word to) -> Result
{
    if (has (to)) {
        if (is_above (to, from))
            return Result::unchanged;
        if (depth (to) == depth (from) + 1 && is_above (from, to))
            return Result::entered;
        static_cast<void> (revoke (to, PortScope::self_too));
        return Result::progress;
    }
    if (holders () == most_holders || depth (from) == most_depth)
        return Result::full;
    insert (from, to);
    return Result::entered;
}

template <typename Holders>
auto PortTree<Holders>::grant (Word from, Word to) -> Result
{
    if (from == root)
        return map (from, to);
    if (has (to)) {
        if (is_above (to, from))
            return Result::unchanged;
        static_cast<void> (revoke (to, PortScope::self_too));
        return Result::progress;
    }
    set_next (before (from), to);
    link (to) = link (from);
    link (from) = {};
    holders_.lose (from, port_);
    return Result::entered;
}

template <typename Holders>
bool PortTree<Holders>::revoke (Word task, PortScope scope)
{
    Word const top = depth (task);
    for (Word n = 0; n < taken_at_once; ++n) {
        Word const next = link (task).next ();
        if (next == 0 || link (next).depth () <= top) {
            bool const ends_here = scope == PortScope::below || task == root;
            if (!ends_here && n == 0)       // a step of its own
                remove_next (before (task));
            return ends_here || n == 0;
        }
        remove_next (task);
    }
    return false;
}

template <typename Holders>
bool PortTree<Holders>::consistent () const
{
    Word counted = 0;
    for (Word task = link (root).next (); task != 0; task = link (task).next ())
        if (task == root || depth (task) == 0 || ++counted > most_holders)
            return false;
    return counted == holders ();
}

}  // namespace kernel
