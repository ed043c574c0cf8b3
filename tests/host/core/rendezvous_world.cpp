// SPDX-License-Identifier: BSD-2-Clause
#include "rendezvous_world.hpp"

#include <core/clan.hpp>
#include <core/fault_ipc.hpp>
#include <core/interrupt.hpp>
#include <core/ipc.hpp>
#include <core/ipc_transfer.hpp>
#include <core/scheduler.hpp>
#include <core/send_queue.hpp>
#include <core/thread_table.hpp>
#include <core/wakeup.hpp>

#include <machine/context.hpp>
#include <machine/tcb_area.hpp>

#include <sys/mman.h>

#include <stdexcept>

using kernel::Tcb;
using kernel::ThreadState;
using l4::IpcError;

namespace rendezvous {

World* World::the;

namespace {

constexpr l4::Word task = 5;
constexpr l4::Address long_message = 0x1000;

/// Memory at the threads' addresses, for ever: once given up, the heap might take it.
void provide_tcbs ()
{
    void* const wanted = &machine::tcb_area::tcb (l4::ThreadId::make ({ task, 0, 0, 4, 0, 0 }));
    static void* const page = mmap (wanted, l4::page_size, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (page != wanted)
        throw std::runtime_error { "the addresses of the thread control blocks are taken" };
}

}  // namespace

World::World ()
{
    the = this;
    provide_tcbs ();
    reset ();
}

World::~World () { the = nullptr; }

l4::ThreadId World::id (int thread)
{
    return l4::ThreadId::make ({ task, static_cast<l4::Word> (thread), 1, 4, 0, 0 });
}

Tcb& World::tcb (int thread) { return machine::tcb_area::tcb (id (thread)); }

int World::number_of (l4::ThreadId id)
{
    return id.is_invalid () ? anybody : id.is_nil () ? nobody : static_cast<int> (id.lthread ());
}

void World::reset ()
{
    for (int t = 0; t < threads; ++t)
        create (t);
}

void World::create (int thread)
{
    __builtin_memset (static_cast<void*> (&tcb (thread)), 0, sizeof (Tcb));
    tcb (thread).id = id (thread);
    tcb (thread).profile = l4::Profile::strict;
    tcb (thread).state = ThreadState::ready;
    Seat& seat = seat_[thread];
    seat.in_user_mode = true;
    seat.is_enqueued = seat.is_leaving = false;
    seat.result = {};
}

void World::apply (Step const& step, unsigned word)
{
    int const t = step.thread;
    switch (step.kind) {
    case Step::Kind::ipc: begin (t, step.request, word); break;
    case Step::Kind::run: prepare (t).run (); break;
    case Step::Kind::expire: kernel::ipc::expire (tcb (t)); break;
    case Step::Kind::cancel: kernel::ipc::cancel (tcb (t)); break;
    case Step::Kind::remove: remove (t); break;
    case Step::Kind::create: create (t); break;
    }
}

void World::begin (int thread, Request const& request, unsigned word)
{
    using l4::ReceiveDescriptor;
    constexpr auto zero = l4::Timeout::zero ();
    constexpr l4::Timeout finite { 10, 100 };
    auto const receive = request.from == nobody    ? ReceiveDescriptor::nil ()
                         : request.from == anybody ? ReceiveDescriptor::registers ().open ()
                                                   : ReceiveDescriptor::registers ();
    auto const send = request.to == nobody ? l4::SendDescriptor::nil ()
                      : request.is_long    ? l4::SendDescriptor { long_message }
                                           : l4::SendDescriptor::registers ();
    int const partner = request.to != nobody ? request.to : request.from == anybody ? 0
                                                                                    : request.from;
    Tcb& self = tcb (thread);
    self.ipc = { .dope = {},
                 .w0 = word,
                 .w1 = ~word,
                 .partner = id (partner),
                 .send = send,
                 .timeouts = { request.waits_to_send ? finite : zero,
                               request.waits_to_receive ? finite : zero },
                 .receive = receive };
    seat_[thread].in_user_mode = false;
    running_ = thread;
    seat_[thread].fiber.restart ([this, thread] {
        kernel::ipc::perform (tcb (thread));
        to_user (thread, result_in (tcb (thread)));
    });
    seat_[thread].fiber.run ();
}

/// As the kernel deletes a thread: thread_table::stop, and those who are pending at it.
void World::remove (int thread)
{
    Tcb& self = tcb (thread);
    kernel::ipc::withdraw (self);
    self.state = ThreadState::dead;
    self.id = l4::ThreadId::nil ();
    while (Tcb* const first = self.waiters.first ()) {
        Tcb& sender = *first;
        kernel::send_queue::remove (self, sender);
        kernel::ipc::finish (sender, IpcError::not_existent);
        kernel::scheduler::enqueue (sender);
    }
    __builtin_memset (static_cast<void*> (&self), 0, sizeof self);
}

/// What the switch to a thread does before it runs.
Fiber& World::prepare (int thread)
{
    Seat& seat = seat_[thread];
    Tcb& self = tcb (thread);
    running_ = thread;
    seat.is_enqueued = false;
    if (seat.is_leaving)
        seat.fiber.restart ([this, thread] {
            machine::TrapFrame& frame = tcb (thread).user_frame ();
            auto const exit = seat_[thread].exit;
            if (exit != nullptr)
                exit (frame);
            to_user (thread, { static_cast<IpcError> (frame.eax) });
        });
    else if (self.resumption == kernel::Resumption::ipc_results)
        seat.fiber.restart ([this, thread] {
            kernel::ipc::resume (tcb (thread));
            to_user (thread, result_in (tcb (thread)));
        });
    return seat.fiber;
}

/// The thread leaves the kernel, and the test goes on.
void World::to_user (int thread, Result const& result)
{
    Seat& seat = seat_[thread];
    seat.in_user_mode = true;
    seat.is_leaving = false;
    seat.result = result;
}

Result World::result_in (Tcb const& thread) const
{
    auto const code = static_cast<IpcError> (thread.ipc.dope.error ());
    if (code != IpcError::none || thread.ipc.dope.raw () == 0)
        return { code };
    return { code, number_of (thread.ipc.partner), thread.ipc.w0 };
}

void World::enqueue (Tcb& thread) { seat_[number_of (thread)].is_enqueued = true; }

void World::switch_to (Tcb& next) { prepare (number_of (next)).switch_to (); }

void World::leave_through (Tcb& thread, void (*function) (machine::TrapFrame&))
{
    thread.resumption = kernel::Resumption::kernel_stack;
    Seat& seat = seat_[number_of (thread)];
    seat.is_leaving = true;
    seat.exit = function;
}

std::string World::difference (Model const& model) const
{
    std::string all;
    for (int t = 0; t < threads; ++t)
        all += difference (t, model);
    return all;
}

std::string World::difference (int thread, Model const& model) const
{
    Thread const& expected = model.thread[thread];
    Tcb const& self = tcb (thread);
    std::string const name = "thread " + std::to_string (thread);
    bool const is_user = expected.phase == Phase::user;
    if (expected.phase == Phase::gone)
        return self.exists () ? name + " exists; " : "";
    if (!has_phase (thread, expected))
        return name + " is in another phase: state "
               + std::to_string (static_cast<int> (self.state)) + "; ";
    if (is_user && seat_[thread].result != expected.result)
        return name + " got another result: code "
               + std::to_string (static_cast<unsigned> (seat_[thread].result.code)) + "; ";
    if (self.timeout_armed != model.has_timeout (thread))
        return name + "'s timeout is not as it should be; ";
    bool const lets_interrupts_in = expected.phase == Phase::copies || expected.has_rested;
    if (self.is_ready () && !is_user && !lets_interrupts_in && !seat_[thread].is_enqueued)
        return name + " is ready and forgotten; ";
    if (!kernel::send_queue::is_consistent (self))
        return name + "'s send queue is damaged; ";
    std::vector<int> queue;
    for (Tcb const* sender = self.waiters.first (); sender != nullptr;) {
        queue.push_back (number_of (*sender));
        sender = sender->send_link.next == self.waiters.first () ? nullptr : sender->send_link.next;
    }
    return queue == model.queue[thread] ? "" : name + "'s send queue is in another order; ";
}

bool World::has_phase (int thread, Thread const& expected) const
{
    using kernel::Continuation;
    Tcb const& self = tcb (thread);
    Tcb const* const partner
        = expected.partner == nobody ? nullptr : &tcb (expected.partner);
    if (self.transfer.partner != partner || self.in_kernel_rpc
        || (expected.phase == Phase::user) != seat_[thread].in_user_mode)
        return false;
    switch (expected.phase) {
    case Phase::user:
    case Phase::done:
    case Phase::copies: return self.is_ready () && self.continuation == Continuation::none;
    case Phase::receives: return self.is_ready () && self.continuation == Continuation::receive;
    case Phase::transfers: return self.is_ready () && self.continuation == Continuation::transfer;
    case Phase::locked: return self.state == ThreadState::locked && !self.transfer.sends;
    case Phase::pending: return self.is_pending_at (id (expected.request.to));
    case Phase::waiting:
        return self.state == ThreadState::waiting
               && number_of (self.awaited) == expected.request.from;
    case Phase::gone: break;
    }
    return false;
}

}  // namespace rendezvous

// The kernel's other side. Everything below is what ipc_rendezvous.cpp and ipc_cancel.cpp call.

using rendezvous::World;

Tcb& machine::tcb_area::current () { return World::the->current (); }

void machine::return_to_user (Tcb& thread) { World::the->leave_through (thread, nullptr); }

void machine::leave_through (Tcb& thread, void (*function) (TrapFrame&))
{
    World::the->leave_through (thread, function);
}

namespace kernel {

void scheduler::enqueue (Tcb& thread) { World::the->enqueue (thread); }
void scheduler::switch_to (Tcb& next) { World::the->switch_to (next); }
void scheduler::block () { Fiber::leave (); }

bool scheduler::serve_interrupts ()
{
    Fiber::leave ();
    return true;
}

void wakeup::arm (Tcb& thread, l4::Timeout timeout)
{
    thread.timeout_armed = !timeout.is_infinite ();
}

Tcb* thread_table::find (l4::ThreadId id)
{
    Tcb& tcb = machine::tcb_area::tcb (id);
    return tcb.exists () && tcb.id == id ? &tcb : nullptr;
}

l4::ThreadId thread_table::complete (l4::ThreadId)
{
    throw std::logic_error { "all threads are strict here" };
}

clan::NearestPartner clan::nearest (l4::ThreadId, l4::Profile, l4::ThreadId)
{
    throw std::logic_error { "all threads are neighbours here" };
}

bool clan::may_deceive (l4::Word, l4::ThreadId, l4::ThreadId)
{
    throw std::logic_error { "nobody deceives here" };
}

l4::IpcError fault_ipc::fetch_page (Tcb&, PageRequest const&)
{
    throw std::logic_error { "no page is missing here" };
}

namespace interrupt {

namespace {

[[noreturn]] void no_lines () { throw std::logic_error { "there are no interrupts here" }; }

}  // namespace

IpcError begin_closed_receive (Tcb&) { no_lines (); }
bool take_message (Tcb&) { no_lines (); }
IpcError release (Tcb&) { no_lines (); }

}  // namespace interrupt

namespace {

void copy_registers (Tcb const& sender, Tcb& receiver)
{
    receiver.ipc.w0 = sender.ipc.w0;
    receiver.ipc.w1 = sender.ipc.w1;
    receiver.ipc.partner = sender.id;
    receiver.ipc.dope = l4::MessageDope { l4::register_dwords, 0 };
}

}  // namespace

bool ipc::transfer_short (Tcb& sender, Tcb& receiver, l4::IpcError& error)
{
    if (sender.ipc.send.address () != 0)
        return false;
    copy_registers (sender, receiver);
    error = l4::IpcError::none;
    return true;
}

l4::IpcError ipc::transfer_long (Tcb& sender, Tcb& receiver)
{
    copy_registers (sender, receiver);
    return l4::IpcError::none;
}

}  // namespace kernel
