// SPDX-License-Identifier: BSD-2-Clause
/// @file  Who owns which page frame: a task, nobody, or it is not to be had.
///
/// One word of 16 bits per frame from address 0 on, in a table that the caller provides, so
/// that 4 MB of RAM cost one page and 1 GB costs 512 KB.
///
/// Invariant: a frame once owned keeps its owner.
#pragma once

#include <span>

#include <l4/fpage.hpp>
#include <l4/kip.hpp>
#include <l4/protocol/sigma0.hpp>

namespace sigma0 {

using l4::Address;
using l4::Word;

class MemoryOwners {
public:
    using Owner = std::uint16_t;            ///< task number, or one of these
    static constexpr Owner free_memory = 0;
    static constexpr Owner free_device = 0x8000;    ///< adapter memory: only on request by address
    static constexpr Owner unavailable = 0xFFFF;

    /// Number of table entries for RAM that ends at `memory_end`, as far as requests can name it.
    [[nodiscard]] static constexpr std::size_t entries (Address memory_end, Address limit)
    {
        return (memory_end < limit ? memory_end : limit) / l4::page_size;
    }

    constexpr MemoryOwners () = default;

    /// Everything starts unavailable.
    explicit MemoryOwners (std::span<Owner> table);

    /// Set the owner of all frames that `range` touches; what lies behind the table is ignored.
    void set (l4::MemoryRange range, Owner owner);

    /// Make the frame at `address` the task's. @return whether it is (now)
    [[nodiscard]] bool claim_page (Word task, Address address);

    /// The same with the 4 MB around `address`: all or nothing.
    [[nodiscard]] bool claim_superpage (Word task, Address address);

    /// Make the frame of an adapter at `address` the task's. @return whether it is (now)
    [[nodiscard]] bool claim_device_page (Word task, Address address);

    /// Give the task the highest free frame. @return its address, 0 if there is none
    [[nodiscard]] Address claim_any_page (Word task);

    /// The same with the highest 4 MB of which all frames are free.
    [[nodiscard]] Address claim_any_superpage (Word task);

private:
    [[nodiscard]] bool may_have (Word task, std::size_t frame) const;
    void give_superpage (Word task, std::size_t first_frame);

    std::span<Owner> owners_;
    std::size_t search_from_ { 0 };         ///< no frame from here on is free
};

}  // namespace sigma0
