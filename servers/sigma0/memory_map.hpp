// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the kernel info page says about memory, in either of its forms, as the list of
///        regions and owners that sigma0 starts from.
///
/// Source: docs/abi.md V2-356, V2-357. In the list, later regions overrule earlier ones.
#pragma once

#include <array>
#include <span>

#include <l4/kip.hpp>

#include "memory_owners.hpp"

namespace sigma0 {

class MemoryMap {
public:
    struct Region {
        l4::MemoryRange range;
        MemoryOwners::Owner owner;
    };

    /// @param kip  of a known version
    explicit MemoryMap (l4::KernelInfoPage const& kip);

    [[nodiscard]] std::span<Region const> regions () const { return { regions_.data (), count_ }; }

    /// First address behind all RAM.
    [[nodiscard]] Address ram_end () const;

    /// First address that no request for RAM can name. In the classic form, addresses from there on
    /// stand for device memory.
    [[nodiscard]] Address limit () const { return limit_; }

    /// Addresses are physical ones, whatever they are: no device window.
    [[nodiscard]] bool names_are_physical () const { return limit_ == l4::user_limit; }

    /// `bytes` of RAM that nobody has, as high as possible. Empty if there is no such place.
    [[nodiscard]] l4::MemoryRange find_free (Word bytes) const;

private:
    void add (l4::MemoryRange range, MemoryOwners::Owner owner);
    void add_classic (l4::ClassicMemory const& memory, l4::MemoryRange root);
    void add_descriptors (l4::KernelInfoPage const& kip, l4::MemoryRange root);
    void add_descriptors_of (l4::KernelInfoPage const& kip, MemoryOwners::Owner owner);

    [[nodiscard]] l4::MemoryRange find_free_in (l4::MemoryRange ram, Word size) const;

    static constexpr std::size_t capacity = 32;

    std::array<Region, capacity> regions_ {};
    std::size_t count_ { 0 };
    Address limit_;
};

}  // namespace sigma0
