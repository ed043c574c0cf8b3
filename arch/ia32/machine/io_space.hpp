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

    /// Make room for ports. @return false if kernel memory is used up
    [[nodiscard]] bool provide (kernel::Quota& quota);
    void release ();

    /// Permit those of the `count` ports from `first` that `source` has; null has all.
    /// @pre provide () @return whether there were any
    bool enter (IoSpace const* source, l4::Word first, l4::Word count);

    /// Whether all `count` ports from `first` are permitted.
    [[nodiscard]] bool permits (l4::Word first, l4::Word count) const;

    /// Owns every port: its threads may be given I/O privilege level 3.
    [[nodiscard]] bool is_complete () const { return permitted_ == ports; }

    /// Let the processor see this bitmap, until `withdraw`.
    void install () const;
    [[nodiscard]] static bool is_installed ();
    /// Back to "no ports".
    static void withdraw ();

    /// Map the pages behind the TSS. Once, at start-up.
    static void initialise ();

private:
    static constexpr l4::Word ports_per_frame = ports / 2;

    [[nodiscard]] bool permits (l4::Word port) const;

    l4::Word* bitmap_[2] { nullptr, nullptr };      ///< halves of the bitmap, a frame each
    l4::Word permitted_ { 0 };
};

}  // namespace machine
