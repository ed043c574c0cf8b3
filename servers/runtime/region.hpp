// SPDX-License-Identifier: BSD-2-Clause
/// @file  Regions of the address space that pagers other than the root task stand behind.
///
/// A thread has one pager, an address space may have many. So a thread of the program itself, the
/// region mapper, is the pager of the others: it looks up who stands behind the address, asks
/// that server for the page (pagers/protocol.hpp), which arrives in the space they all share, and
/// lets the thread go on. What lies in no region it passes on to the root task.
///
///     rt::Object const object = ...;                      // opened at some server
///     auto const place = rt::attach (object, pages);
///     if (place.ok ()) use (place.value);
///
/// If the server is gone or refuses, the program ends with a line that says so.
#pragma once

#include <runtime/message.hpp>
#include <runtime/region_map.hpp>

namespace rt {

/// The lthread number of the region mapper: a program with regions has no thread of its own there.
constexpr Word region_mapper = 3;

/// Make `pages` pages of `object`, from its page `first` on, appear at `address` as they are
/// touched; 0: at a free place. The first call starts the region mapper; threads started from then
/// on have it as their pager, and the caller has.
[[nodiscard]] Reply<Address> attach (Object const& object, Word pages, Word first = 0,
                                     Address address = 0);

/// The region that begins there is none any more; its pages are unmapped.
void detach (Address address);

/// Page faults that regions have cost so far.
[[nodiscard]] Word region_faults ();

/// The region mapper of this program.
[[nodiscard]] l4::ThreadId region_mapper_id ();

}  // namespace rt
