// SPDX-License-Identifier: BSD-2-Clause
/// @file  IPC by the names of its common shapes, for messages of two words and one fpage.
///
/// Default timeouts wait forever. Replies of servers use a send timeout of zero, so that no
/// client can block its server by not waiting.
#pragma once

#include <runtime/ia32/syscalls.hpp>

namespace rt {

/// Two message words.
struct Words {
    Word w0 { 0 };
    Word w1 { 0 };
};

/// A reply waits for nobody; the following receive waits forever.
constexpr l4::Timeouts reply_timeouts { l4::Timeout::zero (), l4::Timeout::never () };

/// Where one fpage may be received: nowhere, or in a window.
class Window {
public:
    constexpr Window () = default;
    constexpr explicit Window (l4::Fpage window)
        : descriptor_ { l4::ReceiveDescriptor::map_window (window) }
    {
    }
    [[nodiscard]] constexpr l4::ReceiveDescriptor descriptor () const { return descriptor_; }

private:
    l4::ReceiveDescriptor descriptor_ { l4::ReceiveDescriptor::registers () };
};

/// Send two words; no receive.
inline l4::MessageDope send (l4::ThreadId to, Words words,
                             l4::Timeouts timeouts = l4::Timeouts::never ())
{
    return ipc (l4::SendDescriptor::registers (), l4::ReceiveDescriptor::nil (), to, timeouts,
                words.w0, words.w1).dope;
}

/// Map or grant `fpage`; the receiver's window decides with `send_base` where it lands.
inline l4::MessageDope send_fpage (l4::ThreadId to, Word send_base, l4::Fpage fpage,
                                   l4::Timeouts timeouts = l4::Timeouts::never ())
{
    return ipc (l4::SendDescriptor::short_fpage (), l4::ReceiveDescriptor::nil (), to, timeouts,
                send_base, fpage.raw ()).dope;
}

/// Wait for a message from `from` alone.
inline IpcResult receive (l4::ThreadId from, l4::Timeouts timeouts = l4::Timeouts::never (),
                          Window window = {})
{
    return ipc (l4::SendDescriptor::nil (), window.descriptor (), from, timeouts);
}

/// Wait for a message from anyone.
inline IpcResult wait (l4::Timeouts timeouts = l4::Timeouts::never (), Window window = {})
{
    return ipc (l4::SendDescriptor::nil (), window.descriptor ().open (), l4::ThreadId::nil (),
                timeouts);
}

/// Send two words to `to` and wait for its answer.
inline IpcResult call (l4::ThreadId to, Words words,
                       l4::Timeouts timeouts = l4::Timeouts::never (), Window window = {})
{
    return ipc (l4::SendDescriptor::registers (), window.descriptor (), to, timeouts, words.w0,
                words.w1);
}

/// Answer `to` and wait for the next message from anyone. If the answer fails, only its error
/// comes back: call `wait ()` then.
inline IpcResult reply_and_wait (l4::ThreadId to, Words words,
                                 l4::Timeouts timeouts = reply_timeouts, Window window = {})
{
    return ipc (l4::SendDescriptor::registers (), window.descriptor ().open (), to, timeouts,
                words.w0, words.w1);
}

/// The same with a mapping as the answer.
inline IpcResult reply_fpage_and_wait (l4::ThreadId to, Word send_base, l4::Fpage fpage,
                                       l4::Timeouts timeouts = reply_timeouts, Window window = {})
{
    return ipc (l4::SendDescriptor::short_fpage (), window.descriptor ().open (), to, timeouts,
                send_base, fpage.raw ());
}

/// Do nothing for at least `time`; zero returns at once, `never ()` is forever.
inline void sleep (l4::Timeout time)
{
    ipc (l4::SendDescriptor::nil (), l4::ReceiveDescriptor::registers (), l4::ThreadId::nil (),
         l4::Timeouts { l4::Timeout::never (), time });
}

inline void sleep_microseconds (Word microseconds)
{
    sleep (l4::Timeout::at_least (microseconds));
}

[[noreturn]] inline void sleep_forever ()
{
    for (;;)
        sleep (l4::Timeout::never ());
}

/// The caller's own id.
inline l4::ThreadId myself () { return id_nearest (l4::ThreadId::nil ()).nearest; }

}  // namespace rt
