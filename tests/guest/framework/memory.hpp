// SPDX-License-Identifier: BSD-2-Clause
/// @file  Pages to give away, windows to receive them in, and a look at what a partner sees there.
///
/// Pages come from the demand-zero region and are the same ones in every case. Windows come from
/// the region above 512 MB and are not used again while the partner tasks live, so that what one
/// case leaves mapped there cannot help or disturb the next.
#pragma once

#include <runtime/ipc.hpp>
#include <runtime/layout.hpp>

#include "check.hpp"
#include "partner_task.hpp"

namespace guest {

/// 2^`log2_size` bytes of present, writable memory, aligned to their size (up to 256 KB). The
/// first word of each page holds `page_mark (its address)`.
[[nodiscard]] Address take_pages (unsigned log2_size = l4::page_bits);

/// Block `n` (0..3) of 16 KB of the demand-zero region that take_pages () never touches.
[[nodiscard]] constexpr Address untouched_pages (unsigned n)
{
    return rt::layout::anonymous_end - 0x10000 + 0x4000 * n;
}

[[nodiscard]] constexpr Word page_mark (Address page) { return page ^ 0x6D61726B; }

/// An unused region of 2^`log2_size` bytes, aligned to its size.
[[nodiscard]] Address fresh_window (unsigned log2_size = l4::page_bits);

/// For the runner: all pages may be taken again.
void reset_pages ();
/// For the runner: whether so many windows were used that page tables may get scarce on a machine
/// with little memory. New partner tasks, and the windows may be used again.
[[nodiscard]] bool windows_are_used_up ();
void reset_windows ();

[[nodiscard]] inline Word volatile& word_at (Address a)
{
    return *reinterpret_cast<Word volatile*> (a);
}

/// What an access by a partner thread came to.
struct Access {
    bool completed;         ///< the thread went on behind it
    bool faulted;           ///< its pager heard of it
    Word fault_w0;          ///< of the last fault
    Word value;             ///< read
};

/// Let a thread of partner task `n` access the word at `address`, in the window region.
[[nodiscard]] Access read_in_task (Address address, unsigned n = 0);
[[nodiscard]] Access write_in_task (Address address, Word value, unsigned n = 0);

/// Whether partner task `n` has `page` (of take_pages) mapped at `address`.
[[nodiscard]] bool sees_page (Address address, Address page, unsigned n = 0);
/// Whether partner task `n` has nothing mapped at `address`. Maps the spare page there.
[[nodiscard]] bool sees_nothing (Address address, unsigned n = 0);

/// One message with an fpage, and what either side was told.
struct Delivery {
    l4::MessageDope sender;
    bool received;              ///< the receiver's ipc ended
    rt::IpcResult receiver;
};

/// Send (send_base, fpage) from the case to a thread of partner task `n` that waits with
/// `receive`.
[[nodiscard]] Delivery deliver (Word send_base, l4::Fpage fpage,
                                l4::ReceiveDescriptor receive, unsigned n = 0);
/// The same into a window.
[[nodiscard]] Delivery map_into (l4::Fpage window, Word send_base, l4::Fpage fpage,
                                 unsigned n = 0);
/// 4 MB of RAM of the test program, in one fpage from sigma0. Ends the case as skipped if no such
/// region is free.
[[nodiscard]] Address acquire_superpage ();

/// Two pages of the test program, mapped to partner task `n` on either side of a 4 MB border.
struct Straddle {
    Address own;                ///< where the second page is for the test program
    Address border;             ///< where it is for the partner
};
[[nodiscard]] Straddle straddle (unsigned n);
/// Send the page at `source` of partner task `from` to `target` of the other lasting one.
[[nodiscard]] Delivery send_on (unsigned from, Address source, Address target,
                                l4::Transfer transfer = l4::Transfer::map);

/// Map the page at `source` of the test program to `target` of partner task `n`; a check.
void map_page (Address source, Address target, unsigned n = 0,
               l4::Access access = l4::Access::read_write);

/// fpage_unmap of one page; of all that the test program's page at `source` was mapped to.
void take_back (Address source, Word mask = l4::unmap_completely);
/// The same by a thread of partner task `n`.
void take_back_in_task (unsigned n, Address source, Word mask = l4::unmap_completely);

}  // namespace guest
