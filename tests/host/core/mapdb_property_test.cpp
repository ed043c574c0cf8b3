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
    bool is_super { false };        ///< of 4 MB
    bool writable { true };         ///< with unmap: remove it, not only the right to write

    friend std::ostream& operator<< (std::ostream& out, Operation const& o)
    {
        char const* const names[] { "map", "grant", "unmap below", "unmap" };
        return out << names[static_cast<int> (o.kind)] << (o.is_super ? " 4 MB " : " ")
                   << (o.writable ? "" : "read-only ") << o.from.space << '.' << o.from.page
                   << " to " << o.to.space << '.' << o.to.page;
    }

    void apply (World& world) const
    {
        auto const action = writable ? MapAction::remove : MapAction::make_read_only;
        auto const scope = kind == Kind::unmap ? MapScope::self_too : MapScope::below;
        switch (kind) {
        case Kind::map:
            is_super ? world.map_slot (from, to, writable) : world.map (from, to, writable);
            break;
        case Kind::grant:
            is_super ? world.grant_slot (from, to, writable) : world.grant (from, to, writable);
            break;
        case Kind::unmap_below:
        case Kind::unmap:
            is_super ? world.unmap_slot (from, action, scope) : world.unmap (from, action, scope);
            break;
        }
    }
};

/// Walks through all histories of a number of operations on one region, each state once: pages,
/// parents, and the order in which the database lists them.
/// @tparam Moves  how many spaces, and which operations are possible in a state
template <typename Moves>
class Explorer {
public:
    /// @return false at the first difference from the model
    bool explore (unsigned depth)
    {
        MirroredWorld both { Moves::spaces, 1, Moves::frames };
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
        for (Operation const& operation : Moves::possible (both.pages ())) {
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
    std::vector<Operation> history_;
    std::set<std::tuple<unsigned, MapModel::Pages, std::vector<Where>>> seen_;
};

/// One frame in spaces of three pages. Spaces that have nothing are alike, and so are the empty
/// pages of one space, so only the first of those is tried as a target.
struct SmallPages {
    static constexpr unsigned spaces = 4;
    static constexpr unsigned pages = 3;
    static constexpr unsigned frames = 8;

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
};

/// One 4 MB page, as a whole and by 4 KB: its first two parts, which stay where they are in it.
struct BothSizes {
    static constexpr unsigned spaces = 3;
    static constexpr unsigned frames = 16;

    [[nodiscard]] static bool has (MapModel::Pages const& present, unsigned space)
    {
        auto const first = present.lower_bound ({ space, 0 });
        return first != present.end () && first->first.space == space;
    }

    /// What can be done with `from`, alone and with each other space.
    static void add (std::vector<Operation>& result, MapModel::Pages const& present, Where from,
                     bool is_super)
    {
        using Kind = Operation::Kind;
        bool tried_empty_space = false;
        for (unsigned space = 1; space <= spaces && !tried_empty_space; ++space) {
            tried_empty_space = !has (present, space);
            if (space == from.space)
                continue;
            Where const to { space, from.page };
            result.push_back ({ Kind::map, from, to, is_super });
            result.push_back ({ Kind::map, from, to, is_super, false });
            if (from.space != 0)
                result.push_back ({ Kind::grant, from, to, is_super });
        }
        for (bool const remove : { true, false }) {
            result.push_back ({ Kind::unmap_below, from, {}, is_super, remove });
            if (from.space != 0)
                result.push_back ({ Kind::unmap, from, {}, is_super, remove });
        }
    }

    [[nodiscard]] static std::vector<Operation> possible (MapModel::Pages const& present)
    {
        std::vector<Operation> result;
        for (unsigned space = 0; space <= spaces; ++space) {
            if (space != 0 && !has (present, space))
                continue;
            add (result, present, { space, 0 }, true);
            for (unsigned part = 0; part < 2; ++part)
                if (space == 0 || present.contains ({ space, part }))
                    add (result, present, { space, part }, false);
        }
        return result;
    }
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
    Explorer<SmallPages> explorer;
    ASSERT_TRUE (explorer.explore (6)) << testing::PrintToString (explorer.history ());
    std::printf ("%zu states\n", explorer.states ());
}

TEST (MapdbProperty, AllHistoriesOfThreeTasksWithBothSizesToDepthFour)
{
    Explorer<BothSizes> explorer;
    ASSERT_TRUE (explorer.explore (4)) << testing::PrintToString (explorer.history ());
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
