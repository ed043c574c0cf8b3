// SPDX-License-Identifier: BSD-2-Clause
#include <command_line.hpp>

#include <gtest/gtest.h>

using boot::kernel_for;
using boot::without_image_name;

namespace {

ia32::CpuModel processor (ia32::ProcessorClass c, bool has_pentium_features)
{
    ia32::CpuModel cpu;
    cpu.processor_class = c;
    cpu.tsc = cpu.cmpxchg8b = has_pentium_features;
    return cpu;
}

std::string_view kernel (std::string_view options, ia32::CpuModel const& cpu)
{
    return kernel_for (lib::parse_boot_options (options).options, cpu);
}

}  // namespace

TEST (CommandLine, TheNameOfTheImageIsNoOption)
{
    EXPECT_EQ (without_image_name ("/pecan/boot nofpu", ""), "nofpu");
    EXPECT_EQ (without_image_name ("boot", ""), "");
    EXPECT_EQ (without_image_name ("boot.elf  nofpu  nocpuid", ""), "nofpu  nocpuid");
    EXPECT_EQ (without_image_name ("(hd0,1)/x nofpu", "GNU GRUB 0.97"), "nofpu");
}

TEST (CommandLine, QemuAlwaysPassesAName)
{
    EXPECT_EQ (without_image_name ("pecan nofpu", "qemu"), "nofpu");
    EXPECT_EQ (without_image_name ("pecan", "qemu"), "");
    EXPECT_EQ (without_image_name ("", "qemu"), "");
}

TEST (CommandLine, OptionsAloneStayAsTheyAre)
{
    EXPECT_EQ (without_image_name ("nofpu cpu=486", "GRUB 2.06"), "nofpu cpu=486");
    EXPECT_EQ (without_image_name ("  serial=0x3f8,9600", ""), "serial=0x3f8,9600");
    EXPECT_EQ (without_image_name ("unknown", "GRUB 2.06"), "unknown");
    EXPECT_EQ (without_image_name ("", ""), "");
}

TEST (CommandLine, TheProcessorChoosesTheKernel)
{
    using ia32::ProcessorClass;
    EXPECT_EQ (kernel ("", processor (ProcessorClass::i486, false)), "kernel-i486");
    EXPECT_EQ (kernel ("", processor (ProcessorClass::pentium, true)), "kernel-pentium");
    EXPECT_EQ (kernel ("", processor (ProcessorClass::p6, true)), "kernel-pentium");
    EXPECT_EQ (kernel ("", processor (ProcessorClass::pentium, false)), "kernel-i486");
}

TEST (CommandLine, TheOptionBeatsTheProcessor)
{
    using ia32::ProcessorClass;
    EXPECT_EQ (kernel ("kernel=i486", processor (ProcessorClass::p6, true)), "kernel-i486");
    EXPECT_EQ (kernel ("kernel=pentium", processor (ProcessorClass::i486, false)),
               "kernel-pentium");
}
