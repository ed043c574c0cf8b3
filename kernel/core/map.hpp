// SPDX-License-Identifier: BSD-2-Clause
/// @file  Map and grant: enter one space's pages or ports into another.
#pragma once

#include <l4/fpage.hpp>

namespace kernel {

class Space;

struct MapItem {
    l4::Word send_base;
    l4::Fpage fpage;
    l4::Fpage window;
    bool everything;        ///< the window of a kernel RPC: the whole space and all ports
};

struct MapOutcome {
    bool mapped;            ///< something was entered; the m bit of the receiver's dope
    bool out_of_memory;     ///< what was entered before stays
};

/// Enter what `item.fpage` denotes in `from` into `to`. Holes are skipped; rights never grow.
[[nodiscard]] MapOutcome map_item (Space& from, Space& to, MapItem const& item);

}  // namespace kernel
