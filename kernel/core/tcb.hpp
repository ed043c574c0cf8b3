// SPDX-License-Identifier: BSD-2-Clause
/// @file  Thread control block: everything the kernel knows of a thread, and its kernel stack.
///
///     0     identity, state, partner    what an IPC reads of both sides
///     32    message                     registers of the ipc in progress
///     ...   queues, scheduling
///     |     (stack grows down)
///     960   user registers              machine::TrapFrame, while the thread is in the kernel
///     1024
///
/// 1 KB and aligned, so that the stack pointer tells the running thread and the id the address
/// (SOSP'93, 5.3). An all-zero block is "no thread".
#pragma once

#include <core/ready_queue.hpp>
#include <core/thread_state.hpp>
#include <core/timeout_queue.hpp>
#include <l4/ipc.hpp>
#include <l4/message.hpp>
#include <l4/syscall.hpp>
#include <l4/thread_id.hpp>
#include <l4/timeout.hpp>

#include <machine/memory_layout.hpp>
#include <machine/trap_frame.hpp>

#include <type_traits>

namespace kernel {

using l4::Address;
using l4::Word;

class Space;
struct Tcb;

/// The registers of an ipc: parameters on the way in, results on the way out.
struct IpcRegisters {
    l4::MessageDope dope;
    Word w0;
    Word w1;
    l4::ThreadId partner;           ///< in: destination or source; out: source
    l4::SendDescriptor send;
    l4::ReceiveDescriptor receive;
    l4::Timeouts timeouts;
};

/// A long message on its way: the other side. Null: none.
struct TransferLink {
    Tcb* partner;
    bool sends;                     ///< this thread is the sender
};

/// What a receiver is to fetch for its sender, and how that ended.
struct PageRequest {
    Address address;
    bool is_write;
    l4::PageFaultTimeout timeout;
    l4::IpcError result;
};

/// Place in the send queue of the thread that one wants to send to.
struct SendLink {
    Tcb* next;
    Tcb* previous;
};

struct Tcb {
    l4::ThreadId id;
    ThreadState state;
    Continuation continuation;
    std::uint8_t priority;
    l4::Profile profile;            ///< its task's; unset in the idle thread
    l4::ThreadId awaited;           ///< waiting: from whom, invalid = anyone; pending: at whom
    Word kernel_esp;                ///< while not running
    Space* space;
    Tcb* send_queue;                ///< first of those pending at this thread

    IpcRegisters ipc;               ///< of the ipc in progress

    TransferLink transfer;
    TransferLink outer_transfer;    ///< suspended while the kernel calls the pager for it
    PageRequest page_request;

    SendLink send_link;
    ReadyLink<Tcb> ready_link;
    TimeoutLink<Tcb> timeout_link;
    Word deadline;                  ///< ticks; valid if `timeout_armed`
    bool timeout_armed;
    bool in_kernel_rpc;             ///< the ipc in progress is the kernel's, to the pager

    std::uint8_t mcp;               ///< maximum controlled priority
    std::uint8_t slice_exponent;    ///< time slice as thread_schedule coded it
    std::uint8_t slice_mantissa;
    Word slice_left;                ///< ticks; ~0: unlimited
    Word cpu_ticks;
    void* fpu_state;                ///< null until the thread uses the FPU
    l4::ThreadId pager;
    l4::ThreadId internal_preempter;
    l4::ThreadId external_preempter;

    [[nodiscard]] bool exists () const { return state != ThreadState::none; }
    [[nodiscard]] bool is_ready () const { return state == ThreadState::ready; }
    [[nodiscard]] bool is_strict () const { return profile == l4::Profile::strict; }

    /// The transfer of the user's own ipc, as opposed to that of a call to the pager.
    [[nodiscard]] TransferLink& users_transfer ()
    {
        return in_kernel_rpc ? outer_transfer : transfer;
    }
    [[nodiscard]] TransferLink const& users_transfer () const
    {
        return in_kernel_rpc ? outer_transfer : transfer;
    }

    /// In a receive phase that accepts a message from `sender`.
    [[nodiscard]] bool waits_for (l4::ThreadId sender) const
    {
        return state == ThreadState::waiting && (awaited.is_invalid () || awaited == sender);
    }

    /// In a send phase, blocked because `receiver` does not receive.
    [[nodiscard]] bool is_pending_at (l4::ThreadId receiver) const
    {
        return state == ThreadState::pending && awaited == receiver;
    }

    /// First address behind the block: where the stack begins on entry from user mode.
    [[nodiscard]] Address end () const
    {
        return reinterpret_cast<Address> (this) + machine::tcb_size;
    }

    /// The user's registers, while the thread is in the kernel.
    [[nodiscard]] machine::TrapFrame& user_frame () const
    {
        return *reinterpret_cast<machine::TrapFrame*> (end () - sizeof (machine::TrapFrame));
    }
};

static_assert (std::is_standard_layout_v<Tcb>);
static_assert (sizeof (Tcb) + sizeof (machine::TrapFrame) + 640 <= machine::tcb_size,
               "the kernel stack needs the rest");

}  // namespace kernel
