// SPDX-License-Identifier: BSD-2-Clause
/// @file  The programs that the root task has started.
///
/// Two threads work on this table: the pager and the service thread. Everything here is to be
/// called with `lock` held.
#pragma once

#include <runtime/lock.hpp>

#include "modules.hpp"
#include "policy.hpp"
#include "program_space.hpp"
#include "protocol.hpp"
#include "task_numbers.hpp"

namespace root {

/// Why a program was stopped.
struct Fault {
    FaultKind kind;
    Word words[2];              ///< the page-fault message
};

struct Program {
    /// unused -> running [-> faulted] -> ended -> unused
    enum class State {
        unused,
        running,
        faulted,                ///< waits for the service thread
        ended,                  ///< gone, but the status was not asked for yet
    };

    [[nodiscard]] bool is_alive () const
    {
        return state == State::running || state == State::faulted;
    }
    /// Whether the task is the program's own or one of those handed over to it.
    [[nodiscard]] bool has_task (Word task) const
    {
        return task >= group.first && task < group.first + group.count;
    }
    [[nodiscard]] std::string_view name () const { return { name_text, name_length }; }

    static constexpr std::size_t name_capacity = rt::Name::capacity;

    State state { State::unused };
    bool detached { false };            ///< nobody waits
    l4::ThreadId id {};
    Word parent { 0 };                  ///< task number of who started it
    Word profile { 0 };                 ///< as in StartFlags
    l4::ThreadId waiter {};             ///< nil: nobody waits
    Word status { 0 };
    TaskNumbers::Group group {};
    Rights rights {};
    ProgramSpace space {};
    rt::InfoPage* info { nullptr };     ///< in one of its frames
    Fault fault {};
    std::size_t name_length { 0 };
    char name_text[name_capacity] {};
};

/// Everything that starting a program takes.
struct StartOrder {
    Module module;
    CommandLine line;
    Rights rights;
    Word parent;                        ///< task number
    l4::ThreadId console;               ///< whom it may print to
    bool detached;
    Word profile;                       ///< as in StartFlags
};

class Programs {
public:
    static constexpr std::size_t capacity = 24;

    explicit constexpr Programs (Frames& frames) : frames_ { frames } {}

    /// The program of this task that is alive; nullptr if there is none.
    [[nodiscard]] Program* find_alive (Word task);
    [[nodiscard]] Program* find_alive (std::string_view name);

    /// The program of this task, alive or ended.
    [[nodiscard]] Program* find (Word task);

    /// The living program that owns this task number.
    [[nodiscard]] Program* find_owner (Word task);

    /// A living program that `task` has started and not detached.
    [[nodiscard]] Program* find_child (Word task);

    /// Living program number `index`.
    [[nodiscard]] Program* find_index (Word index);

    [[nodiscard]] StartResult start (StartOrder const& order);

    /// End a program that is alive: its task goes, its frames are free again.
    void end (Program& program, Word status);

    /// A program that is in state `faulted`; nullptr if there is none.
    [[nodiscard]] Program* find_faulted ();

    [[nodiscard]] Frames& frames () { return frames_; }

    rt::Lock lock {};

private:
    [[nodiscard]] Program* find_unused ();
    void forget_status (Word task);
    [[nodiscard]] StartError build (Program& program, Module const& module, Address& entry);
    void fill_info_page (Program& program, StartOrder const& order);
    [[nodiscard]] bool create_task (Program& program, Address entry);
    void hand_over_tasks (Program& program);

    template <typename Condition>
    [[nodiscard]] Program* find_if (Condition condition)
    {
        for (Program& program : programs_)
            if (condition (program))
                return &program;
        return nullptr;
    }

    Frames& frames_;
    TaskNumbers numbers_ {};
    std::array<Program, capacity> programs_ {};
};

}  // namespace root
