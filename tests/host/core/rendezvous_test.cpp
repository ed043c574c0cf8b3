// SPDX-License-Identifier: BSD-2-Clause
/// @file  The rendezvous against the model: every state of four threads within six steps, and
///        long random walks.
#include "rendezvous_world.hpp"

#include <support/random.hpp>

#include <gtest/gtest.h>

#include <ostream>
#include <set>

namespace rendezvous {

namespace {

using History = std::vector<Step>;

std::ostream& operator<< (std::ostream& out, Step const& step)
{
    char const* const names[] { "ipc", "run", "expire", "cancel", "remove", "create" };
    out << step.thread << ' ' << names[static_cast<int> (step.kind)];
    Request const& r = step.request;
    if (r.to != nobody)
        out << (r.is_long ? " long to " : " to ") << r.to << (r.waits_to_send ? "" : " at once");
    if (r.from == anybody)
        out << " from anybody";
    else if (r.from != nobody)
        out << " from " << r.from;
    return out << (r.from != nobody && !r.waits_to_receive ? " at once" : "");
}

std::string text (History const& history)
{
    std::ostringstream out;
    for (Step const& step : history)
        out << step << '\n';
    return out.str ();
}

/// What `thread` can ask for: one form of each kind.
std::vector<Request> main_requests (int thread)
{
    std::vector<Request> all { { .from = anybody } };
    for (int other = 0; other < threads; ++other) {
        if (other == thread)
            continue;
        all.push_back ({ .to = other });
        all.push_back ({ .from = other });
        all.push_back ({ .to = other, .from = other });
        all.push_back ({ .to = other, .from = anybody, .waits_to_send = false });
        all.push_back ({ .to = other, .is_long = true });
        all.push_back ({ .to = other, .is_long = true, .from = other });
    }
    return all;
}

/// The other forms.
std::vector<Request> more_requests (int thread)
{
    std::vector<Request> all { { .to = thread }, { .from = anybody, .waits_to_receive = false } };
    for (int other = 0; other < threads; ++other) {
        if (other == thread)
            continue;
        all.push_back ({ .to = other, .waits_to_send = false });
        all.push_back ({ .from = other, .waits_to_receive = false });
        all.push_back ({ .to = other, .from = other, .waits_to_receive = false });
        all.push_back ({ .to = other, .from = anybody });
        all.push_back ({ .to = other, .is_long = true, .from = anybody });
        all.push_back ({ .to = other, .is_long = true, .waits_to_send = false });
    }
    return all;
}

std::vector<Step> main_steps ()
{
    std::vector<Step> all;
    for (int thread = 0; thread < threads; ++thread) {
        for (Request const& request : main_requests (thread))
            all.push_back ({ Step::Kind::ipc, thread, request });
        for (auto kind : { Step::Kind::run, Step::Kind::expire, Step::Kind::cancel,
                           Step::Kind::remove })
            all.push_back ({ kind, thread });
    }
    return all;
}

std::vector<Step> all_steps ()
{
    std::vector<Step> all = main_steps ();
    for (int thread = 0; thread < threads; ++thread) {
        for (Request const& request : more_requests (thread))
            all.push_back ({ Step::Kind::ipc, thread, request });
        all.push_back ({ Step::Kind::create, thread });
    }
    return all;
}

/// Makes steps in model and kernel.
class Pair {
public:
    void replay (History const& history)
    {
        world_.reset ();
        model = Model {};
        word_ = 0;
        for (Step const& step : history)
            make (step);
    }

    void make (Step const& step)
    {
        ++word_;
        model.apply (step, word_);
        world_.apply (step, word_);
    }

    [[nodiscard]] std::string difference () const { return world_.difference (model); }

    Model model;

private:
    World world_;
    unsigned word_ { 0 };
};

/// Walks through all states, each by one shortest history, and makes each step in each.
/// Threads are alike until they do something, so they come into play in the order of their numbers.
class Explorer {
public:
    void explore (unsigned depth)
    {
        std::vector<Node> level { Node {} };
        seen_.insert (Model {}.text ());
        for (unsigned n = 0; n < depth && !testing::Test::HasFailure (); ++n) {
            next_.clear ();
            for (Node const& node : level)
                make_all_steps (node, n + 1 < depth);
            level.swap (next_);
        }
    }

    [[nodiscard]] std::size_t states () const { return seen_.size (); }
    [[nodiscard]] std::size_t steps () const { return made_; }

private:
    struct Node {
        History history {};
        Model model {};
        int players { 0 };          ///< threads that came into play
    };

    void make_all_steps (Node const& node, bool goes_on)
    {
        for (Step const& step : steps_) {
            int const players = players_with (step, node.players);
            if (players > threads || !node.model.allows (step))
                continue;
            Node longer { node.history, node.model, players };
            longer.history.push_back (step);
            pair_.replay (longer.history);
            ++made_;
            ASSERT_EQ (pair_.difference (), "") << text (longer.history);
            longer.model = pair_.model;
            if (goes_on && seen_.insert (longer.model.text ()).second)
                next_.push_back (std::move (longer));
        }
    }

    /// @return how many are in play after `step`; more than there are if it is not their turn
    [[nodiscard]] static int players_with (Step const& step, int players)
    {
        for (int const thread : { step.thread, step.request.to, step.request.from }) {
            if (thread > players && thread != anybody)
                return threads + 1;
            if (thread == players)
                ++players;
        }
        return players;
    }

    std::vector<Step> const steps_ { main_steps () };
    std::set<std::string> seen_;
    std::vector<Node> next_;
    std::size_t made_ { 0 };
    Pair pair_;
};

}  // namespace

TEST (Rendezvous, AgreesWithTheModelInEveryStateWithinSixSteps)
{
    Explorer explorer;
    explorer.explore (6);
    std::printf ("%zu states, %zu steps\n", explorer.states (), explorer.steps ());
    EXPECT_GT (explorer.states (), 10000u);
}

TEST (Rendezvous, AgreesWithTheModelOnLongRandomWalks)
{
    Random random;
    std::vector<Step> const steps = all_steps ();
    Pair pair;
    for (unsigned walk = 0; walk < 100; ++walk) {
        History history;
        pair.replay (history);
        while (history.size () < 1000) {
            Step const& step = steps[random.below (static_cast<std::uint32_t> (steps.size ()))];
            // Deletions are rare, or nobody would be left to talk to.
            bool const is_rare = step.kind == Step::Kind::remove && !random.one_in (8);
            if (is_rare || !pair.model.allows (step))
                continue;
            history.push_back (step);
            pair.make (step);
            ASSERT_EQ (pair.difference (), "") << random.replay () << '\n' << text (history);
        }
    }
}

}  // namespace rendezvous
