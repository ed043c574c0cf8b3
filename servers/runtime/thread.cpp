// SPDX-License-Identifier: BSD-2-Clause
#include <runtime/thread.hpp>

extern "C" void rt_thread_entry ();

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
    void* const stack = prepare_stack (stack_top, function, argument);
    lthread_ex_regs (number, reinterpret_cast<Address> (stack),
                     reinterpret_cast<Address> (&rt_thread_entry));
    return myself ().with_lthread (number);
}
