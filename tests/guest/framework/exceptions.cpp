// SPDX-License-Identifier: BSD-2-Clause
#include "exceptions.hpp"

#include "partner_task.hpp"

namespace guest {

Caught volatile guest_exceptions[exceptions_kept] {};
unsigned volatile guest_exception_count = 0;
l4::ExceptionGate exception_table[l4::exception_gates] {};

namespace {

constexpr Word stub_size = 16;
constexpr std::uint8_t jump_through_memory[2] { 0xFF, 0x25 };

// In a page that is writable and executable: there is nothing else on these processors.
alignas (64) constinit std::uint8_t code_buffer[code_capacity + 8] {};
constinit Recovery recovery {};

Word own_eflags ()
{
    Word flags;
    asm volatile ("pushfl; popl %0" : "=r" (flags));
    return flags;
}

}  // namespace

void reset_exception_table ()
{
    auto const stubs = reinterpret_cast<Address> (guest_exception_stubs);
    for (unsigned n = 0; n < l4::exception_gates; ++n)
        exception_table[n] = l4::ExceptionGate::to (stubs + n * stub_size);
}

ExceptionRun::ExceptionRun (std::initializer_list<std::uint8_t> code)
{
    for (std::uint8_t byte : code)
        bytes_[size_++] = byte;
}

Address ExceptionRun::code () const
{
    return at_ != 0 ? at_ : reinterpret_cast<Address> (code_buffer);
}

void ExceptionRun::prepare ()
{
    if (at_ == 0) {
        unsigned n = 0;
        for (; n < size_; ++n)
            code_buffer[n] = bytes_[n];
        for (std::uint8_t byte : jump_through_memory)
            code_buffer[n++] = byte;
        auto const back = reinterpret_cast<Address> (&guest_back);
        for (unsigned i = 0; i < sizeof back; ++i)
            code_buffer[n++] = static_cast<std::uint8_t> (back >> 8 * i);
    }
    guest::recovery = recovery;
    if (recovery.eip == 1)
        guest::recovery.eip = reinterpret_cast<Address> (guest_code_end);
    guest_code = code ();
    guest_esp = stack;
    guest_eax = eax;
    guest_code_ended = 0;
    guest_exception_count = 0;
}

void ExceptionRun::run (void* argument)
{
    auto const& self = *static_cast<ExceptionRun*> (argument);
    if (self.with_table)
        load_exception_table (self.table);
    guest_run_code ();
}

bool ExceptionRun::perform (Space space)
{
    prepare ();
    Partner& partner = start_in (space, run, this);
    bool const ended = partner.finish (20);
    partner.release ();
    return ended && guest_code_ended != 0;
}

Partner& ExceptionRun::begin (Space space)
{
    prepare ();
    return space == Space::own ? start_partner (run, this, rt::myself ())
                               : partner_task ().start (run, this, rt::myself ());
}

bool ExceptionRun::kept_registers () const
{
    constexpr unsigned esp = 3;
    constexpr unsigned eax_at = 7;
    for (unsigned n = 0; n < 8; ++n)
        if (n != esp && n != eax_at && guest_registers[n] != run_registers[n])
            return false;
    return guest_registers[esp] == guest_esp_before;
}

void load_exception_table (Address table)
{
    l4::PseudoDescriptor const descriptor { 0xFF, table };
    guest_load_exception_table (&descriptor);
}

}  // namespace guest

void guest_on_exception (guest::ExceptionFrame& frame)
{
    using namespace guest;
    unsigned const n = guest_exception_count;
    Address const pushed = reinterpret_cast<Address> (&frame) + sizeof frame;
    if (n < exceptions_kept) {
        const_cast<Caught&> (guest_exceptions[n])
            = { frame.vector, frame.code, frame.eip, frame.cs, frame.eflags, pushed, own_eflags (),
                frame.edi, frame.esi, frame.ebp, frame.ebx, frame.edx, frame.ecx, frame.eax };
    }
    guest_exception_count = n + 1;
    frame.eip = recovery.eip != 0 ? recovery.eip : frame.eip + recovery.bytes;
    frame.eflags = (frame.eflags | recovery.eflags_set) & ~recovery.eflags_cleared;
}
