// SPDX-License-Identifier: BSD-2-Clause
/// @file  A space's places in the trees of all ports (port_tree.hpp).
///
/// Frames of 2,048 ports come as they are needed: 128 KB for all of them.
#pragma once

#include <core/port_tree.hpp>
#include <core/quota.hpp>
#include <l4/fpage.hpp>

namespace kernel {

class PortTable {
public:
    static constexpr Word ports = 0x10000;
    static constexpr Word ports_per_frame = l4::page_size / sizeof (PortLink);

    /// Null if kernel memory is used up.
    [[nodiscard]] static PortTable* create (Quota& quota);
    /// @param quota  the one that it was created with
    static void destroy (PortTable& table, Quota& quota);

    [[nodiscard]] bool has_frame (Word port) const { return frame (port) != nullptr; }
    /// @return false if kernel memory is used up
    [[nodiscard]] bool provide_frame (Word port, Quota& quota);
    /// @pre has_frame (port)
    [[nodiscard]] PortLink& link (Word port) const
    {
        return frame (port)[port % ports_per_frame];
    }

private:
    [[nodiscard]] PortLink* frame (Word port) const { return frames_[port / ports_per_frame]; }

    PortLink* frames_[ports / ports_per_frame] {};
};

}  // namespace kernel
