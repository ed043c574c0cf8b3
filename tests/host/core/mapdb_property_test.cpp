// SPDX-License-Identifier: BSD-2-Clause
/// @file  The mapping database against the model: all short histories, and long random ones.
#include "mapdb_mirror.hpp"

#include <support/random.hpp>

#include <gtest/gtest.h>

#include <ostream>
#include <set>
#include <tuple>

using kernel::MapAction;
using kernel::MapScope;
using toy::World;

namespace {

/// One operation of a history.
struct Operation {
    enum class Kind { map, grant, unmap_below, unmap } kind;
    Where from;
    Where to;

    friend std::ostream& operator<< (std::ostream& out, Operation const& o)
    {
        char const* const names[] { "map", "grant", "unmap below", "unmap" };
        return out << names[static_cast<int> (o.kind)] << ' ' << o.from.space << '.' << o.from.page
                   << " to " << o.to.space << '.' << o.to.page;
    }

    void apply (World& world) const
    {
        switch (kind) {
        case Kind::map: world.map (from, to, true); break;
        case Kind::grant: world.grant (from, to, true); break;
        case Kind::unmap_below: world.unmap (from, MapAction::remove, MapScope::below); break;
        case Kind::unmap: world.unmap (from, MapAction::remove, MapScope::self_too); break;
        }
    }
};

/// Walks through all histories of a number of operations on one frame, each state once: pages,
/// parents, and the order in which the database lists them.
/// Spaces that have nothing are alike, and so are the empty pages of one space, so only the first
/// of those is tried as a target.
class Explorer {
public:
    static constexpr unsigned spaces = 4;
    static constexpr unsigned pages = 3;

    /// @return false at the first difference from the model
    bool explore (unsigned depth)
    {
        MirroredWorld both { spaces, 1, 8 };
        for (Operation const& operation : history_) {
            both.world.checks_each_step = &operation == &history_.back ();
            operation.apply (both.world);
        }
        if (!seen_.insert ({ depth, both.pages (), both.world.order (0) }).second)
            return true;
        if (!both.agrees ())
            return false;
        if (depth == 0)
            return true;
        for (Operation const& operation : possible (both.pages ())) {
            history_.push_back (operation);
            if (!explore (depth - 1))
                return false;
            history_.pop_back ();
        }
        return true;
    }

    [[nodiscard]] std::size_t states () const { return seen_.size (); }
    [[nodiscard]] std::vector<Operation> const& history () const { return history_; }

private:
    [[nodiscard]] static std::vector<Where> targets (MapModel::Pages const& present)
    {
        std::vector<Where> result;
        for (unsigned space = 1; space <= spaces; ++space) {
            bool is_empty = true;
            bool tried_empty_page = false;
            for (unsigned page = 0; page < pages; ++page) {
                bool const is_free = !present.contains ({ space, page });
                is_empty &= is_free;
                if (!is_free || !tried_empty_page)
                    result.push_back ({ space, page });
                tried_empty_page |= is_free;
            }
            if (is_empty)
                break;
        }
        return result;
    }

    [[nodiscard]] static std::vector<Operation> possible (MapModel::Pages const& present)
    {
        std::vector<Where> sources { { 0, 0 } };
        for (auto const& [where, page] : present)
            sources.push_back (where);
        std::vector<Operation> result;
        for (Where const from : sources) {
            for (Where const to : targets (present)) {
                if (from.space == to.space)     // a space does not map to itself
                    continue;
                result.push_back ({ Operation::Kind::map, from, to });
                if (from.space != 0)
                    result.push_back ({ Operation::Kind::grant, from, to });
            }
            result.push_back ({ Operation::Kind::unmap_below, from, {} });
            if (from.space != 0)
                result.push_back ({ Operation::Kind::unmap, from, {} });
        }
        return result;
    }

    std::vector<Operation> history_;
    std::set<std::tuple<unsigned, MapModel::Pages, std::vector<Where>>> seen_;
};

/// Random operations of all kinds and both sizes, each compared.
class RandomHistory {
public:
    static constexpr unsigned spaces = 4;
    static constexpr unsigned slots = 2;

    explicit RandomHistory (Random& random, l4::Word frames)
        : both_ { spaces, slots, frames }, random_ { random }
    {
    }

    /// @return whether there was memory for it
    bool step ()
    {
        Where const from = anywhere (random_.one_in (5) ? 0 : 1);
        Where const to = anywhere (1);
        bool const writable = !random_.one_in (4);
        auto const scope = random_.one_in (2) ? MapScope::below : MapScope::self_too;
        auto const action = random_.one_in (4) ? MapAction::make_read_only : MapAction::remove;
        World& world = both_.world;
        switch (random_.below (12)) {
        case 0: world.unmap (from, action, scope); return true;
        case 1: world.unmap_slot (from, action, scope); return true;
        case 2:
        case 3: return from.space == 0 || world.grant (from, to, writable);
        case 4: return from.space == 0 || world.grant_slot (from, to, writable);
        case 5:
        case 6:
        case 7: return world.map_slot (from, to, writable);
        default: return world.map (from, to, writable);
        }
    }

    void unmap_everything ()
    {
        for (unsigned frame = 0; frame < slots * toy::parts; frame += toy::parts)
            both_.world.unmap_slot ({ 0, frame }, MapAction::remove, MapScope::below);
    }

    [[nodiscard]] bool agrees () { return both_.agrees (); }
    [[nodiscard]] bool is_empty () const { return both_.pages ().empty (); }
    [[nodiscard]] kernel::FrameAllocator const& memory () const
    {
        return both_.world.pool.allocator;
    }
    [[nodiscard]] l4::Word charged () const
    {
        l4::Word sum = 0;
        for (auto const& space : both_.world.spaces)
            sum += space.quota.used ();
        return sum;
    }

private:
    Where anywhere (unsigned first_space)
    {
        unsigned const space = first_space == 0 ? 0 : 1 + random_.below (spaces);
        return { space, random_.below (slots * toy::parts) };
    }

    MirroredWorld both_;
    Random& random_;
};

}  // namespace

TEST (MapdbProperty, AllHistoriesOfFourTasksWithThreePagesToDepthSix)
{
    Explorer explorer;
    ASSERT_TRUE (explorer.explore (6)) << testing::PrintToString (explorer.history ());
    std::printf ("%zu states\n", explorer.states ());
}

TEST (MapdbProperty, LongRandomHistoriesWithTwoSizesOfPages)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    for (int run = 0; run < 20; ++run) {
        RandomHistory history { random, 64 };
        for (int step = 0; step < 500; ++step) {
            ASSERT_TRUE (history.step ());
            ASSERT_TRUE (history.agrees ()) << "run " << run << " step " << step;
        }
        history.unmap_everything ();
        ASSERT_TRUE (history.agrees () && history.is_empty ());
        ASSERT_EQ (history.charged (), 0u);
        ASSERT_EQ (history.memory ().free_frames (), history.memory ().total_frames ());
    }
}

TEST (MapdbProperty, ExhaustedMemoryBreaksNothingAndComesBack)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    unsigned refused = 0;
    for (int run = 0; run < 200; ++run) {
        // One frame describes the others. Three are needed for one of each kind of node.
        RandomHistory history { random, 1 + random.below (4) };
        for (int step = 0; step < 40; ++step) {
            refused += history.step () ? 0 : 1;
            ASSERT_TRUE (history.agrees ()) << "run " << run << " step " << step;
        }
        history.unmap_everything ();
        ASSERT_TRUE (history.is_empty ());
        ASSERT_EQ (history.charged (), 0u);
        ASSERT_EQ (history.memory ().free_frames (), history.memory ().total_frames ());
    }
    EXPECT_GT (refused, 0u);
}
