// SPDX-License-Identifier: BSD-2-Clause
#include <support/fiber.hpp>

#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>

#include <utility>

Fiber* Fiber::running_;

namespace {

ucontext_t outside;
std::exception_ptr thrown;

// The stack of who called `run`, as the address sanitizer needs it.
void const* outside_bottom;
std::size_t outside_size;

}  // namespace

Fiber::Fiber () : stack_ { std::make_unique<char[]> (stack_size) } {}

/// @param to  null: outside
void Fiber::swap (ucontext_t& from, Fiber* to)
{
    running_ = to;
    void* fake_stack = nullptr;
    __sanitizer_start_switch_fiber (&fake_stack, to != nullptr ? to->stack_.get () : outside_bottom,
                                    to != nullptr ? stack_size : outside_size);
    swapcontext (&from, to != nullptr ? &to->context_ : &outside);
    __sanitizer_finish_switch_fiber (fake_stack, nullptr, nullptr);
}

void Fiber::enter ()
{
    // The very first fiber is entered from outside.
    bool const first = outside_bottom == nullptr;
    __sanitizer_finish_switch_fiber (nullptr, first ? &outside_bottom : nullptr,
                                     first ? &outside_size : nullptr);
    Fiber& self = *running_;
    try {
        self.function_ ();
    } catch (...) {
        thrown = std::current_exception ();
    }
    swap (self.context_, nullptr);
}

void Fiber::restart (std::function<void ()> function)
{
    function_ = std::move (function);
    __asan_unpoison_memory_region (stack_.get (), stack_size);
    getcontext (&context_);
    context_.uc_stack.ss_sp = stack_.get ();
    context_.uc_stack.ss_size = stack_size;
    context_.uc_link = nullptr;
    makecontext (&context_, enter, 0);
}

void Fiber::run ()
{
    swap (outside, this);
    if (thrown != nullptr)
        std::rethrow_exception (std::exchange (thrown, nullptr));
}

void Fiber::switch_to ()
{
    swap (running_->context_, this);
}

void Fiber::leave ()
{
    swap (running_->context_, nullptr);
}
