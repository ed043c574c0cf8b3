// SPDX-License-Identifier: BSD-2-Clause
#include <model_registers.hpp>

#include <expected_fault.hpp>

namespace ia32 {

bool read_msr (Word number, Word& low, Word& high)
{
    Word faulted = 0;
    Word value_low = low;
    Word value_high = high;
    asm volatile ("movl $2f, %1\n\t"
                  "rdmsr\n\t"
                  "jmp 3f\n"
                  "2: movl $1, %0\n"
                  "3:"
                  : "+r"(faulted), "=m"(expected_fault_resume), "+a"(value_low), "+d"(value_high)
                  : "c"(number)
                  : "memory");
    expected_fault_resume = 0;
    if (faulted != 0)
        return false;
    low = value_low;
    high = value_high;
    return true;
}

bool write_msr (Word number, Word low, Word high)
{
    Word faulted = 0;
    asm volatile ("movl $2f, %1\n\t"
                  "wrmsr\n\t"
                  "jmp 3f\n"
                  "2: movl $1, %0\n"
                  "3:"
                  : "+r"(faulted), "=m"(expected_fault_resume)
                  : "c"(number), "a"(low), "d"(high)
                  : "memory");
    expected_fault_resume = 0;
    return faulted == 0;
}

}  // namespace ia32
