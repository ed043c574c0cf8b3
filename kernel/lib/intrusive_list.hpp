// SPDX-License-Identifier: BSD-2-Clause
/// @file  Doubly linked rings whose links lie inside the linked objects.
///
/// The link is a member, not a base, so that the object keeps standard layout and assembly may
/// know its offsets. An object is in as many lists as it has links. A ring has no end to test
/// for: linking and unlinking are branch-free, and unlinking needs no list.
///
/// Example: struct Thread { Link ready; ... };  List<Thread, &Thread::ready> queue;
///          queue.push_back (a); queue.push_back (b);   root <-> a <-> b <-> root
/// Invariants: next->previous and previous->next of each link are the link itself; a link that
///             is in no list has null pointers.
#pragma once

#include <lib/assert.hpp>

#include <cstddef>
#include <cstdint>

namespace lib {

/// The part of an object that a list holds on to. All zero is a valid unlinked link, as are
/// freshly cleared frames.
struct Link {
    Link* next { nullptr };
    Link* previous { nullptr };

    [[nodiscard]] bool is_linked () const { return next != nullptr; }

    void insert_before (Link& position)
    {
        ASSERT (!is_linked () && position.is_linked ());
        next = &position;
        previous = position.previous;
        previous->next = this;
        position.previous = this;
    }

    void unlink ()
    {
        ASSERT (is_linked () && next->previous == this && previous->next == this);
        next->previous = previous;
        previous->next = next;
        next = nullptr;
        previous = nullptr;
    }
};

template <typename T, Link T::*Member>
class List {
public:
    class Iterator {
    public:
        explicit Iterator (Link* link) : link_ { link } {}
        [[nodiscard]] T& operator* () const { return object (*link_); }
        Iterator& operator++ ()
        {
            link_ = link_->next;
            return *this;
        }
        friend bool operator== (Iterator, Iterator) = default;

    private:
        Link* link_;
    };

    /// Constant, so that a list may be a global without a constructor that runs at boot.
    constexpr List () : root_ { &root_, &root_ } {}
    List (List const&) = delete;
    List& operator= (List const&) = delete;

    [[nodiscard]] bool is_empty () const { return root_.next == &root_; }
    /// Null if the list is empty.
    [[nodiscard]] T* first () const { return is_empty () ? nullptr : &object (*root_.next); }
    [[nodiscard]] T* last () const { return is_empty () ? nullptr : &object (*root_.previous); }
    /// The object behind `object`, null at the end.
    [[nodiscard]] T* next (T& after) const
    {
        Link* const link = (after.*Member).next;
        return link == &root_ ? nullptr : &object (*link);
    }

    void push_back (T& object) { (object.*Member).insert_before (root_); }
    void push_front (T& object) { (object.*Member).insert_before (*root_.next); }
    void insert_before (T& position, T& object)
    {
        (object.*Member).insert_before (position.*Member);
    }
    /// @pre `object` is in this list
    void remove (T& object) { (object.*Member).unlink (); }

    [[nodiscard]] T* pop_front ()
    {
        T* const object = first ();
        if (object != nullptr)
            remove (*object);
        return object;
    }

    [[nodiscard]] Iterator begin () const { return Iterator { root_.next }; }
    [[nodiscard]] Iterator end () const { return Iterator { const_cast<Link*> (&root_) }; }

    /// Whether all links agree. Slow.
    [[nodiscard]] bool consistent () const
    {
        Link const* link = &root_;
        do {
            if (link->next == nullptr || link->next->previous != link)
                return false;
            link = link->next;
        } while (link != &root_);
        return true;
    }

private:
    [[nodiscard]] static T& object (Link& link)
    {
        return *reinterpret_cast<T*> (reinterpret_cast<std::uintptr_t> (&link) - offset ());
    }

    /// Where the link lies in a T. offsetof does not take a pointer to member, so it is measured
    /// on an address that is never used.
    [[nodiscard]] static std::uintptr_t offset ()
    {
        alignas (T) static constexpr std::byte place[sizeof (T)] {};
        auto const* const there = reinterpret_cast<T const*> (place);
        return reinterpret_cast<std::uintptr_t> (&(there->*Member))
               - reinterpret_cast<std::uintptr_t> (place);
    }

    Link root_;
};

}  // namespace lib
