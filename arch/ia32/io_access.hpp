// SPDX-License-Identifier: BSD-2-Clause
/// @file  Which ports a faulting instruction wanted.
#pragma once

#include <core/space.hpp>
#include <l4/fpage.hpp>

#include <machine/trap_frame.hpp>

namespace ia32 {

struct IoAccess {
    enum Kind {
        none,               ///< not an I/O instruction, or one that leaves the 64 K ports
        ports,
        interrupt_flag,     ///< CLI or STI
    };

    Kind kind { none };
    l4::Word port { 0 };
    l4::Word count { 0 };   ///< 1, 2 or 4

    /// The smallest I/O fpage that contains the ports.
    [[nodiscard]] constexpr l4::Fpage fpage () const
    {
        unsigned bits = 0;
        while (port >> bits != (port + count - 1) >> bits)
            ++bits;
        return l4::Fpage::io (port, bits);
    }
};

static_assert (IoAccess { IoAccess::ports, 0x80, 1 }.fpage ().raw () == 0xF0080000);
static_assert (IoAccess { IoAccess::ports, 0x3F8, 4 }.fpage ().raw () == 0xF03F8008);
static_assert (IoAccess { IoAccess::ports, 0x3FB, 2 }.fpage ().raw () == 0xF03F800C);

/// Look at the instruction at the frame's EIP.
[[nodiscard]] IoAccess decode_io_access (kernel::Space const& space,
                                         machine::TrapFrame const& frame);

}  // namespace ia32
