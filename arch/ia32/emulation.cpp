// SPDX-License-Identifier: BSD-2-Clause
#include <emulation.hpp>

#include <core/fault_ipc.hpp>
#include <core/kip.hpp>
#include <core/space.hpp>
#include <l4/exception.hpp>

#include <control.hpp>
#include <instruction.hpp>
#include <machine/debug_registers.hpp>
#include <machine/tls.hpp>
#include <model_registers.hpp>
#include <segment/selectors.hpp>
#include <segment/tls_descriptor.hpp>
#include <user_access.hpp>
#include <user_exception.hpp>

namespace ia32 {

namespace {

using kernel::Tcb;
using l4::Address;
using machine::TrapFrame;

/// What the thread has just tried to execute. The next page is asked for only if the instruction
/// goes on there.
Outcome read_instruction (Tcb& self, Address eip, Instruction& instruction)
{
    std::uint8_t code[Instruction::longest];
    Word const up_to_page_end = l4::page_size - eip % l4::page_size;
    Word const first = up_to_page_end < sizeof code ? up_to_page_end : sizeof code;
    Outcome outcome = read_user (self, code, eip, first);
    if (outcome != Outcome::done)
        return outcome;
    instruction = decode ({ code, first });
    if (instruction.kind != Instruction::incomplete)
        return Outcome::done;
    outcome = read_user (self, code + first, eip + first, sizeof code - first);
    if (outcome == Outcome::done)
        instruction = decode (code);
    return outcome;
}

Word& general_register (TrapFrame& frame, unsigned number)
{
    switch (number) {
    case 0: return frame.eax;
    case 1: return frame.ecx;
    case 2: return frame.edx;
    case 3: return frame.ebx;
    case 4: return frame.esp;
    case 5: return frame.ebp;
    case 6: return frame.esi;
    default: return frame.edi;
    }
}

Outcome done_if (bool succeeded) { return succeeded ? Outcome::done : Outcome::refused; }

/// LIDT [EAX].
Outcome load_exception_table (Tcb& self, TrapFrame& frame)
{
    constexpr Word size = l4::exception_gates * sizeof (l4::ExceptionGate);
    l4::PseudoDescriptor table;
    Outcome const outcome = read_user (self, &table, frame.eax, sizeof table);
    if (outcome == Outcome::done)
        self.resources.exception_table = table.base <= l4::user_limit - size
                                             ? table.base
                                             : machine::Resources::no_exception_table;
    return outcome;
}

/// LGDT [EAX].
Outcome load_descriptors (Tcb& self, TrapFrame& frame)
{
    l4::PseudoDescriptor table;
    Outcome outcome = read_user (self, &table, frame.eax, sizeof table);
    if (outcome != Outcome::done)
        return outcome;
    machine::TlsDescriptors descriptors {};
    Word const given = (Word { table.limit } + 1) / sizeof (Descriptor);
    Word const count = given < l4::tls_descriptors ? given : l4::tls_descriptors;
    if (count != 0)
        outcome = read_user (self, descriptors, table.base, count * sizeof (Descriptor));
    if (outcome != Outcome::done)
        return outcome;
    if (!stays_after_rest (self))
        return Outcome::again;
    for (Descriptor& descriptor : descriptors) {
        if (!is_allowed_for_tls (descriptor))
            return Outcome::refused;
        descriptor = tls_descriptor (descriptor);
    }
    if (!machine::Tls::set (self, descriptors))
        return Outcome::refused;
    frame.ss = user_data;           // what it held may be empty now
    return Outcome::done;
}

Outcome move_from_debug_register (Tcb& self, TrapFrame& frame, Instruction instruction)
{
    return done_if (machine::DebugRegisters::read (
        self, instruction.debug_register,
        general_register (frame, instruction.general_register)));
}

Outcome move_to_debug_register (Tcb& self, TrapFrame& frame, Instruction instruction)
{
    return done_if (machine::DebugRegisters::write (
        self, instruction.debug_register,
        general_register (frame, instruction.general_register)));
}

/// What only a task may do that can stop the machine anyway.
Outcome execute_for_trusted (Tcb const& self, TrapFrame& frame, Instruction::Kind kind)
{
    if (!self.space->is_trusted ())
        return Outcome::refused;
    switch (kind) {
    case Instruction::read_msr: return done_if (read_msr (frame.ecx, frame.eax, frame.edx));
    case Instruction::write_msr: return done_if (write_msr (frame.ecx, frame.eax, frame.edx));
    case Instruction::write_caches_back: write_caches_back (); return Outcome::done;
    default: frame.eax = kernel::kip.version; return Outcome::done;     // HLT
    }
}

Outcome ask_pager_for (Tcb& self, l4::Fpage ports)
{
    return !stays_after_rest (self) || kernel::fault_ipc::io_fault (self, ports)
               ? Outcome::again
               : Outcome::refused;
}

Outcome give_privilege (Tcb& self, TrapFrame& frame)
{
    frame.eflags |= eflags::io_privilege_user;
    self.space->io ().set_privileged (true);
    self.resources.add (machine::Resources::io_privilege);
    return Outcome::again;
}

Outcome access_ports (Tcb& self, TrapFrame& frame, PortRange ports)
{
    machine::IoSpace& io = self.space->io ();
    if (!ports.is_valid ())
        return Outcome::refused;
    if (self.space->is_initial ())      // has all ports, and no bitmap
        return give_privilege (self, frame);
    if (!io.permits (ports.first, ports.count))
        return ask_pager_for (self, ports.fpage ());
    if (machine::IoSpace::is_installed ())
        return Outcome::refused;
    io.install ();
    self.resources.add (machine::Resources::io_bitmap);
    return Outcome::again;
}

/// CLI or STI.
Outcome use_interrupt_flag (Tcb& self, TrapFrame& frame)
{
    if (!self.space->is_initial () && !self.space->io ().is_complete ())
        return ask_pager_for (self, l4::Fpage::whole_io ());
    return give_privilege (self, frame);
}

Outcome execute (Tcb& self, TrapFrame& frame, Instruction instruction)
{
    switch (instruction.kind) {
    case Instruction::load_exception_table: return load_exception_table (self, frame);
    case Instruction::load_descriptors: return load_descriptors (self, frame);
    case Instruction::read_debug_register:
        return move_from_debug_register (self, frame, instruction);
    case Instruction::write_debug_register:
        return move_to_debug_register (self, frame, instruction);
    case Instruction::read_msr:
    case Instruction::write_msr:
    case Instruction::write_caches_back:
    case Instruction::halt: return execute_for_trusted (self, frame, instruction.kind);
    case Instruction::port_in_dx:
        return access_ports (self, frame, { frame.edx & 0xFFFF, instruction.port_count });
    case Instruction::port_in_code:
        return access_ports (self, frame, { instruction.port, instruction.port_count });
    case Instruction::interrupt_flag: return use_interrupt_flag (self, frame);
    case Instruction::incomplete:
    case Instruction::other: break;
    }
    return Outcome::refused;
}

/// The thread goes on behind the instruction; one that steps through its code notices.
void advance (Tcb& self, TrapFrame& frame, Word length)
{
    frame.eip += length;
    frame.eflags &= ~eflags::resume;
    if ((frame.eflags & eflags::trap) != 0) {
        machine::DebugRegisters::note_single_step (self);
        deliver (self, frame, debug_exception, 0);
    }
}

}  // namespace

bool emulate (Tcb& self, TrapFrame& frame)
{
    Instruction instruction;
    Outcome outcome = read_instruction (self, frame.eip, instruction);
    if (outcome == Outcome::done) {
        outcome = execute (self, frame, instruction);
        if (outcome == Outcome::done)
            advance (self, frame, instruction.length);
    }
    // If a page had to be fetched, the thread executes the instruction again and comes back here.
    return outcome != Outcome::refused;
}

}  // namespace ia32
