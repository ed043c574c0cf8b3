// SPDX-License-Identifier: BSD-2-Clause
#include <cpu_model.hpp>

namespace ia32 {

namespace {

/// EDX of CPUID leaf 1.
enum Feature : std::uint32_t {
    feature_fpu = 1U << 0,
    feature_pse = 1U << 3,
    feature_tsc = 1U << 4,
    feature_cmpxchg8b = 1U << 8,
    feature_sep = 1U << 11,
    feature_pge = 1U << 13,
    feature_cmov = 1U << 15,
    feature_fxsr = 1U << 24,
    feature_sse = 1U << 25,
};

constexpr unsigned extended_family = 15;

unsigned family_of (std::uint32_t signature)
{
    unsigned const family = signature >> 8 & 0xF;
    return family < extended_family ? family : family + (signature >> 20 & 0xFF);
}

unsigned model_of (std::uint32_t signature)
{
    unsigned const model = signature >> 4 & 0xF;
    unsigned const family = signature >> 8 & 0xF;
    bool const extended = family == 6 || family == extended_family;
    return extended ? (signature >> 16 & 0xF) << 4 | model : model;
}

ProcessorClass class_of_family (unsigned family)
{
    if (family <= 4)
        return ProcessorClass::i486;
    return family == 5 ? ProcessorClass::pentium : ProcessorClass::p6;
}

bool is_intel (char const (&vendor)[12])
{
    return std::string_view { vendor, sizeof vendor } == "GenuineIntel";
}

/// The Pentium Pro sets the SEP bit but has no SYSENTER.
bool has_sysenter (CpuModel const& cpu, std::uint32_t features)
{
    bool const pentium_pro = is_intel (cpu.vendor) && cpu.family == 6 && cpu.model < 3
                             && cpu.stepping < 3;
    return (features & feature_sep) != 0 && !pentium_pro;
}

void decode_cpuid (ProcessorProbe const& probe, CpuModel& cpu)
{
    auto const has = [&] (Feature f) { return (probe.features & f) != 0; };
    cpu.cpuid = true;
    for (unsigned i = 0; i < sizeof cpu.vendor; ++i)
        cpu.vendor[i] = probe.vendor[i];
    if (probe.highest_leaf < 1)
        return;
    cpu.family = family_of (probe.signature);
    cpu.model = model_of (probe.signature);
    cpu.stepping = probe.signature & 0xF;
    cpu.processor_class = class_of_family (cpu.family);
    cpu.fpu = has (feature_fpu);
    cpu.tsc = has (feature_tsc);
    cpu.cmpxchg8b = has (feature_cmpxchg8b);
    cpu.pse = has (feature_pse);
    cpu.pge = has (feature_pge);
    cpu.cmov = has (feature_cmov);
    cpu.sep = has_sysenter (cpu, probe.features);
    cpu.fxsr = has (feature_fxsr);
    cpu.sse = has (feature_sse);
    cpu.f00f = cpu.family == 5 && is_intel (cpu.vendor);
}

}  // namespace

std::string_view CpuModel::name () const
{
    switch (processor_class) {
    case ProcessorClass::i386: return "386";
    case ProcessorClass::i486: return "486";
    case ProcessorClass::pentium: return "pentium";
    case ProcessorClass::p6: break;
    }
    return "p6";
}

CpuModel decode_processor (ProcessorProbe const& probe, ProcessorLimits limits)
{
    CpuModel cpu;
    cpu.fpu = probe.has_fpu;
    if (probe.has_alignment_check || probe.has_cpuid) {
        cpu.processor_class = ProcessorClass::i486;
        cpu.family = 4;
    }
    if (probe.has_cpuid && !limits.plain_486 && !limits.no_cpuid)
        decode_cpuid (probe, cpu);
    if (limits.no_fpu)
        cpu.fpu = cpu.fxsr = cpu.sse = false;
    return cpu;
}

}  // namespace ia32
