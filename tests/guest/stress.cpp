// SPDX-License-Identifier: BSD-2-Clause
/// @file  Many threads doing arbitrary things at once, with the books balanced at the end.
#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/random.hpp>
#include <framework/selection.hpp>

using namespace guest;

namespace {

constexpr unsigned players = 8;
constexpr unsigned moves = 250;

/// What every player has done to every other. One writer per row, read when all have stopped.
struct Game {
    l4::ThreadId ids[players] {};
    unsigned sent[players][players] {};             ///< from, to
    unsigned received[players][players] {};         ///< by, from
    unsigned corrupt[players] {};
    unsigned unexpected[players] {};
    bool volatile started { false };
};

/// One thread of the game.
class Player {
public:
    Player () = default;
    Player (Game& game, unsigned number) : game_ { &game }, number_ { number } {}

    static void play (void* argument) { static_cast<Player*> (argument)->run (); }

private:
    void run ()
    {
        while (!game_->started)
            sleep_milliseconds (1);
        Random random { 77 + number_ + players * selection.seed };
        for (unsigned move = 0; move < moves * selection.times; ++move)
            make (random);
    }

    void make (Random& random)
    {
        constexpr l4::Timeout patience[] = { { 1, 0 }, { 1, 0 }, { 14, 250 }, { 13, 200 } };
        unsigned const other = random.below (players);
        bool const sends = random.below (2) == 0;
        bool const receives = !sends || random.below (2) == 0;
        bool const open = random.below (2) == 0;
        auto const receive = l4::ReceiveDescriptor::registers ();
        rt::IpcResult const r = rt::ipc (
            sends ? l4::SendDescriptor::registers () : l4::SendDescriptor::nil (),
            !receives ? l4::ReceiveDescriptor::nil () : open ? receive.open () : receive,
            game_->ids[other], { random.pick (patience), random.pick (patience) }, number_, ~other);
        book (r, other, sends, receives);
    }

    /// A receive code says that the send phase, if there was one, succeeded.
    void book (rt::IpcResult const& r, unsigned other, bool sends, bool receives)
    {
        auto const error = static_cast<l4::IpcError> (r.dope.error ());
        bool const self = other == number_;
        if (error == l4::IpcError::not_existent && sends && self)
            return;
        if (error != l4::IpcError::none && error != l4::IpcError::receive_timeout
            && error != l4::IpcError::send_timeout)
            ++game_->unexpected[number_];
        if (sends && error != l4::IpcError::send_timeout)
            ++game_->sent[number_][other];
        if (!receives || error != l4::IpcError::none)
            return;
        unsigned const from = r.w0;
        if (from >= players || r.source != game_->ids[from] || ~r.w1 != number_)
            ++game_->corrupt[number_];
        else
            ++game_->received[number_][from];
    }

    Game* game_ { nullptr };
    unsigned number_ { 0 };
};

}  // namespace

TEST_CASE ("STS-001", "eight threads send and receive at random; every message arrives once",
           "V2-008 V2-065 V2-075 V2-114")
{
    Game game;
    Player roster[players];
    Partner* partners[players];
    for (unsigned i = 0; i < players; ++i) {
        roster[i] = { game, i };
        partners[i] = i % 2 == 0
                          ? &start_partner (Player::play, &roster[i])
                          : &partner_task (i / 2 % 2).start (Player::play, &roster[i]);
        game.ids[i] = partners[i]->id ();
    }
    game.started = true;
    for (Partner* partner : partners)
        REQUIRE (partner->finish (10000 * selection.times));
    unsigned messages = 0;
    for (unsigned from = 0; from < players; ++from) {
        CHECK_EQUAL (game.corrupt[from], 0u);
        CHECK_EQUAL (game.unexpected[from], 0u);
        for (unsigned to = 0; to < players; ++to) {
            CHECK_EQUAL (game.received[to][from], game.sent[from][to]);
            messages += game.sent[from][to];
        }
    }
    CHECK (messages > players * moves / 20 * selection.times);
}

TEST_CASE ("STS-002", "threads that are sent elsewhere in the middle of anything go there",
           "V2-088 V2-096 V2-228")
{
    constexpr unsigned victims = 4;
    struct Victim {
        l4::ThreadId peer;
        unsigned volatile runs { 0 };
    } states[victims];
    auto const talk = [] (void* argument) {
        auto& self = *static_cast<Victim*> (argument);
        self.runs = self.runs + 1;
        for (;;) {
            static_cast<void> (rt::call (self.peer, { 1, 2 }, within (2)));
            static_cast<void> (rt::wait (within (1)));
        }
    };
    Partner* partners[victims];
    for (unsigned i = 0; i < victims; ++i)
        partners[i] = &start_partner (talk, &states[i]);
    for (unsigned i = 0; i < victims; ++i)
        states[i].peer = partners[(i + 1) % victims]->id ();
    Random random { 4711 + selection.seed };
    unsigned const rounds = 300 * selection.times;
    for (unsigned round = 0; round < rounds; ++round) {
        partners[random.below (victims)]->restart ();
        rt::thread_switch (l4::ThreadId::nil ());
        if (round % 16 == 0)
            sleep_milliseconds (1);
    }
    settle ();
    unsigned runs = 0;
    for (Victim const& state : states)
        runs += state.runs;
    CHECK (runs >= victims + rounds / 4);
    for (Partner* partner : partners)
        partner->release ();
    CHECK_EQUAL (rt::wait (no_waiting).dope.raw (), l4::IpcError::receive_timeout);
}

TEST_CASE ("STS-003", "a thread sent elsewhere before it could run never runs what it was to run",
           "V2-088 V2-228")
{
    constexpr unsigned rounds = 1500;
    unsigned volatile runs = 0;
    auto const run = [] (void* argument) {
        auto& count = *static_cast<unsigned volatile*> (argument);
        count = count + 1;
    };
    constexpr l4::ScheduleParameter read_only { l4::unchanged };
    l4::ScheduleParameter const own = rt::thread_schedule (rt::myself (), read_only).old;
    l4::ThreadId raised;
    unsigned wrong = 0;
    for (unsigned round = 0; round < rounds; ++round) {
        runs = 0;
        Partner& partner = partner_task ().start (run, const_cast<unsigned*> (&runs));
        raised = partner.id ();
        // From now on each tick lets it run, wherever in the round it comes.
        rt::thread_schedule (raised, { own.priority () + 1, own.slice () });
        if (!partner.finish () || runs != 1)
            ++wrong;
        partner.release ();
    }
    rt::thread_schedule (raised, own);
    CHECK_EQUAL (wrong, 0u);
}
