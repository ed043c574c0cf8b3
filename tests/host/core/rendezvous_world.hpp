// SPDX-License-Identifier: BSD-2-Clause
/// @file  The kernel's rendezvous with four threads, each on a stack of its own, and a test in
///        place of scheduler, clock and messages.
///
/// The kernel's ipc_rendezvous.cpp and ipc_cancel.cpp run as they are. A thread that blocks, or
/// lets interrupts in, comes back to the test, which then decides who is next.
#pragma once

#include "rendezvous_model.hpp"

#include <support/fiber.hpp>

#include <core/tcb.hpp>

namespace rendezvous {

class World {
public:
    World ();
    ~World ();
    World (World const&) = delete;
    World& operator= (World const&) = delete;

    /// Four threads in user mode, as at the beginning.
    void reset ();

    /// @pre the model allows it
    void apply (Step const& step, unsigned word);

    /// In what the kernel differs from `model`; empty if in nothing.
    [[nodiscard]] std::string difference (Model const& model) const;

    // What the kernel calls.
    void enqueue (kernel::Tcb& thread);
    void switch_to (kernel::Tcb& next);
    void leave_through (kernel::Tcb& thread, void (*function) (machine::TrapFrame&));
    [[nodiscard]] kernel::Tcb& current () const { return tcb (running_); }

    static World* the;

private:
    /// What the test keeps of a thread.
    struct Seat {
        Fiber fiber;
        bool in_user_mode { true };
        bool is_enqueued { false };
        bool is_leaving { false };      ///< by `exit`, not where it left off
        void (*exit) (machine::TrapFrame&) { nullptr };
        Result result {};               ///< the last one that it has seen
    };

    [[nodiscard]] static l4::ThreadId id (int thread);
    [[nodiscard]] static kernel::Tcb& tcb (int thread);
    [[nodiscard]] static int number_of (l4::ThreadId id);
    [[nodiscard]] static int number_of (kernel::Tcb const& thread) { return number_of (thread.id); }

    void begin (int thread, Request const& request, unsigned word);
    void create (int thread);
    void remove (int thread);
    Fiber& prepare (int thread);
    void to_user (int thread, Result const& result);
    [[nodiscard]] Result result_in (kernel::Tcb const& thread) const;
    [[nodiscard]] std::string difference (int thread, Model const& model) const;
    [[nodiscard]] bool has_phase (int thread, Thread const& expected) const;

    Seat seat_[threads];
    int running_ { 0 };
};

}  // namespace rendezvous
