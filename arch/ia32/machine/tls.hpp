// SPDX-License-Identifier: BSD-2-Clause
/// @file  Thread-local storage: three descriptors, FS and GS of each thread that has any.
///
/// The three places in the descriptor table hold the running thread's descriptors. A switch from
/// or to a thread that has some (Resources::tls) exchanges them, with FS and GS; all other threads
/// find them empty and their FS and GS alone.
#pragma once

#include <l4/exception.hpp>
#include <l4/word.hpp>

#include <segment/descriptor.hpp>

namespace kernel {
struct Tcb;
}

namespace machine {

using l4::Word;
using TlsDescriptors = ia32::Descriptor[l4::tls_descriptors];

struct TlsBlock {
    TlsDescriptors descriptors;
    Word fs;                        ///< while the thread does not run
    Word gs;
};

class Tls {
public:
    /// Give the running thread these descriptors, which have been checked. FS and GS follow.
    /// @return false if kernel memory is used up
    [[nodiscard]] static bool set (kernel::Tcb& self, TlsDescriptors const& descriptors);

    /// Whether `selector` is one of the thread's own: of a descriptor that is not empty.
    [[nodiscard]] static bool is_own (kernel::Tcb const& thread, Word selector);

    /// `from`, which has descriptors, stops running; put those of `to` in place, or none.
    static void leave (kernel::Tcb& from);
    static void enter (kernel::Tcb const& to);
    static void clear ();

    static void release (kernel::Tcb& thread);
};

}  // namespace machine
