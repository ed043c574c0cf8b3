// SPDX-License-Identifier: BSD-2-Clause
/// @file  Partner threads: what a test case needs to have somebody to talk to.
///
/// A partner runs a function of this image, either in the task of the test program or in a partner
/// task, whose pages are those of the test program at the same addresses (pager.hpp). So its
/// argument and its results are ordinary shared variables in both cases.
///
///     auto& partner = start_partner (receive_one, &order);                   // same task
///     auto& partner = partner_task (0).start (receive_one, &order);          // another task
///     ...
///     REQUIRE (partner.finish ());
///
/// The runner parks every partner when a case ends, wherever it is blocked. A partner whose
/// function returned sleeps, and its results stay valid.
#pragma once

#include <runtime/ipc.hpp>

#include "check.hpp"
#include "thread_start.hpp"

namespace guest {

class Partner {
public:
    [[nodiscard]] l4::ThreadId id () const { return id_; }
    /// Whether its function has returned.
    [[nodiscard]] bool done () const { return done_; }
    /// Wait until it has, at most `milliseconds`. @return done ()
    [[nodiscard]] bool finish (unsigned milliseconds = 2000) const;

    /// Send it to the beginning of its function, wherever it is.
    void restart ();
    /// Park it now, wherever it is: whatever it has not done yet it never does.
    void stop ();
    /// Stop it, and let the next start use it again.
    void release ();

private:
    friend class PartnerPool;
    friend class PartnerTask;
    friend Partner& start_partner (PartnerFunction, void*, l4::ThreadId);

    static void run (void* partner);

    /// Restart or park it, by a thread of its task.
    void redirect ();
    void redirect_here ();

    l4::ThreadId id_ {};
    void (*redirect_remotely_) (Partner&) { nullptr };  ///< set if it is not of the own task
    Word* stack_top_ { nullptr };
    PartnerFunction function_ { nullptr };
    void* argument_ { nullptr };
    l4::ThreadId pager_ {};
    bool volatile done_ { true };
    bool in_use_ { false };
    bool is_parked_ { false };
};

/// Start a partner in the test program's own task.
/// @param pager  by default the one of the test program
Partner& start_partner (PartnerFunction function, void* argument,
                        l4::ThreadId pager = l4::root_id);

/// Park all partners of the test program's own task. For the runner, between cases.
void park_local_partners ();

/// A thread number of the own task that no thread has ever had.
[[nodiscard]] Word fresh_lthread ();
/// The lowest number that fresh_lthread () has not returned.
[[nodiscard]] Word next_unused_lthread ();

}  // namespace guest
