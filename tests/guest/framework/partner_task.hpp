// SPDX-License-Identifier: BSD-2-Clause
/// @file  Partner tasks: address spaces of their own that run functions of this image.
///
/// A partner task is made with a task number of the test program and has the framework's pager
/// (pager.hpp), so it shares all memory below 4 MB with the test program and has nothing above.
/// Its thread 0, the manager, starts and parks its partners: only a thread of the same task can.
///
/// Tasks 0 and 1 are made when first asked for and serve many cases. The others live for one case:
/// the runner deletes them, and with them their task numbers come back.
#pragma once

#include "partner.hpp"
#include "threads.hpp"

namespace guest {

class PartnerTask {
public:
    /// Start `function (argument)` in this task.
    /// @param pager  by default the framework's
    Partner& start (PartnerFunction function, void* argument,
                    l4::ThreadId pager = l4::ThreadId::nil ());

    /// Its manager, lthread 0.
    [[nodiscard]] l4::ThreadId id () const { return id_; }

private:
    friend PartnerTask& partner_task (unsigned n);
    friend void end_partner_tasks ();
    friend bool delete_partner_tasks ();

    void create (Word number, unsigned n);
    static void redirect (Partner& partner);
    void park_all ();
    static void manage (void* task);

    l4::ThreadId id_ {};
    Partner* partners_ { nullptr };
};

constexpr unsigned partner_tasks = 4;

/// Partner task `n`, made on first use; ends the case if it cannot be made.
[[nodiscard]] PartnerTask& partner_task (unsigned n = 0);

/// Have every page of the image and of what lies around it. A case that acts as pager of a thread
/// then sees only the faults it is about.
void touch_image ();

/// For the runner, after a case: park the partners of lasting tasks, forget the others.
void end_partner_tasks ();
/// For the runner: delete the lasting tasks, which come again when they are asked for.
/// @return whether the kernel did
bool delete_partner_tasks ();

}  // namespace guest
