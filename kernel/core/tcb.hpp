// SPDX-License-Identifier: BSD-2-Clause
/// @file  Thread control block: everything the kernel knows of a thread, and its kernel stack.
///
///     0     queues, scheduling, transfers
///     |     (stack grows down)
///     896   user registers              machine::TrapFrame, while the thread is in the kernel
///     960   message                     registers of the ipc in progress
///     992   identity, state, partner    what an IPC reads of both sides
///     1024
///
/// 1 KB and aligned, so that the stack pointer tells the running thread and the id the address
/// (SOSP'93, 5.3). What an IPC needs lies above the stack: on entry from user mode it is a few
/// bytes away from the stack pointer, so that a fast path needs no register to find it, and it
/// takes two cache lines, the other with what the processor pushed. An all-zero block is "no
/// thread".
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
#include <machine/place.hpp>
#include <machine/resources.hpp>
#include <machine/trap_frame.hpp>

#include <cstddef>
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
    l4::Timeouts timeouts;
    l4::ReceiveDescriptor receive;  ///< last: next to what a fast path reads
};

/// How a message gets through the clans between its sender and its receiver.
struct MessagePath {
    l4::ThreadId virtual_source;    ///< sender, if it deceives: what the receiver takes it for
    l4::ThreadId addressed;         ///< receiver, of a redirected message: whom it was meant for
    Word flags;                     ///< sender: bits of l4::MessageDope for the receiver
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
    std::uint64_t arrival;          ///< grows from each thread that begins to wait to the next
};

/// Who waits for a thread to receive: the ring of those pending at it, and its interrupt line,
/// which has a message for it or is closed until it receives. Zero, as mostly: a receive phase
/// has nobody to look at.
class Waiters {
public:
    static constexpr Word line_bit = 1;         ///< in the address of a TCB

    [[nodiscard]] Tcb* first () const { return reinterpret_cast<Tcb*> (raw_ & ~line_bit); }
    void set_first (Tcb* sender)
    {
        raw_ = reinterpret_cast<Word> (sender) | (raw_ & line_bit);
    }
    [[nodiscard]] bool has_line () const { return (raw_ & line_bit) != 0; }
    void set_line (bool waits) { raw_ = (raw_ & ~line_bit) | (waits ? line_bit : 0); }

private:
    Word raw_ { 0 };
};

/// With the user's registers. What the fields of a TCB leave.
constexpr Word kernel_stack_size = 792;

struct Tcb {
    TransferLink transfer;
    TransferLink outer_transfer;    ///< suspended while the kernel calls the pager for it
    PageRequest page_request;

    SendLink send_link;
    TimeoutLink timeout_link;
    Word deadline;                  ///< ticks; valid if `has_deadline ()`
    l4::ThreadId pager;
    l4::ThreadId internal_preempter;
    l4::ThreadId external_preempter;
    l4::ThreadId awaited_chief;     ///< nil, unless waiting for one behind a chief: the chief
    Word slice_ticks;               ///< what `slice_left` is refilled to

    ReadyLink<Tcb> ready_link;      ///< first of what an interrupt reads of both sides
    KernelRpc in_kernel_rpc;        ///< the ipc in progress is the kernel's, not the user's
    l4::Profile profile;            ///< its task's; unset in the idle thread
    std::uint8_t priority;
    std::uint8_t mcp;               ///< maximum controlled priority
    std::uint8_t slice_exponent;    ///< time slice as thread_schedule coded it
    std::uint8_t slice_mantissa;
    std::uint8_t interrupt_line;    ///< attached to this line + 1, 0 = none: core/interrupt.hpp
    Word slice_left;                ///< ticks; ~0: unlimited; 0: refilled when its turn comes
    Word cpu_ticks;
    machine::Resources resources;
    Space* space;
    MessagePath path;               ///< of the ipc in progress

    std::byte kernel_stack[kernel_stack_size];

    Word kernel_esp;                ///< while not running
    IpcRegisters ipc;               ///< of the ipc in progress
    ThreadState state;
    Continuation continuation;
    bool timeout_armed;
    Resumption resumption;
    l4::ThreadId id;
    l4::ThreadId awaited;           ///< waiting: from whom, invalid = anyone; pending: at whom
    Waiters waiters;
    machine::Place place;           ///< of its task (machine/place.hpp)

    [[nodiscard]] bool exists () const { return state != ThreadState::none; }
    [[nodiscard]] bool is_ready () const { return state == ThreadState::ready; }
    [[nodiscard]] bool is_waiting () const { return state == ThreadState::waiting; }
    [[nodiscard]] bool is_strict () const { return profile == l4::Profile::strict; }

    /// Blocked with a limit of time. Fast paths leave it to the timeouts to say so.
    [[nodiscard]] bool has_deadline () const
    {
        return timeout_armed
               || (is_waiting () && !in_kernel_rpc && !ipc.timeouts.receive ().is_infinite ());
    }

    /// The transfer of the user's own ipc, as opposed to that of a call to the pager.
    [[nodiscard]] TransferLink& users_transfer ()
    {
        return in_kernel_rpc ? outer_transfer : transfer;
    }
    [[nodiscard]] TransferLink const& users_transfer () const
    {
        return in_kernel_rpc ? outer_transfer : transfer;
    }

    /// In a send phase: sends under another's name.
    [[nodiscard]] bool deceives () const
    {
        return (path.flags & l4::MessageDope::deceited_bit) != 0;
    }

    /// In a send phase: whom the receiver takes for the sender.
    [[nodiscard]] l4::ThreadId visible_id () const
    {
        return deceives () ? path.virtual_source : id;
    }

    void set_line_waits (bool waits) { waiters.set_line (waits); }

    /// In a receive phase that accepts a message which seems to come from `sender`.
    [[nodiscard]] bool waits_for (l4::ThreadId sender) const
    {
        return state == ThreadState::waiting
               && (awaited.is_invalid () || awaited == sender || awaited_chief == sender);
    }

    /// In a send phase, blocked because `receiver` does not receive.
    [[nodiscard]] bool is_pending_at (l4::ThreadId receiver) const
    {
        return state == ThreadState::pending && awaited == receiver;
    }

    /// First address behind the kernel stack: the stack pointer on entry from user mode.
    [[nodiscard]] Address stack_end () const
    {
        return reinterpret_cast<Address> (kernel_stack) + kernel_stack_size;
    }

    /// The user's registers, while the thread is in the kernel.
    [[nodiscard]] machine::TrapFrame& user_frame () const
    {
        return *reinterpret_cast<machine::TrapFrame*> (stack_end () - sizeof (machine::TrapFrame));
    }
};

static_assert (std::is_standard_layout_v<Tcb>);
static_assert (sizeof (Tcb) == machine::tcb_size, "give a new field's bytes to it from the stack");
static_assert (kernel_stack_size >= sizeof (machine::TrapFrame) + 640);

constexpr Word cache_line = 32;     // of the Pentium; the 486 has two in it
static_assert ((offsetof (Tcb, kernel_stack) + kernel_stack_size) % cache_line == 0,
               "what the processor pushes shall take one line");
static_assert (offsetof (Tcb, ipc.receive) == machine::tcb_size - cache_line,
               "what an IPC reads of both sides shall take one line");
static_assert (offsetof (Tcb, ready_link) / cache_line
                   == offsetof (Tcb, resources.in_use) / cache_line,
               "what an interrupt reads besides shall take one line");

}  // namespace kernel
