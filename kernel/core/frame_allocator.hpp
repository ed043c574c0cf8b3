// SPDX-License-Identifier: BSD-2-Clause
/// @file  Kernel memory: frames of 4 KB from one contiguous pool, each charged to an account.
///
/// The kernel reaches the pool through a window: virtual = physical + offset. Two words per frame,
/// at the start of the pool, say who owns it or which frame is free next, and what belongs to
/// it; giving memory back does not touch the frame and pull it through the cache. The owner can be
/// found from any address inside a frame: that of a page table says whom its space's mappings are
/// charged to.
///
/// Clearing a frame takes longer than interrupts may be off. Some of the free frames are therefore
/// kept zeroed, and whoever needs such frames first has others cleared, in steps.
///
/// Invariants: owned + free = all; the two free lists and the frame being zeroed are all free
///             frames, each once; an account's use is at least 4 KB times its frames (nodes may
///             be charged to it besides).
/// Context:    interrupts off; allocate and free are constant. All zero is an empty pool.
#pragma once

#include <core/quota.hpp>
#include <l4/fpage.hpp>
#include <lib/assert.hpp>

namespace kernel {

class FrameAllocator {
public:
    static constexpr l4::Word frame_size = l4::page_size;

    /// Takes over physical memory [begin, end), as far as it is made of whole frames.
    /// @param window_offset  virtual address = physical address + window_offset
    /// @cost linear in frames; writes the words at the start of the pool only
    void initialise (l4::Address begin, l4::Address end, l4::Word window_offset);

    /// A frame with arbitrary contents, charged to `quota`, which must outlive it. Null if the
    /// pool is empty or the account's limit reached.
    [[nodiscard]] void* allocate (Quota& quota);

    /// The same, of zeros. If none is ready, it is cleared at once.
    [[nodiscard]] void* allocate_zeroed (Quota& quota);

    /// Whether `count` free frames are ready for it, or no others are free.
    [[nodiscard]] bool has_zeroed (l4::Word count) const
    {
        return zeroed_count_ >= count || free_count_ == zeroed_count_;
    }

    /// A step of work, if need be, towards that. @return has_zeroed (count), before it
    [[nodiscard]] bool prepare_zeroed (l4::Word count);

    /// @param frame  from allocate; its owner's account is relieved
    void free (void* frame);

    /// Who owns the frame around `address`, null if it is free.
    [[nodiscard]] Quota* owner (void const* address) const
    {
        l4::Word const owner = descriptor (address).owner;
        return is_free (owner) ? nullptr : reinterpret_cast<Quota*> (owner);
    }
    /// The same. @pre somebody does
    [[nodiscard]] Quota& account (void const* address) const
    {
        l4::Word const owner = descriptor (address).owner;
        ASSERT (!is_free (owner));
        return *reinterpret_cast<Quota*> (owner);
    }

    /// What its user has tied to the frame around `address` since it was allocated; null if
    /// nothing: for a page table, the nodes of its entries.
    [[nodiscard]] void*& companion (void const* address) const
    {
        return descriptor (address).companion;
    }

    /// Whether `address` lies in a frame of the pool.
    [[nodiscard]] bool contains (void const* address) const
    {
        return (address_of (address) - first_frame_) / frame_size < count_;
    }

    [[nodiscard]] l4::Word free_frames () const { return free_count_; }
    [[nodiscard]] l4::Word total_frames () const { return count_; }

    [[nodiscard]] l4::Address physical (void const* address) const;
    [[nodiscard]] void* at (l4::Address physical) const;

    /// Whether all invariants but that of the accounts hold. Slow.
    [[nodiscard]] bool consistent () const;

private:
    /// Words cleared in one step.
    static constexpr l4::Word zeroed_at_once = 256;

    struct Descriptor {
        /// The owner's address, or 2 * number of the next free frame + 1. `count_` as a number
        /// ends the list.
        l4::Word owner;
        void* companion;
    };

    [[nodiscard]] static constexpr l4::Word free_before (l4::Word next) { return 2 * next + 1; }
    [[nodiscard]] static constexpr bool is_free (l4::Word owner) { return (owner & 1) != 0; }
    [[nodiscard]] static constexpr l4::Word next_free (l4::Word owner) { return owner / 2; }

    [[nodiscard]] static l4::Address address_of (void const* pointer)
    {
        return reinterpret_cast<l4::Address> (pointer);
    }
    /// Of the frame around `address`. @pre contains (address)
    [[nodiscard]] Descriptor& descriptor (void const* address) const
    {
        ASSERT (contains (address));
        return *reinterpret_cast<Descriptor*> (
            descriptor_of_0_ + address_of (address) / frame_size * sizeof (Descriptor));
    }
    /// Number of the frame around `address`. @pre contains (address)
    [[nodiscard]] l4::Word number (void const* address) const
    {
        ASSERT (contains (address));
        return (address_of (address) - first_frame_) / frame_size;
    }
    [[nodiscard]] l4::Word* frame_at (l4::Word number) const
    {
        return reinterpret_cast<l4::Word*> (first_frame_ + number * frame_size);
    }
    [[nodiscard]] l4::Word take_first (l4::Word& list);
    void put_first (l4::Word& list, l4::Word frame);
    [[nodiscard]] void* hand_out (l4::Word frame, Quota& quota);
    [[nodiscard]] l4::Word length_of (l4::Word list) const;

    Descriptor* descriptors_ { nullptr };
    l4::Address descriptor_of_0_ { 0 };     ///< where that of the frame at address 0 would be
    l4::Word count_ { 0 };
    l4::Word free_count_ { 0 };
    l4::Word first_free_ { 0 };         ///< with arbitrary contents
    l4::Word first_zeroed_ { 0 };
    l4::Word zeroed_count_ { 0 };
    l4::Word in_work_ { 0 };            ///< being zeroed; `count_`: none
    l4::Word words_done_ { 0 };
    l4::Address first_frame_ { 0 };     ///< virtual
    l4::Word window_offset_ { 0 };
};

}  // namespace kernel
