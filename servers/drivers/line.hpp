// SPDX-License-Identifier: BSD-2-Clause
/// @file  An interrupt line of the calling thread (docs/abi.md, 8). The policy must give it.
///
/// The kernel masks the line when it fires and unmasks it when its thread receives again: by a
/// wait for this line, or by the open wait of a driver's loop (driver.hpp).
#pragma once

#include <l4/ipc.hpp>
#include <runtime/ipc.hpp>

namespace drivers {

using l4::Word;

class Line {
public:
    constexpr explicit Line (unsigned number) : id_ { l4::interrupt_id (number) } {}

    /// No line: it never fires.
    [[nodiscard]] static constexpr Line none () { return Line {}; }

    /// Make it the calling thread's; what it had to tell before is forgotten.
    /// @return false: somebody else has it
    [[nodiscard]] bool attach () const
    {
        constexpr l4::Timeouts at_once { l4::Timeout::never (), l4::Timeout::zero () };
        rt::receive (l4::ThreadId::nil (), at_once);
        return rt::receive (id_, at_once).dope.error ()
               == static_cast<Word> (l4::IpcError::receive_timeout);
    }

    /// Wait for its interrupt alone. @return false: there was none in this time
    [[nodiscard]] bool wait (l4::Timeout patience) const
    {
        return rt::receive (id_, { l4::Timeout::never (), patience }).dope.ok ();
    }

    [[nodiscard]] bool is (l4::ThreadId source) const { return source == id_; }

private:
    constexpr Line () = default;

    l4::ThreadId id_ {};
};

}  // namespace drivers
