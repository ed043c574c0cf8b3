// SPDX-License-Identifier: BSD-2-Clause
#include "processor.hpp"

namespace console {

namespace {

struct Leaf { l4::Word eax, ebx, ecx, edx; };

Leaf cpuid (l4::Word number)
{
    Leaf leaf;
    asm volatile ("cpuid"
                  : "=a" (leaf.eax), "=b" (leaf.ebx), "=c" (leaf.ecx), "=d" (leaf.edx)
                  : "a" (number), "c" (0));
    return leaf;
}

/// A processor with CPUID lets the ID flag be changed.
bool has_cpuid ()
{
    constexpr l4::Word id_flag = 1u << 21;
    l4::Word before = 0;
    l4::Word after = 0;
    asm volatile ("pushfl\n\t"
                  "popl %[before]\n\t"
                  "movl %[before], %[after]\n\t"
                  "xorl %[flag], %[after]\n\t"
                  "pushl %[after]\n\t"
                  "popfl\n\t"
                  "pushfl\n\t"
                  "popl %[after]\n\t"
                  "pushl %[before]\n\t"
                  "popfl"
                  : [before] "=&r" (before), [after] "=&r" (after)
                  : [flag] "i" (id_flag)
                  : "cc", "memory");
    return ((before ^ after) & id_flag) != 0;
}

void copy_characters (char* to, l4::Word word)
{
    for (unsigned i = 0; i < 4; ++i)
        to[i] = static_cast<char> (word >> (8 * i));
}

}  // namespace

ProcessorIdentity identify_processor ()
{
    if (!has_cpuid ())
        return {};
    ProcessorIdentity identity = decode_signature (cpuid (1).eax);
    Leaf const vendor = cpuid (0);
    copy_characters (identity.vendor, vendor.ebx);
    copy_characters (identity.vendor + 4, vendor.edx);
    copy_characters (identity.vendor + 8, vendor.ecx);
    return identity;
}

}  // namespace console
