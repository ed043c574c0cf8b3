// SPDX-License-Identifier: BSD-2-Clause
/// @file  Processes: each one L4 task with one thread, in the clan of the server.
#pragma once

#include <array>
#include <utility>

#include <l4/thread_id.hpp>

#include "../io/descriptors.hpp"
#include "../signal/signals.hpp"
#include "../trap/call_page.hpp"
#include "address_space.hpp"
#include "time.hpp"
#include "wait_queue.hpp"

namespace unix_server {

/// What a call that could not be done at once keeps from one try to the next.
struct PendingCall {
    bool is_tried { false };        ///< at least once
    Word done { 0 };                ///< so far, as the call counts
    Time deadline { never };        ///< it is tried again then
    OpenFile* file { nullptr };     ///< that it is opening: a fifo
};

struct Process {
    /// unused -> running <-> waiting, held; -> zombie -> unused
    enum class State {
        unused,
        running,
        waiting,                    ///< its call is tried again when a queue is woken
        held,                       ///< its call is done, but it was stopped before the answer
        zombie,                     ///< ended, but the parent has not asked for its status
    };

    [[nodiscard]] bool is_alive () const
    {
        return state != State::unused && state != State::zombie;
    }
    [[nodiscard]] CallPage& call_page () const { return *reinterpret_cast<CallPage*> (call_frame); }

    State state { State::unused };
    Word pid { 0 };
    Word parent { 0 };              ///< pid
    Word group { 0 };
    Word session { 0 };
    bool holds_parent { false };    ///< which waits in vfork
    bool has_executed { false };    ///< execve, since it was forked
    std::array<char, 16> name {};   ///< for prctl
    l4::ThreadId thread {};
    AddressSpace space {};
    Address call_frame { 0 };
    CallPage trap {};               ///< what the call page held when the process trapped
    PendingCall pending {};
    Descriptors descriptors {};
    Node* directory { nullptr };    ///< where its relative paths begin
    Word creation_mask { 0 };       ///< umask
    WaitQueue children {};          ///< itself, when it waits for their ends
    Address heap_begin { 0 };
    Address heap_end { 0 };
    Word status { 0 };              ///< as wait4 tells it

    Signals signals {};
    bool is_stopped { false };      ///< while waiting or held: a signal lets it go on
    Time alarm { never };           ///< sends SIGALRM
    Time alarm_interval { 0 };      ///< 0: once
    Time used { 0 };                ///< processor time, when it has ended
    Time children_used { 0 };       ///< of those that were waited for, with all of theirs
    Word news { 0 };                ///< what wait4 has to tell of a stop, or of its end; or 0
    bool has_floating_point { false };  ///< that state is in the call page, not in the processor
    Word last_answer { answer_plain };
};

/// wait4's form of the two ways to end.
[[nodiscard]] constexpr Word exited (Word status) { return (status & 0xFF) << 8; }
[[nodiscard]] constexpr Word ended_by (Signal signal) { return static_cast<Word> (signal); }
[[nodiscard]] constexpr Word stopped_by (Signal signal)
{
    return static_cast<Word> (signal) << 8 | 0x7F;
}
constexpr Word has_continued = 0xFFFF;
/// What a shell makes of that.
[[nodiscard]] constexpr Word shell_status (Word status)
{
    return (status & 0x7F) == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F);
}

static_assert (shell_status (exited (7)) == 7 && shell_status (ended_by (Signal::kill)) == 137);

/// Parent of the first process and of those whose parents have ended: the server, which has no
/// use for their status.
constexpr Word init_pid = 1;
/// The first process; when it ends, so does the server.
constexpr Word first_pid = 2;

class Processes {
public:
    static constexpr std::size_t capacity = ProcessSet::capacity;

    /// A process with an empty space and a call page, without a task, alone in its group and
    /// session. nullptr: no room, no memory
    [[nodiscard]] Process* create (Word parent, Frames& frames);
    /// Start its task: it loads its registers from its call page. @return false: refused
    [[nodiscard]] bool start (Process& process);

    /// End its task and give back its memory; its status is kept, its children go to init, which
    /// forgets those that have ended.
    void end (Process& process, Word status, Frames& frames);
    /// Forget the status, too.
    void forget (Process& process) { process = {}; }

    [[nodiscard]] Process* find_thread (l4::ThreadId thread)
    {
        return find_if ([thread] (Process const& process) {
            return process.is_alive () && process.thread.same_task (thread);
        });
    }
    [[nodiscard]] Process* find_alive (Word pid)
    {
        return find_if ([pid] (Process const& process) {
            return process.is_alive () && process.pid == pid;
        });
    }

    template <typename Function>
    void for_each_alive (Function function)
    {
        for (Process& process : processes_)
            if (process.is_alive ())
                function (process);
    }

    template <typename Condition>
    [[nodiscard]] Process* find_if (Condition condition)
    {
        for (Process& process : processes_)
            if (process.state != Process::State::unused && condition (std::as_const (process)))
                return &process;
        return nullptr;
    }

    /// Its place in the table, which is its task's number, too.
    [[nodiscard]] Word place_of (Process const& process) const
    {
        return static_cast<Word> (&process - processes_.data ());
    }
    [[nodiscard]] Process& at (Word place) { return processes_[place]; }

private:

    std::array<Process, capacity> processes_ {};
    Word last_pid_ { init_pid };
};

}  // namespace unix_server
