// SPDX-License-Identifier: BSD-2-Clause
/// @file  What an ipc does, as a table of four threads: docs/abi.md, chapter 6, without timing,
///        buffers and borders. The reference for the kernel's rendezvous.
///
/// A thread that the kernel has made ready runs when it is its turn: until then others may act.
/// So "its ipc is over" and "it is in user mode" are different phases here.
#pragma once

#include <l4/ipc.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace rendezvous {

using l4::IpcError;

constexpr int threads = 4;
constexpr int nobody = -1;
constexpr int anybody = threads;

/// The parameters of an ipc. A long message takes the sender some turns.
struct Request {
    int to { nobody };
    bool is_long { false };
    int from { nobody };
    bool waits_to_send { true };        ///< finite timeouts; false: zero
    bool waits_to_receive { true };
};

/// What the thread gets to know.
struct Result {
    IpcError code { IpcError::none };
    int source { nobody };
    unsigned word { 0 };

    friend bool operator== (Result const&, Result const&) = default;
};

enum class Phase {
    user,
    done,               ///< ready to leave with its result
    receives,           ///< ready to enter its receive phase: somebody is pending
    transfers,          ///< ready to begin with its long message
    copies,             ///< in the middle of it
    locked,             ///< its partner transfers to it
    pending,
    waiting,
    gone,
};

struct Thread {
    Phase phase { Phase::user };
    Request request {};
    int partner { nobody };             ///< of the transfer
    unsigned word { 0 };                ///< that it sends
    bool has_rested { false };          ///< on its way to receive or transfer, let interrupts in
    Result result {};
};

struct Step {
    enum class Kind { ipc, run, expire, cancel, remove, create } kind;
    int thread;
    Request request {};
};

class Model {
public:
    Thread thread[threads];
    std::vector<int> queue[threads];    ///< who is pending at it, in order

    [[nodiscard]] bool allows (Step const& step) const
    {
        Thread const& t = thread[step.thread];
        switch (step.kind) {
        case Step::Kind::ipc: return t.phase == Phase::user;
        case Step::Kind::run:
            return t.phase == Phase::done || t.phase == Phase::receives
                   || t.phase == Phase::transfers || t.phase == Phase::copies;
        case Step::Kind::expire: return has_timeout (step.thread);
        case Step::Kind::cancel: return t.phase != Phase::user && t.phase != Phase::gone;
        case Step::Kind::remove: return t.phase != Phase::gone;
        case Step::Kind::create: return t.phase == Phase::gone;
        }
        return false;
    }

    /// @param word  what the thread sends in an ipc
    void apply (Step const& step, unsigned word)
    {
        int const self = step.thread;
        switch (step.kind) {
        case Step::Kind::ipc:
            thread[self] = { .request = step.request, .word = word };
            begin (self);
            break;
        case Step::Kind::run: run (self); break;
        case Step::Kind::expire:
            finish (self, thread[self].phase == Phase::pending ? IpcError::send_timeout
                                                               : IpcError::receive_timeout);
            break;
        case Step::Kind::cancel: cancel (self); break;
        case Step::Kind::remove: remove (self); break;
        case Step::Kind::create: thread[self] = {}; break;
        }
    }

    /// Blocked with a timeout that may pass.
    [[nodiscard]] bool has_timeout (int t) const
    {
        return thread[t].phase == Phase::pending || thread[t].phase == Phase::waiting;
    }

    /// The same for all states that differ only in the names of the threads and in the words.
    [[nodiscard]] std::string text () const
    {
        Names names { 0, 1, 2, 3 };
        std::string least = text (names);
        while (std::next_permutation (names.begin (), names.end ()))
            least = std::min (least, text (names));
        return least;
    }

private:
    [[nodiscard]] bool exists (int t) const { return thread[t].phase != Phase::gone; }

    /// In a receive phase, blocked, that `sender` can end.
    [[nodiscard]] bool waits_for (int t, int sender) const
    {
        int const from = thread[t].request.from;
        return thread[t].phase == Phase::waiting && (from == anybody || from == sender);
    }

    void finish (int t, IpcError code)
    {
        leave_queue (t);
        thread[t].phase = Phase::done;
        thread[t].result = { code };
        thread[t].partner = nobody;
        thread[t].has_rested = false;
    }

    void leave_queue (int t)
    {
        for (auto& q : queue)
            std::erase (q, t);
    }

    /// A message reaches `receiver`. The sender's next phase is up to others.
    void arrive (int sender, int receiver)
    {
        thread[receiver].phase = Phase::done;
        thread[receiver].result = { IpcError::none, sender, thread[sender].word };
        thread[receiver].partner = nobody;
        thread[sender].partner = nobody;
    }

    /// The first of those pending at `t` that it accepts.
    [[nodiscard]] int acceptable (int t) const
    {
        int const from = thread[t].request.from;
        for (int const sender : queue[t])
            if (from == anybody || from == sender)
                return sender;
        return nobody;
    }

    [[nodiscard]] bool can_receive (int t)
    {
        int const from = thread[t].request.from;
        if (from != anybody && !exists (from)) {
            finish (t, IpcError::not_existent);
            return false;
        }
        return true;
    }

    void wait (int t)
    {
        if (thread[t].request.waits_to_receive)
            thread[t].phase = Phase::waiting;
        else
            finish (t, IpcError::receive_timeout);
    }

    /// `t` has sent, and may not be the one who runs.
    void after_send (int t)
    {
        if (thread[t].request.from == nobody)
            finish (t, IpcError::none);
        else if (can_receive (t)) {
            if (acceptable (t) != nobody)
                thread[t].phase = Phase::receives;
            else
                wait (t);
        }
    }

    /// `self` runs: it leaves as soon as its ipc is over.
    void to_user (int self)
    {
        if (thread[self].phase == Phase::done)
            thread[self].phase = Phase::user;
    }

    void begin (int self)
    {
        if (thread[self].request.to != nobody) {
            if (!send (self))
                return;
        } else {
            receive (self);
        }
        to_user (self);
    }

    /// @return whether `self` goes on
    [[nodiscard]] bool send (int self)
    {
        Request const& request = thread[self].request;
        if (request.to == self || !exists (request.to)) {
            finish (self, IpcError::not_existent);
        } else if (waits_for (request.to, self)) {
            if (request.is_long)
                tie (self, request.to, Phase::copies);
            else
                hand_over (self, request.to);
            return false;
        } else if (!request.waits_to_send) {
            finish (self, IpcError::send_timeout);
        } else {
            thread[self].phase = Phase::pending;
            queue[request.to].push_back (self);
        }
        return true;
    }

    /// The receiver runs at once. The sender stays in the kernel, even if its ipc is over.
    void hand_over (int self, int receiver)
    {
        arrive (self, receiver);
        after_send (self);
        to_user (receiver);
    }

    void receive (int self)
    {
        if (!can_receive (self))
            return;
        int const sender = acceptable (self);
        if (sender == nobody)
            return wait (self);
        leave_queue (sender);
        if (thread[sender].request.is_long)
            return tie (sender, self, Phase::transfers);
        arrive (sender, self);
        after_send (sender);
    }

    void tie (int sender, int receiver, Phase phase)
    {
        thread[sender].phase = phase;
        thread[sender].partner = receiver;
        thread[receiver].phase = Phase::locked;
        thread[receiver].partner = sender;
    }

    /// What is left to do is done when it runs once more.
    [[nodiscard]] bool rests (int self)
    {
        bool& has_rested = thread[self].has_rested;
        has_rested = !has_rested;
        return has_rested;
    }

    void run (int self)
    {
        switch (thread[self].phase) {
        case Phase::receives:
            if (rests (self))
                return;
            receive (self);
            to_user (self);
            break;
        case Phase::transfers:
            if (rests (self))
                return;
            thread[self].phase = Phase::copies;
            thread[self].has_rested = true;
            break;
        case Phase::copies:             // before it begins, and when all is copied
            if (!rests (self))
                hand_over (self, thread[self].partner);
            break;
        default: to_user (self);
        }
    }

    [[nodiscard]] IpcError abort_code (int t) const
    {
        return thread[t].phase == Phase::locked ? IpcError::receive_aborted
                                                : IpcError::send_aborted;
    }

    /// End the transfer that `t` is in, for both.
    void abort (int t)
    {
        int const other = thread[t].partner;
        IpcError const own_code = abort_code (t);
        finish (other, abort_code (other));
        finish (t, own_code);
    }

    void cancel (int t)
    {
        switch (thread[t].phase) {
        case Phase::pending: return finish (t, IpcError::send_cancelled);
        case Phase::waiting:
        case Phase::receives: return finish (t, IpcError::receive_cancelled);
        case Phase::transfers:
        case Phase::copies:
        case Phase::locked: return abort (t);
        default: return;
        }
    }

    void remove (int t)
    {
        if (thread[t].partner != nobody)
            abort (t);
        leave_queue (t);
        thread[t] = { .phase = Phase::gone };
        for (int const sender : std::vector<int> (queue[t]))
            finish (sender, IpcError::not_existent);
    }

    using Names = std::array<int, threads>;

    /// The state with thread i named as `names[i]`.
    [[nodiscard]] std::string text (Names const& names) const
    {
        std::string all;
        all.reserve (64);
        for (int place = 0; place < threads; ++place)
            for (int t = 0; t < threads; ++t)
                if (names[static_cast<unsigned> (t)] == place)
                    append (all, t, names);
        return all;
    }

    /// What of a thread's state can make a difference later.
    void append (std::string& all, int t, Names const& names) const
    {
        auto const name = [&] (int n) {
            all += n == nobody    ? '-'
                   : n == anybody ? '*'
                                  : static_cast<char> ('0' + names[static_cast<unsigned> (n)]);
        };
        Thread const& self = thread[t];
        Request const& request = self.request;
        all += static_cast<char> ('a' + static_cast<int> (self.phase));
        if (self.phase == Phase::done) {
            all += static_cast<char> ('A' + (static_cast<unsigned> (self.result.code) >> 4));
            name (self.result.source);
        } else if (self.phase == Phase::waiting) {
            name (request.from);
        } else if (self.phase != Phase::user && self.phase != Phase::gone) {
            name (self.partner);
            name (request.to);
            name (request.from);
            all += request.is_long ? 'L' : 's';
            all += request.waits_to_receive ? 'w' : 'z';
            all += self.has_rested ? 'r' : '-';
        }
        for (int const sender : queue[t])
            name (sender);
        all += '|';
    }
};

}  // namespace rendezvous
