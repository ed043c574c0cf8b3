// SPDX-License-Identifier: BSD-2-Clause
/// @file  The kernel's mapping database, and operations on it that outlive their threads.
///
/// Taking pages back goes in steps, between which the thread that wants it may be deleted. The
/// state of an operation therefore lies in one of a fixed number of slots; whoever needs one
/// while all are taken helps the oldest operation to its end, and so frees slots that nobody
/// waits for any more.
#pragma once

#include <core/mapdb.hpp>

#include <machine/page_policy.hpp>

namespace kernel {

class Space;

using l4::Address;
using l4::Word;

// One copy of its code, in mapping_database.cpp.
extern template class MapStore<machine::PagePolicy>;
extern template class Mapdb<machine::PagePolicy>;
using MappingDatabase = Mapdb<machine::PagePolicy>;

extern MappingDatabase mapping_database;

/// Number of the 4 KB at `address` in the 4 MB around them.
[[nodiscard]] constexpr unsigned part_at (Address address)
{
    return address >> l4::page_bits & (machine::PagePolicy::parts - 1);
}

/// The 4 KB at `address` of a space, or of sigma0's physical memory, for the database. `node` is
/// null if the database does not know them.
[[nodiscard]] MappedPage mapped_page (Space& space, l4::Address address);

/// Take `page`, which is that at `address` of `space`, back: 4 MB if it has them and they lie
/// within `size`, else 4 KB. Interrupts are served in between; when this returns the page is gone,
/// but `space` may be, too.
/// @return its size
Word revoke (Space& space, Address address, MappedPage page, Word size, MapAction action,
             MapScope scope);

/// Whether the page at `page_below` was mapped, directly or not, from the one at `page_above`.
/// Interrupts are served in between. @return false also if either page is gone
[[nodiscard]] bool is_ancestor (Space& above, l4::Address page_above, Space& below,
                                l4::Address page_below);

}  // namespace kernel
