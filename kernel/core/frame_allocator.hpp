// SPDX-License-Identifier: BSD-2-Clause
/// @file  Kernel memory: frames of 4 KB from one contiguous pool, each charged to an account.
///
/// The kernel reaches the pool through a window: virtual = physical + offset. Two words per frame,
/// at the start of the pool, say who owns it or which frame is free next, and what belongs to
/// it; the frames themselves are never touched, so giving memory back does not pull it through
/// the cache. The owner can be found from any address inside a frame: that of a page table says
/// whom its space's mappings are charged to.
///
/// Invariants: owned + free = all; the free list visits each free frame once; an account's use is
///             at least 4 KB times its frames (nodes may be charged to it besides).
/// Context:    interrupts off; allocate and free are constant. All zero is an empty pool.
#pragma once

#include <core/quota.hpp>
#include <l4/fpage.hpp>

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

    /// @param frame  from allocate; its owner's account is relieved
    void free (void* frame);

    /// Who owns the frame around `address`, null if it is free.
    [[nodiscard]] Quota* owner (void const* address) const;

    /// What `set_companion` has tied to the frame around `address` since it was allocated; null
    /// if nothing: for a page table, the nodes of its entries.
    [[nodiscard]] void* companion (void const* address) const;
    void set_companion (void const* address, void* companion);

    /// Whether `address` lies in a frame of the pool.
    [[nodiscard]] bool contains (void const* address) const;

    [[nodiscard]] l4::Word free_frames () const { return free_count_; }
    [[nodiscard]] l4::Word total_frames () const { return count_; }

    [[nodiscard]] l4::Address physical (void const* address) const;
    [[nodiscard]] void* at (l4::Address physical) const;

    /// Whether all invariants but that of the accounts hold. Slow.
    [[nodiscard]] bool consistent () const;

private:
    struct Descriptor {
        /// The owner's address, or 2 * number of the next free frame + 1. `count_` as a number
        /// ends the list.
        l4::Word owner;
        void* companion;
    };

    [[nodiscard]] static constexpr l4::Word free_before (l4::Word next) { return 2 * next + 1; }
    [[nodiscard]] static constexpr bool is_free (l4::Word owner) { return (owner & 1) != 0; }
    [[nodiscard]] static constexpr l4::Word next_free (l4::Word owner) { return owner / 2; }

    /// Number of the frame around `address`. @pre contains (address)
    [[nodiscard]] l4::Word number (void const* address) const;

    Descriptor* descriptors_ { nullptr };
    l4::Word count_ { 0 };
    l4::Word free_count_ { 0 };
    l4::Word first_free_ { 0 };
    l4::Address first_frame_ { 0 };     ///< virtual
    l4::Word window_offset_ { 0 };
};

}  // namespace kernel
