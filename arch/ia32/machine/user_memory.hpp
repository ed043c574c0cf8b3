// SPDX-License-Identifier: BSD-2-Clause
/// @file  Copying from and to user memory, in the running thread's space and in one other.
///
/// The other space is seen through a window of two page-directory entries, 8 MB, in the running
/// loaded directory: any buffer of up to 4 MB fits, whatever its alignment. The two entries
/// are the other space's own, without the user bit, so nothing is copied but two words. (SOSP'93,
/// 5.2.3 "temporary mapping".)
///
/// A copy never blocks. A page fault ends it early and says where; the caller has it resolved
/// and goes on. After anything that may have run another thread, the window must be set anew.
#pragma once

#include <core/space.hpp>
#include <l4/word.hpp>

#include <machine/memory_layout.hpp>

namespace machine {

/// Bytes of one copy, so that it takes well under 1,000 instructions with interrupts off.
constexpr Word copy_chunk = 1024;

struct CopyResult {
    Word done;              ///< bytes copied; all of them: no fault
    Address fault_address;  ///< linear
    bool fault_was_write;
};

/// Copy `size` bytes, at most `copy_chunk`. Addresses are linear: where the running task's user
/// addresses lie (small_space.hpp), addresses in the window, or the kernel's.
[[nodiscard]] CopyResult copy_user (Address destination, Address source, Word size);

class CopyWindow {
public:
    /// Show 8 MB of `space` from the 4 MB boundary below `address`, a user address.
    static void show (kernel::Space& space, Address address);

    /// Where `address` of the shown space is seen. @pre within 4 MB of the address shown
    [[nodiscard]] static Address linear (Address address, Address shown)
    {
        return copy_window_begin + (address - (shown & ~(l4::superpage_size - 1)));
    }

    [[nodiscard]] static bool contains (Address linear)
    {
        return linear >= copy_window_begin && linear < copy_window_begin + copy_window_size;
    }

    /// The other space's address that is seen at `linear`.
    [[nodiscard]] static Address user_address (Address linear, Address shown)
    {
        return linear - copy_window_begin + (shown & ~(l4::superpage_size - 1));
    }
};

}  // namespace machine
