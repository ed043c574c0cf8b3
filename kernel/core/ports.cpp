// SPDX-License-Identifier: BSD-2-Clause
#include <core/ports.hpp>

#include <core/space.hpp>
#include <core/task_table.hpp>

#include <machine/io_privilege.hpp>
#include <machine/tcb_area.hpp>

#include <initializer_list>

namespace kernel {

namespace ports {

namespace {

/// Ports or holes looked at with interrupts off.
constexpr unsigned looked_at_at_once = 8;

Space& space_of (Word task) { return *task_table::space (task); }

Space& root_space () { return space_of (l4::sigma0_task); }

/// Its threads may have I/O privilege, which no bitmap limits. Those that do not run lose it when
/// they are switched to (machine::Resources::io_privilege).
void withdraw_privilege (Space& space)
{
    space.io ().set_privileged (false);
    Tcb& self = machine::tcb_area::current ();
    if (self.space != &space)
        return;
    machine::withdraw_io_privilege (self);
    self.resources.drop (machine::Resources::io_privilege);
}

/// What a port's tree needs of the spaces.
struct Holders {
    // Not inline: it is used all over the tree, and ports are not mapped often.
    [[nodiscard, gnu::noinline]] PortLink& link (Word task, Word port) const
    {
        return space_of (task).port_table ()->link (port);
    }
    void lose (Word task, Word port) const
    {
        Space& space = space_of (task);
        space.io ().forbid (port);
        if (space.io ().is_privileged ())
            withdraw_privilege (space);
    }
};

constinit Holders holders;

PortTree<Holders> tree (Word port) { return { holders, port }; }

bool has_room (Space& space, Word port)
{
    return space.port_table () != nullptr && space.port_table ()->has_frame (port);
}

/// A place in the port's tree.
Provision provide_link (Space& space, Word port)
{
    if (has_room (space, port))
        return Provision::complete;
    return space.provide_ports (port) ? Provision::progress : Provision::out_of_memory;
}

/// Whether there is something to take back. A space has what its bitmap says; the root has
/// everything, so there only what it has mapped on counts.
bool is_revocable (Space& space, Word port)
{
    if (!space.is_initial ())
        return space.io ().permits (port);
    return has_room (space, port) && tree (port).holders () != 0;
}

Outcome outcome_of (PortTree<Holders>::Result result, Space& to, Word port)
{
    using Result = PortTree<Holders>::Result;
    if (result == Result::full)
        return Outcome::full;
    if (result == Result::unchanged)
        return Outcome::unchanged;
    if (result == Result::progress)
        return Outcome::progress;
    to.io ().permit (port);
    return Outcome::entered;
}

}  // namespace

Provision provide (Space& space, Word port)
{
    for (Space* const each : { &root_space (), &space }) {
        Provision const provision = provide_link (*each, port);
        if (provision != Provision::complete)
            return provision;
    }
    if (space.io ().has_bitmap ())
        return Provision::complete;
    return space.io ().provide_step (space.quota ()) ? Provision::progress
                                                     : Provision::out_of_memory;
}

bool is_provided (Space& space, Word port)
{
    return has_room (root_space (), port) && has_room (space, port) && space.io ().has_bitmap ();
}

Outcome map (Space& from, Space& to, Word port)
{
    return outcome_of (tree (port).map (from.task ().task (), to.task ().task ()), to, port);
}

Outcome grant (Space& from, Space& to, Word port)
{
    return outcome_of (tree (port).grant (from.task ().task (), to.task ().task ()), to, port);
}

Word skip (Space const& space, Word port)
{
    return space.is_initial () ? port + 1 : space.io ().skip_forbidden (port);
}

void revoke_next (Space& space, Word& port, Word end, PortScope scope)
{
    for (unsigned n = 0; n < looked_at_at_once && port < end; ++n) {
        if (is_revocable (space, port)) {
            if (tree (port).revoke (space.task ().task (), scope))
                ++port;
            return;
        }
        port = skip (space, port);
    }
}

bool is_consistent (Word port)
{
    return !has_room (root_space (), port) || tree (port).consistent ();
}

}  // namespace ports

}  // namespace kernel
