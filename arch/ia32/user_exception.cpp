// SPDX-License-Identifier: BSD-2-Clause
#include <user_exception.hpp>

#include <core/fault_ipc.hpp>
#include <l4/exception.hpp>

#include <user_access.hpp>

namespace ia32 {

namespace {

using l4::Address;
using machine::TrapFrame;

bool has_error_code (Word vector)
{
    constexpr Word with_code = 1 << 8 | 1 << 10 | 1 << 11 | 1 << 12 | 1 << 13 | 1 << 14 | 1 << 17;
    return (with_code >> vector & 1) != 0;
}

/// Put the frame on the thread's stack: what an IRET takes, and the error code below it.
Outcome push_frame (kernel::Tcb& self, TrapFrame& frame, Word vector, Word code)
{
    Word const words[] = { code, frame.eip, frame.cs & 0xFFFF, frame.eflags };
    bool const with_code = has_error_code (vector);
    Word const* const first = with_code ? words : words + 1;
    Word const size = with_code ? sizeof words : sizeof words - sizeof (Word);
    Outcome const outcome = write_user (self, frame.esp - size, first, size);
    if (outcome == Outcome::done)
        frame.esp -= size;
    return outcome;
}

/// Again from the start after a page fault: meanwhile another thread may have changed the table,
/// or this one's stack pointer.
Outcome try_to_deliver (kernel::Tcb& self, TrapFrame& frame, Word vector, Word code)
{
    Address const table = self.resources.exception_table;
    if (table == machine::Resources::no_exception_table || vector >= l4::exception_gates)
        return Outcome::refused;
    l4::ExceptionGate gate;
    Outcome outcome = read_user (self, &gate, table + vector * sizeof gate, sizeof gate);
    if (outcome != Outcome::done)
        return outcome;
    Address const handler = gate.handler ();
    if (handler == 0 || handler >= l4::user_limit)
        return Outcome::refused;
    outcome = push_frame (self, frame, vector, code);
    if (outcome == Outcome::done) {
        frame.eip = handler;
        frame.eflags &= ~cleared_for_handler;
    }
    return outcome;
}

}  // namespace

void deliver (kernel::Tcb& self, TrapFrame& frame, Word vector, Word code)
{
    for (;;) {
        switch (try_to_deliver (self, frame, vector, code)) {
        case Outcome::done: return;
        case Outcome::again: break;
        case Outcome::refused: return kernel::fault_ipc::shut_down (self);
        }
    }
}

}  // namespace ia32
