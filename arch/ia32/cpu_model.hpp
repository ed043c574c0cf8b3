// SPDX-License-Identifier: BSD-2-Clause
/// @file  Which processor this is, and what it can do.
///
/// Two steps: `probe_processor` runs the instructions and reports raw words; `decode_processor`
/// judges them and is pure, so that every processor's words can be tested on any machine.
///
/// Sources: Intel AP-485, "Processor identification" (AC and ID flags, CPUID, FPU probe).
/// Invariants: a plain 486 has no feature but perhaps an FPU.
#pragma once

#include <cstdint>
#include <string_view>

namespace ia32 {

/// What the processor answered.
struct ProcessorProbe {
    bool has_alignment_check { false };     ///< EFLAGS.AC can be set: 486 or later
    bool has_cpuid { false };               ///< EFLAGS.ID can be set
    bool has_fpu { false };                 ///< FNINIT leaves a clear status word
    std::uint32_t highest_leaf { 0 };       ///< CPUID 0: EAX
    char vendor[12] {};                     ///< CPUID 0: EBX, EDX, ECX
    std::uint32_t signature { 0 };          ///< CPUID 1: EAX
    std::uint32_t features { 0 };           ///< CPUID 1: EDX
};

enum class ProcessorClass : std::uint8_t { i386, i486, pentium, p6 };

/// What the user forbids us to see (boot options).
struct ProcessorLimits {
    bool plain_486 { false };
    bool no_cpuid { false };
    bool no_fpu { false };
};

struct CpuModel {
    ProcessorClass processor_class { ProcessorClass::i386 };
    unsigned family { 3 };
    unsigned model { 0 };           ///< 0 if unknown
    unsigned stepping { 0 };
    char vendor[12] {};             ///< zeros without CPUID

    bool cpuid { false };
    bool fpu { false };
    bool tsc { false };             ///< RDTSC
    bool cmpxchg8b { false };
    bool pse { false };             ///< 4 MB pages
    bool pge { false };             ///< global pages
    bool cmov { false };
    bool sep { false };             ///< SYSENTER that works
    bool fxsr { false };            ///< FXSAVE
    bool sse { false };
    bool f00f { false };            ///< a locked CMPXCHG8B of a register hangs the processor

    /// Whether kernel-pentium can run: it uses what every Intel Pentium has.
    [[nodiscard]] constexpr bool runs_pentium_image () const
    {
        return processor_class >= ProcessorClass::pentium && tsc && cmpxchg8b;
    }

    /// "386", "486", "pentium" or "p6" (Pentium Pro and everything later).
    [[nodiscard]] std::string_view name () const;
};

/// Asks the processor. Needs privilege level 0; control registers are left as they were.
[[nodiscard]] ProcessorProbe probe_processor ();

[[nodiscard]] CpuModel decode_processor (ProcessorProbe const& probe,
                                         ProcessorLimits limits = {});

}  // namespace ia32
