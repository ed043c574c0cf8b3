// SPDX-License-Identifier: BSD-2-Clause
/// @file  The instructions that tell one processor from another.
#include <cpu_model.hpp>

namespace ia32 {

namespace {

constexpr std::uint32_t eflags_alignment_check = 1U << 18;
constexpr std::uint32_t eflags_id = 1U << 21;
constexpr std::uint32_t cr0_emulate = 1U << 2;
constexpr std::uint32_t cr0_task_switched = 1U << 3;

/// Whether `bit` of EFLAGS can be changed.
bool flag_toggles (std::uint32_t bit)
{
    std::uint32_t before;
    std::uint32_t after;
    asm volatile ("pushfl\n\t"
                  "popl %0\n\t"
                  "movl %0, %1\n\t"
                  "xorl %2, %1\n\t"
                  "pushl %1\n\t"
                  "popfl\n\t"
                  "pushfl\n\t"
                  "popl %1\n\t"
                  "pushl %0\n\t"
                  "popfl"
                  : "=&r"(before), "=&r"(after)
                  : "ri"(bit)
                  : "cc");
    return ((before ^ after) & bit) != 0;
}

struct CpuidWords {
    std::uint32_t eax, ebx, ecx, edx;
};

CpuidWords cpuid (std::uint32_t leaf)
{
    CpuidWords w;
    asm volatile ("cpuid" : "=a"(w.eax), "=b"(w.ebx), "=c"(w.ecx), "=d"(w.edx) : "a"(leaf), "c"(0));
    return w;
}

/// FNINIT and FNSTSW never fault while CR0.EM and CR0.TS are clear; without an FPU nobody
/// drives the bus and the status word keeps its junk.
bool fpu_answers ()
{
    std::uint32_t cr0;
    asm volatile ("movl %%cr0, %0" : "=r"(cr0));
    asm volatile ("movl %0, %%cr0" : : "r"(cr0 & ~(cr0_emulate | cr0_task_switched)));
    std::uint16_t volatile status = 0x5A5A;
    std::uint16_t volatile control = 0x5A5A;
    asm volatile ("fninit\n\tfnstsw %0\n\tfnstcw %1" : "=m"(status), "=m"(control));
    asm volatile ("movl %0, %%cr0" : : "r"(cr0));
    return (status & 0xFF) == 0 && (control & 0x103F) == 0x003F;
}

void put_word (char* at, std::uint32_t word)
{
    for (unsigned i = 0; i < 4; ++i)
        at[i] = static_cast<char> (word >> (8 * i));
}

}  // namespace

ProcessorProbe probe_processor ()
{
    ProcessorProbe probe;
    probe.has_alignment_check = flag_toggles (eflags_alignment_check);
    probe.has_cpuid = flag_toggles (eflags_id);
    probe.has_fpu = fpu_answers ();
    if (!probe.has_cpuid)
        return probe;
    CpuidWords const identity = cpuid (0);
    probe.highest_leaf = identity.eax;
    put_word (probe.vendor, identity.ebx);
    put_word (probe.vendor + 4, identity.edx);
    put_word (probe.vendor + 8, identity.ecx);
    if (probe.highest_leaf >= 1) {
        CpuidWords const version = cpuid (1);
        probe.signature = version.eax;
        probe.features = version.edx;
    }
    return probe;
}

}  // namespace ia32
