// SPDX-License-Identifier: BSD-2-Clause
/// @file  The latency image: puts spans.asm between the kernel and its interrupt descriptor table.
///
/// The linker redirects some calls to the functions here (--wrap), so the kernel itself does not
/// know.
#include <init.hpp>

#include <control.hpp>
#include <core/tcb.hpp>
#include <l4/syscall.hpp>
#include <segment/descriptor.hpp>
#include <segment/selectors.hpp>

namespace {

using ia32::Descriptor;
using ia32::Word;

constexpr unsigned vectors = 256;
constexpr unsigned report_vector = 0xFE;
constexpr Word gate_type = 0x1F << 8;
constexpr Word interrupt_gate = 0x0E << 8;
constexpr Word privilege = 3 << 13;

[[nodiscard]] Descriptor* interrupt_descriptors ()
{
    ia32::TablePointer table;
    asm ("sidt %0" : "=m"(table));
    return reinterpret_cast<Descriptor*> (table.base);
}

[[nodiscard]] Word offset_of (Descriptor gate)
{
    return (gate.low & 0xFFFF) | (gate.high & 0xFFFF0000);
}

}  // namespace

extern "C" {

// spans.asm
extern Word const latency_stubs[vectors];
extern Word latency_entries[vectors];
void latency_report ();
void latency_begin_start_up ();
void latency_end_start_up ();

[[noreturn]] void __real_kernel_main (l4::Word magic);
[[noreturn]] void __wrap_kernel_main (l4::Word magic)
{
    latency_begin_start_up ();
    __real_kernel_main (magic);
}

/// ia32::load_vectors ()
void __real__ZN4ia3212load_vectorsEv ();
void __wrap__ZN4ia3212load_vectorsEv ()
{
    __real__ZN4ia3212load_vectorsEv ();
    Descriptor* const gates = interrupt_descriptors ();
    for (unsigned i = 0; i < vectors; ++i) {
        if ((gates[i].high & gate_type) != interrupt_gate)
            continue;
        latency_entries[i] = offset_of (gates[i]);
        auto const level = static_cast<ia32::Privilege> ((gates[i].high & privilege) >> 13);
        gates[i] = Descriptor::interrupt_gate (ia32::kernel_code, latency_stubs[i], level);
    }
    gates[report_vector] = Descriptor::interrupt_gate (
        ia32::kernel_code, reinterpret_cast<Word> (&latency_report), ia32::Privilege::user);
}

/// ia32::route_ipc (void (*) ())
void __wrap_route_ipc (void (*entry) ())
{
    latency_entries[static_cast<unsigned> (l4::SystemCall::ipc)] = reinterpret_cast<Word> (entry);
}

/// ia32::route_page_faults (void (*) ())
void __wrap_route_page_faults (void (*entry) ())
{
    constexpr unsigned page_fault = 14;
    latency_entries[page_fault] = reinterpret_cast<Word> (entry);
}

/// machine::idle (kernel::Tcb&)
[[noreturn]] void __real__ZN7machine4idleERN6kernel3TcbE (kernel::Tcb& idle);
[[noreturn]] void __wrap__ZN7machine4idleERN6kernel3TcbE (kernel::Tcb& idle)
{
    latency_end_start_up ();
    __real__ZN7machine4idleERN6kernel3TcbE (idle);
}

}
