// SPDX-License-Identifier: BSD-2-Clause
#include "thread_start.hpp"

extern "C" void rt_thread_entry ();

namespace guest {

namespace {

/// An instruction pointer, not called by anybody.
[[noreturn]] void sleep () { rt::sleep_forever (); }

}  // namespace

Address prepare_stack (Word* stack_top, PartnerFunction function, void* argument)
{
    stack_top[-2] = reinterpret_cast<Word> (function);
    stack_top[-1] = reinterpret_cast<Word> (argument);
    return reinterpret_cast<Address> (stack_top - 2);
}

Address thread_entry ()
{
    return reinterpret_cast<Address> (&rt_thread_entry);
}

void park_at (Word lthread, Word* stack_top, l4::ThreadId pager)
{
    constexpr std::size_t kept_free = 8;        // words
    rt::lthread_ex_regs (lthread, reinterpret_cast<Address> (stack_top - kept_free),
                         reinterpret_cast<Address> (&sleep), pager);
}

void start_at (Word lthread, Word* stack_top, PartnerFunction function, void* argument,
               l4::ThreadId pager)
{
    rt::lthread_ex_regs (lthread, prepare_stack (stack_top, function, argument), thread_entry (),
                         pager);
}

}  // namespace guest
