// SPDX-License-Identifier: BSD-2-Clause
/// @file  Words of real processors, as their makers document them.
#include <cpu_model.hpp>

#include <gtest/gtest.h>

#include <cstring>

using ia32::CpuModel;
using ia32::decode_processor;
using ia32::ProcessorClass;
using ia32::ProcessorProbe;

namespace {

ProcessorProbe with_cpuid (char const* vendor, std::uint32_t signature, std::uint32_t features)
{
    ProcessorProbe probe;
    probe.has_alignment_check = true;
    probe.has_cpuid = true;
    probe.has_fpu = true;
    probe.highest_leaf = 1;
    std::memcpy (probe.vendor, vendor, sizeof probe.vendor);
    probe.signature = signature;
    probe.features = features;
    return probe;
}

constexpr char intel[] = "GenuineIntel";

CpuModel p54c () { return decode_processor (with_cpuid (intel, 0x525, 0x1BF)); }

}  // namespace

TEST (CpuModel, A386HasNoAlignmentCheck)
{
    ProcessorProbe probe;
    probe.has_fpu = true;
    CpuModel const cpu = decode_processor (probe);
    EXPECT_EQ (cpu.processor_class, ProcessorClass::i386);
    EXPECT_EQ (cpu.name (), "386");
    EXPECT_FALSE (cpu.runs_pentium_image ());
}

TEST (CpuModel, AnEarly486HasNoCpuid)
{
    ProcessorProbe probe;
    probe.has_alignment_check = true;
    CpuModel const sx = decode_processor (probe);
    EXPECT_EQ (sx.processor_class, ProcessorClass::i486);
    EXPECT_EQ (sx.family, 4u);
    EXPECT_FALSE (sx.fpu);
    EXPECT_FALSE (sx.cpuid);
    probe.has_fpu = true;
    EXPECT_TRUE (decode_processor (probe).fpu);
}

TEST (CpuModel, ALate486HasCpuidButNoTsc)
{
    CpuModel const dx4 = decode_processor (with_cpuid (intel, 0x480, 0x003));
    EXPECT_EQ (dx4.processor_class, ProcessorClass::i486);
    EXPECT_EQ (dx4.model, 8u);
    EXPECT_TRUE (dx4.fpu);
    EXPECT_FALSE (dx4.tsc);
    EXPECT_FALSE (dx4.runs_pentium_image ());
}

TEST (CpuModel, APentium)
{
    CpuModel const cpu = p54c ();
    EXPECT_EQ (cpu.processor_class, ProcessorClass::pentium);
    EXPECT_EQ (cpu.name (), "pentium");
    EXPECT_EQ (cpu.model, 2u);
    EXPECT_EQ (cpu.stepping, 5u);
    EXPECT_TRUE (cpu.tsc && cpu.pse && cpu.cmpxchg8b && cpu.fpu);
    EXPECT_FALSE (cpu.cmov || cpu.pge || cpu.sep);
    EXPECT_TRUE (cpu.f00f);
    EXPECT_TRUE (cpu.runs_pentium_image ());
}

TEST (CpuModel, OnlyIntelsFamilyFiveHasTheF00fBug)
{
    EXPECT_FALSE (decode_processor (with_cpuid ("AuthenticAMD", 0x562, 0x8001BF)).f00f);
    EXPECT_FALSE (decode_processor (with_cpuid (intel, 0x619, 0xF9FF)).f00f);
}

TEST (CpuModel, ACyrix6x86WithoutTscRunsTheI486Image)
{
    CpuModel const cpu = decode_processor (with_cpuid ("CyrixInstead", 0x520, 0x105));
    EXPECT_EQ (cpu.processor_class, ProcessorClass::pentium);
    EXPECT_FALSE (cpu.runs_pentium_image ());
}

TEST (CpuModel, ThePentiumProsSysenterDoesNotCount)
{
    EXPECT_FALSE (decode_processor (with_cpuid (intel, 0x612, 0xFBFF)).sep);
    CpuModel const klamath = decode_processor (with_cpuid (intel, 0x634, 0x80FBFF));
    EXPECT_TRUE (klamath.sep);
    EXPECT_TRUE (klamath.cmov && klamath.pge);
    EXPECT_EQ (klamath.name (), "p6");
}

TEST (CpuModel, LaterFamiliesAreExtended)
{
    CpuModel const core2 = decode_processor (with_cpuid (intel, 0x10676, 0xBFEBFBFF));
    EXPECT_EQ (core2.family, 6u);
    EXPECT_EQ (core2.model, 0x17u);
    EXPECT_TRUE (core2.fxsr && core2.sse);
    CpuModel const zen = decode_processor (with_cpuid ("AuthenticAMD", 0x800F11, 0x178BFBFF));
    EXPECT_EQ (zen.family, 0x17u);
    EXPECT_EQ (zen.processor_class, ProcessorClass::p6);
}

TEST (CpuModel, ACpuidWithoutLeafOneIsA486)
{
    auto probe = with_cpuid (intel, 0x525, 0x1BF);
    probe.highest_leaf = 0;
    CpuModel const cpu = decode_processor (probe);
    EXPECT_EQ (cpu.processor_class, ProcessorClass::i486);
    EXPECT_TRUE (cpu.fpu);
}

TEST (CpuModel, OptionsHideWhatIsThere)
{
    auto const probe = with_cpuid (intel, 0x673, 0x383FBFF);
    for (ia32::ProcessorLimits const limits : { ia32::ProcessorLimits { .plain_486 = true },
                                                ia32::ProcessorLimits { .no_cpuid = true } }) {
        CpuModel const cpu = decode_processor (probe, limits);
        EXPECT_EQ (cpu.processor_class, ProcessorClass::i486);
        EXPECT_TRUE (cpu.fpu);
        EXPECT_FALSE (cpu.cpuid || cpu.tsc || cpu.pse || cpu.cmov || cpu.fxsr);
    }
    CpuModel const cpu = decode_processor (probe, { .no_fpu = true });
    EXPECT_FALSE (cpu.fpu || cpu.fxsr || cpu.sse);
    EXPECT_TRUE (cpu.tsc);
}
