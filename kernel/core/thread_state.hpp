// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a thread is doing, as far as others must know.
///
///     none -> dead           thread control block created, no instruction pointer yet
///     dead -> ready          lthread_ex_regs or task_new gave it one
///     ready -> pending       its partner does not receive yet (send phase)
///     ready -> waiting       nobody has sent to it yet (receive phase)
///     pending, waiting -> ready      partner, timeout, cancel
///     waiting -> locked      its partner copies a long message to it
///     ready -> locked        a sender whose receiver must fetch a page first
///     ready -> dead          an exception that nobody handles
#pragma once

#include <cstdint>

namespace kernel {

enum class ThreadState : std::uint8_t {
    none = 0,       ///< no such thread; what the shared page of zeros shows
    dead,
    ready,
    pending,        ///< in its partner's send queue
    waiting,        ///< for `Tcb::awaited`
    locked,         ///< until its partner in a transfer has done its part
};

/// What a thread must still do in the kernel when it runs again.
enum class Continuation : std::uint8_t {
    none,
    send,           ///< `Tcb::awaited` is to get its message
    receive,        ///< its send is over, or it has none; somebody waits for its receive phase
    transfer,       ///< a receiver has taken it from the send queue: copy the message
    fetch_page,     ///< its buffer faulted while its partner copied: call the pager
};

/// How a thread goes on when it is switched to.
enum class Resumption : std::uint8_t {
    kernel_stack,   ///< where it left off; so for every running thread
    ipc_results,    ///< its ipc ends: nothing but the user's address and stack are on its own stack
    ipc_results_with_resources,     ///< the same, and the switch must care for machine::Resources
    page_fault,     ///< its call to the pager ends: only its trap frame is on its stack
};

/// An ipc that the kernel does for the thread. The values are sub-states of thread_schedule; a
/// condition means: any.
enum KernelRpc : std::uint8_t {
    no_rpc,
    page_fault_rpc,             ///< to the pager; also for ports
    internal_preempter_rpc,
    external_preempter_rpc,
};

}  // namespace kernel
