// SPDX-License-Identifier: BSD-2-Clause
/// @file  A function with a stack of its own, for code that blocks by switching stacks.
///
/// The test itself is not a fiber: `run` lets one go on until it calls `Fiber::leave` or ends, and
/// `switch_to` goes from one to another directly.
#pragma once

#include <ucontext.h>

#include <exception>
#include <functional>
#include <memory>

class Fiber {
public:
    Fiber ();
    Fiber (Fiber const&) = delete;
    Fiber& operator= (Fiber const&) = delete;

    /// Forget where it was; it will begin with `function`.
    void restart (std::function<void ()> function);

    /// From outside: let it go on. Returns when the fiber that then runs leaves or ends.
    /// @throw what the fiber threw
    void run ();

    /// From a fiber: let this one go on instead.
    void switch_to ();

    /// From a fiber: back to who called `run`.
    static void leave ();

    /// Of the fibers, the one that runs; null outside.
    [[nodiscard]] static Fiber* running () { return running_; }

private:
    static constexpr std::size_t stack_size = 64 * 1024;

    static void enter ();
    static void swap (ucontext_t& from, Fiber* to);

    static Fiber* running_;

    std::unique_ptr<char[]> stack_;
    ucontext_t context_ {};
    std::function<void ()> function_;
};
