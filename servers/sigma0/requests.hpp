// SPDX-License-Identifier: BSD-2-Clause
/// @file  The requests of l4/protocol/sigma0.hpp and their answers, without any IPC.
///
/// Source: docs/abi.md 13. The form of the kernel info page decides how device memory is named.
#pragma once

#include <runtime/ipc.hpp>

#include "device_owners.hpp"
#include "memory_map.hpp"
#include "memory_owners.hpp"

namespace sigma0 {

/// What to send back.
struct Answer {
    enum class Kind { words, mapping };

    Kind kind { Kind::words };
    rt::Words words {};             ///< of a mapping: send base, fpage
    l4::Fpage take_back {};         ///< to be unmapped elsewhere first; zero: nothing

    [[nodiscard]] static Answer no () { return {}; }
    [[nodiscard]] static Answer mapping (Word send_base, l4::Fpage fpage)
    {
        return { Kind::mapping, { send_base, fpage.raw () }, {} };
    }
};

class Requests {
public:
    /// Take stock.
    /// @param kip_address   where the kernel info page is
    /// @param table         MemoryOwners::entries (map) entries
    /// @param table_range   the memory that holds the table
    void start (MemoryMap const& map, Address kip_address,
                std::span<MemoryOwners::Owner> table, l4::MemoryRange table_range);

    [[nodiscard]] Answer answer (Word task, rt::Words request);

private:
    enum class Caching { off, on };

    [[nodiscard]] Answer later_request (Word task, rt::Words request);
    [[nodiscard]] Answer page (Word task, Address address);
    [[nodiscard]] Answer superpage (Word task, Address address);
    [[nodiscard]] Answer superpage_or_page (Word task, Address address);
    [[nodiscard]] Answer any (Word task, unsigned log2_size);
    [[nodiscard]] Answer device (Word task, Address physical, unsigned log2_size, Caching caching);
    [[nodiscard]] Answer windowed_device (Word task, Address base, unsigned log2_size);
    [[nodiscard]] static l4::Fpage physical_fpage (Address base, unsigned log2_size,
                                                   Caching caching);
    [[nodiscard]] Answer ports (Word task, Word w0);
    [[nodiscard]] Answer kernel_info_page () const;

    MemoryOwners memory_;
    DeviceBlocks blocks_;
    PortOwners ports_;
    Address kip_address_ { 0 };
    Address memory_end_ { 0 };      ///< no RAM from here on
    Address memory_limit_ { 0 };    ///< MemoryMap::limit
    bool names_are_physical_ { false };
};

}  // namespace sigma0
