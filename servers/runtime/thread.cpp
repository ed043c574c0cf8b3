// SPDX-License-Identifier: BSD-2-Clause
#include <runtime/thread.hpp>

#include <runtime/exception.hpp>

extern "C" void rt_thread_entry ();

namespace {

/// What a thread of start_thread shall run, at the top of its stack.
struct Start {
    rt::ThreadFunction function;
    void* argument;
};

void run_watched (void* start)
{
    rt::watch_exceptions ();
    Start const& self = *static_cast<Start const*> (start);
    self.function (self.argument);
}

}  // namespace

void* rt::prepare_stack (void* stack_top, ThreadFunction function, void* argument)
{
    Word* const stack = static_cast<Word*> (stack_top) - 2;
    stack[0] = reinterpret_cast<Word> (function);
    stack[1] = reinterpret_cast<Word> (argument);
    return stack;
}

l4::ThreadId rt::start_thread (Word number, void* stack_top, ThreadFunction function,
                               void* argument)
{
    Start* const start = static_cast<Start*> (stack_top) - 1;
    *start = { function, argument };
    void* const stack = prepare_stack (start, run_watched, start);
    lthread_ex_regs (number, reinterpret_cast<Address> (stack),
                     reinterpret_cast<Address> (&rt_thread_entry));
    return myself ().with_lthread (number);
}
