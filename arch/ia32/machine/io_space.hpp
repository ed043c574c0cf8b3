// SPDX-License-Identifier: BSD-2-Clause
/// @file  I/O ports of an address space: a permission bitmap, shown to the processor on demand.
///
/// A bitmap is 8 KB and exists only for spaces that have received ports. The TSS normally claims
/// to have none, so that a thread switch costs nothing; the first port access of a thread then
/// faults, and if its space has the port, the bitmap's two pages are mapped behind the TSS until
/// the next switch (Resources::io_bitmap).
///
/// Source: Intel486 Programmer's Reference Manual, 8.3.2. A set bit forbids the port.
#pragma once

#include <core/kernel_memory.hpp>

namespace machine {

class IoSpace {
public:
    static constexpr l4::Word ports = 0x10000;

    /// A step of making room for all ports. @return false if kernel memory is used up
    [[nodiscard]] bool provide_step (kernel::Quota& quota);
    /// Room for all ports: the processor is never shown a part of a bitmap.
    [[nodiscard]] bool has_bitmap () const { return words_filled_ == bitmap_words; }
    void release ();

    /// @pre has_bitmap ()
    void permit (l4::Word port);
    /// Works at once, also for threads that run with the bitmap.
    void forbid (l4::Word port);

    [[nodiscard]] bool permits (l4::Word port) const;
    /// Whether all `count` ports from `first` are permitted.
    [[nodiscard]] bool permits (l4::Word first, l4::Word count) const;
    [[nodiscard]] bool permits_any (l4::Word first, l4::Word count) const;
    /// The next port behind `port`, which is forbidden, that may be permitted.
    [[nodiscard]] l4::Word skip_forbidden (l4::Word port) const;

    /// Owns every port: its threads may be given I/O privilege level 3.
    [[nodiscard]] bool is_complete () const { return permitted_ == ports; }

    /// Whether some of its threads may have that level.
    [[nodiscard]] bool is_privileged () const { return privileged_; }
    void set_privileged (bool privileged) { privileged_ = privileged; }

    /// Let the processor see this bitmap, until `withdraw`.
    void install () const;
    [[nodiscard]] static bool is_installed ();
    /// Back to "no ports".
    static void withdraw ();

    /// Map the pages behind the TSS. Once, at start-up.
    static void initialise ();

private:
    static constexpr l4::Word ports_per_frame = ports / 2;
    static constexpr l4::Word words_per_frame = l4::page_size / sizeof (l4::Word);
    static constexpr l4::Word bitmap_words = 2 * words_per_frame;

    [[nodiscard]] l4::Word& word_of (l4::Word port) const
    {
        return bitmap_[port / ports_per_frame][port % ports_per_frame / 32];
    }

    l4::Word* bitmap_[2] { nullptr, nullptr };      ///< halves of the bitmap, a frame each
    l4::Word words_filled_ { 0 };
    l4::Word permitted_ { 0 };
    bool privileged_ { false };
};

}  // namespace machine
