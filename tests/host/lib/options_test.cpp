// SPDX-License-Identifier: BSD-2-Clause
#include <lib/options.hpp>

#include <gtest/gtest.h>

#include <string>

using lib::BootOptions;
using lib::parse_boot_options;

namespace {

static_assert (parse_boot_options ("kernel=i486").options.kernel == BootOptions::Kernel::i486);

BootOptions accepted (std::string_view line)
{
    auto const parsed = parse_boot_options (line);
    EXPECT_TRUE (parsed.ok ()) << parsed.bad_word << ": " << parsed.reason;
    return parsed.options;
}

/// "word: reason" of a line that must be refused.
std::string refusal (std::string_view line)
{
    auto const parsed = parse_boot_options (line);
    EXPECT_FALSE (parsed.ok ()) << line;
    return std::string { parsed.bad_word } + ": " + std::string { parsed.reason };
}

}  // namespace

TEST (BootOptions, AnEmptyLineGivesTheDefaults)
{
    EXPECT_EQ (accepted (""), BootOptions {});
    EXPECT_EQ (accepted (" \t "), BootOptions {});
    EXPECT_EQ (BootOptions {}.serial, (BootOptions::Serial { 0x3F8, 115200 }));
    EXPECT_EQ (BootOptions {}.kernel, BootOptions::Kernel::automatic);
}

TEST (BootOptions, KernelNamesAnImage)
{
    EXPECT_EQ (accepted ("kernel=i486").kernel, BootOptions::Kernel::i486);
    EXPECT_EQ (accepted ("kernel=pentium").kernel, BootOptions::Kernel::pentium);
    EXPECT_EQ (refusal ("kernel=p6"), "kernel=p6: bad value");
    EXPECT_EQ (refusal ("kernel="), "kernel=: bad value");
}

TEST (BootOptions, FlagsTakeNoValue)
{
    auto const options = accepted ("nocpuid nofpu nommap nofast preempters");
    EXPECT_TRUE (options.no_cpuid && options.no_fpu && options.no_memory_map
                 && options.no_fast_path && options.preempters);
    EXPECT_EQ (refusal ("nofpu=1"), "nofpu=1: unknown option");
    EXPECT_EQ (refusal ("kernel"), "kernel: unknown option");
}

TEST (BootOptions, CpuKnowsOnlyThePlain486)
{
    EXPECT_TRUE (accepted ("cpu=486").plain_486);
    EXPECT_EQ (refusal ("cpu=pentium"), "cpu=pentium: bad value");
}

TEST (BootOptions, SmallSpacesHaveThreeStates)
{
    EXPECT_EQ (accepted ("small=off").small_spaces, BootOptions::SmallSpaces::off);
    EXPECT_EQ (accepted ("small=on").small_spaces, BootOptions::SmallSpaces::on);
    EXPECT_EQ (accepted ("small=force").small_spaces, BootOptions::SmallSpaces::force);
    EXPECT_EQ (refusal ("small=yes"), "small=yes: bad value");
}

TEST (BootOptions, SerialTakesAPortAndARate)
{
    using Serial = BootOptions::Serial;
    EXPECT_EQ (accepted ("serial=com1").serial, (Serial { 0x3F8, 115200 }));
    EXPECT_EQ (accepted ("serial=com2,9600").serial, (Serial { 0x2F8, 9600 }));
    EXPECT_EQ (accepted ("serial=0x3e8,38400").serial, (Serial { 0x3E8, 38400 }));
    EXPECT_EQ (accepted ("serial=0x2E8").serial, (Serial { 0x2E8, 115200 }));
    EXPECT_FALSE (accepted ("serial=off").serial.is_on ());
}

TEST (BootOptions, SerialRefusesWhatTheChipCannotDo)
{
    for (auto const* line : { "serial=com3", "serial=", "serial=com1,", "serial=com1,300",
                              "serial=com1,9601", "serial=com1,9600x", "serial=0x", "serial=0x0",
                              "serial=0xFFFF", "serial=3f8", "serial=0x3g8", "serial=com1,9600,8" })
        EXPECT_EQ (refusal (line), std::string { line } + ": bad value");
}

TEST (BootOptions, AllDocumentedRatesWork)
{
    for (unsigned rate : { 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200 })
        EXPECT_EQ (accepted ("serial=com1," + std::to_string (rate)).serial.baud, rate);
}

TEST (BootOptions, TheProfileIsOneOfTwoAndStrictByDefault)
{
    EXPECT_EQ (accepted ("profile=strict"), BootOptions {});
    EXPECT_EQ (accepted ("profile=l4env").profile, BootOptions::Profile::l4env);
    EXPECT_EQ (accepted ("profile=l4env profile=strict"), BootOptions {});
    EXPECT_EQ (refusal ("profile=x"), "profile=x: bad value");
}

TEST (BootOptions, KernelMemoryIsANumberOfKilobytesInRange)
{
    EXPECT_EQ (accepted ("kmem=512").kernel_memory_kb, 512u);
    EXPECT_EQ (accepted ("kmem=64").kernel_memory_kb, BootOptions::kernel_memory_min_kb);
    EXPECT_EQ (accepted ("quota=16").task_quota_kb, BootOptions::task_quota_min_kb);
    EXPECT_EQ (accepted ("quota=4096 kmem=64").task_quota_kb, 4096u);
    EXPECT_EQ (lib::parse_boot_options ("quota=15").bad_word, "quota=15");
    EXPECT_EQ (accepted ("kmem=131072").kernel_memory_kb, BootOptions::kernel_memory_max_kb);
    for (auto const* line : { "kmem=", "kmem=0", "kmem=63", "kmem=131073", "kmem=-1", "kmem=1M",
                              "kmem=4294967808", "kmem=99999999999999999999" })
        EXPECT_EQ (refusal (line), std::string { line } + ": bad value");
}

TEST (BootOptions, WordsAreSeparatedByAnyBlanks)
{
    auto const options = accepted ("  nofpu\tkernel=i486   cpu=486 \r\n");
    EXPECT_TRUE (options.no_fpu && options.plain_486);
    EXPECT_EQ (options.kernel, BootOptions::Kernel::i486);
}

TEST (BootOptions, TheLastOfSeveralEqualOptionsCounts)
{
    EXPECT_EQ (accepted ("kernel=i486 kernel=pentium").kernel, BootOptions::Kernel::pentium);
}

TEST (BootOptions, TheFirstBadWordIsReported)
{
    EXPECT_EQ (refusal ("nofpu colour=red kernel=x"), "colour=red: unknown option");
    EXPECT_EQ (refusal ("="), "=: unknown option");
    EXPECT_EQ (refusal ("NOFPU"), "NOFPU: unknown option");
}

TEST (BootOptions, TheLineNeedNotEndInAZero)
{
    EXPECT_TRUE (accepted (std::string_view { "nofpuXX", 5 }).no_fpu);
}
