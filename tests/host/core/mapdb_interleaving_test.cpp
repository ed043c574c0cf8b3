// SPDX-License-Identifier: BSD-2-Clause
/// @file  Several revocations at once, each suspended after any step, while the spaces go on.
///
/// There is no model of a half-done revocation, so this is about what must hold anyway: only what
/// somebody takes back disappears; what was there when a revocation began is gone (or read-only)
/// when it is over; and nothing is left behind when all are over.
#include "mapdb_world.hpp"

#include <support/random.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <vector>

using kernel::MapAction;
using kernel::MapScope;
using toy::World;

namespace {

/// Keeps a number for each mapping that ever was, and what it was derived from.
class Genealogy : public toy::Observer {
public:
    using Id = unsigned;
    using Ids = std::set<Id>;
    static constexpr Id memory = ~0u;       ///< + frame, downwards: sigma0's

    struct Claim {
        Ids targets;
        MapAction action;
        MapScope scope;
        Ids below {};           ///< what was there at the start
        Ids granted {};         ///< were targets; only what was begun below them goes on
        bool is_splitting { false };    ///< a 4 MB page was being removed part by part then
        kernel::Revocation const* revocation { nullptr };
    };

    [[nodiscard]] Id id_of (Where where) const
    {
        return where.space == 0 ? memory - where.page : now_.at (where);
    }
    [[nodiscard]] bool is_alive (Id id) const { return alive_.contains (id); }
    [[nodiscard]] std::map<Where, Id> const& now () const { return now_; }
    [[nodiscard]] Id parent (Id id) const { return parent_.at (id); }

    /// Whether `claim` covers mapping `id` because it covers one of `targets`.
    [[nodiscard]] bool hangs_below (Ids const& targets, Id id, MapScope scope) const
    {
        if (scope == MapScope::below && !is_memory (id))
            id = parent (id);
        while (!targets.contains (id) && !is_memory (id))
            id = parent (id);
        return targets.contains (id);
    }

    /// Whether `claim` may remove mapping `id`. Below a target that was granted meanwhile: only
    /// what is in a branch that was begun, so that something above is gone already.
    [[nodiscard]] bool covers (Claim const& claim, Id id) const
    {
        if (hangs_below (claim.targets, id, claim.scope))
            return true;
        bool begun = claim.is_splitting;
        for (; !claim.granted.contains (id) && !is_memory (id); id = parent (id))
            begun |= !is_alive (id);
        return begun && claim.granted.contains (id);
    }

    [[nodiscard]] Claim claim (std::vector<Where> const& pages, MapAction action,
                               MapScope scope) const
    {
        Claim claim { {}, action, scope };
        for (Where const where : pages)
            claim.targets.insert (id_of (where));
        for (Id const id : alive_)
            if (hangs_below (claim.targets, id, scope))
                claim.below.insert (id);
        return claim;
    }

    void mapped (Where from, Where to, bool) override
    {
        Id const id = next_++;
        parent_[id] = id_of (from);
        now_[to] = id;
        alive_.insert (id);
    }
    void upgraded (Where where) override
    {
        for (Claim* claim : claims)
            if (claim->action == MapAction::make_read_only)
                claim->below.erase (id_of (where));
    }
    /// A revocation below a page ends when it is granted, but for the branch that was begun.
    void granted (Where from, Where to, bool) override
    {
        Id const id = id_of (from);
        for (Claim* claim : claims)
            if (claim->targets.erase (id) != 0) {
                claim->granted.insert (id);
                claim->is_splitting |= claim->revocation->split != nullptr;
                std::erase_if (claim->below, [&] (Id below) {
                    return !hangs_below (claim->targets, below, claim->scope);
                });
            }
        now_[to] = id;
        now_.erase (from);
    }
    void removed (Where where) override
    {
        Id const id = id_of (where);
        EXPECT_TRUE (std::any_of (claims.begin (), claims.end (), [&] (Claim const* claim) {
            return claim->action == MapAction::remove && covers (*claim, id);
        })) << "nobody took back page "
            << where.page << " of space " << where.space;
        alive_.erase (id);
        now_.erase (where);
    }
    void taking_back (std::vector<Where> const& pages, MapAction action, MapScope scope) override
    {
        own_ = claim (pages, action, scope);
        claims.push_back (&own_);
    }
    void taken_back (std::vector<Where> const&, MapAction, MapScope) override
    {
        EXPECT_EQ (claims.back (), &own_);
        claims.pop_back ();
    }

    std::vector<Claim*> claims;

private:
    [[nodiscard]] static bool is_memory (Id id) { return id > memory / 2; }

    Id next_ { 0 };
    std::map<Id, Id> parent_;
    std::map<Where, Id> now_;
    Ids alive_;
    Claim own_;
};

/// A revocation that somebody has begun.
struct Unfinished {
    Where where;
    kernel::Revocation revocation {};
    Genealogy::Claim claim {};
};

class Interleaving {
public:
    static constexpr unsigned spaces = 3;
    static constexpr unsigned slots = 2;

    Interleaving (Random& random, unsigned limit)
        : world_ { genealogy_, spaces, slots }, random_ { random }, limit_ { limit }
    {
    }

    void step ()
    {
        switch (random_.below (10)) {
        case 0:
        case 1: begin (); break;
        case 2:
        case 3:
        case 4:
        case 5: advance (1 + random_.below (3)); break;
        default: change (); break;
        }
        ASSERT_TRUE (world_.consistent ());
    }

    void finish_all ()
    {
        while (!unfinished_.empty ())
            advance (1);
        EXPECT_TRUE (world_.database.is_idle () && world_.consistent ());
        for (auto const& [where, page] : world_.pages ()) {
            auto const id = genealogy_.id_of (where);
            EXPECT_TRUE (genealogy_.is_alive (id));
            EXPECT_EQ (genealogy_.parent (id), genealogy_.id_of (page.parent));
        }
        EXPECT_EQ (world_.pages ().size (), genealogy_.now ().size ());
    }

    void unmap_everything ()
    {
        for (unsigned frame = 0; frame < slots * toy::parts; frame += toy::parts)
            world_.unmap_slot ({ 0, frame }, MapAction::remove, MapScope::below);
        EXPECT_TRUE (world_.pages ().empty ());
        EXPECT_EQ (world_.pool.allocator.free_frames (), world_.pool.allocator.total_frames ());
    }

    [[nodiscard]] std::size_t begun () const { return begun_; }

private:
    void begin ()
    {
        Where const where = anywhere ();
        auto const target = world_.target (where, random_.one_in (2));
        if (target.page.node == nullptr || unfinished_.size () == limit_)
            return;
        auto const action = random_.one_in (4) ? MapAction::make_read_only : MapAction::remove;
        auto const scope = random_.one_in (2) ? MapScope::below : MapScope::self_too;
        auto one = std::make_unique<Unfinished> (where);
        one->claim = genealogy_.claim (target.pages, action, scope);
        one->claim.revocation = &one->revocation;
        genealogy_.claims.push_back (&one->claim);
        EXPECT_TRUE (world_.database.start (one->revocation, target.page, action, scope));
        unfinished_.push_back (std::move (one));
        ++begun_;
    }

    void advance (unsigned steps)
    {
        if (unfinished_.empty ())
            return;
        auto const chosen = unfinished_.begin ()
                            + random_.below (static_cast<unsigned> (unfinished_.size ()));
        if (!world_.database.run ((*chosen)->revocation, steps))
            return;
        for (auto const id : (*chosen)->claim.below)
            if ((*chosen)->claim.action == MapAction::remove)
                EXPECT_FALSE (genealogy_.is_alive (id));
            else
                EXPECT_FALSE (is_writable (id));
        std::erase (genealogy_.claims, &(*chosen)->claim);
        unfinished_.erase (chosen);
    }

    void change ()
    {
        // What somebody is taking back is of special interest.
        Where const from = unfinished_.empty () || random_.one_in (2) ? anywhere ()
                                                                      : some_target ();
        Where const to { 1 + random_.below (spaces), random_.below (slots * toy::parts) };
        bool const writable = !random_.one_in (3);
        bool const grants = from.space != 0 && random_.one_in (3);
        if (random_.one_in (3))
            grants ? world_.grant_slot (from, to, writable) : world_.map_slot (from, to, writable);
        else
            grants ? world_.grant (from, to, writable) : world_.map (from, to, writable);
    }

    [[nodiscard]] bool is_writable (Genealogy::Id id)
    {
        for (auto const& [where, other] : genealogy_.now ())
            if (other == id)
                return world_.find (where)->writable;
        return false;
    }

    [[nodiscard]] Where some_target ()
    {
        auto const chosen = random_.below (static_cast<unsigned> (unfinished_.size ()));
        return unfinished_[chosen]->where;
    }

    [[nodiscard]] Where anywhere ()
    {
        return { random_.below (spaces + 1), random_.below (slots * toy::parts) };
    }

    Genealogy genealogy_;
    World world_;
    Random& random_;
    unsigned limit_;
    std::size_t begun_ { 0 };
    std::vector<std::unique_ptr<Unfinished>> unfinished_;
};

}  // namespace

TEST (MapdbInterleaving, RandomRevocationsAtOnce)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    std::size_t begun = 0;
    for (int run = 0; run < 200; ++run) {
        // The operations in between need a place for their own revocations.
        Interleaving world { random, 1 + random.below (World::Database::max_active - 2) };
        for (int step = 0; step < 200 && !testing::Test::HasFailure (); ++step)
            world.step ();
        world.finish_all ();
        world.unmap_everything ();
        begun += world.begun ();
        ASSERT_FALSE (testing::Test::HasFailure ()) << "run " << run;
    }
    EXPECT_GT (begun, 1000u);
}
