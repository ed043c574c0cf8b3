// SPDX-License-Identifier: BSD-2-Clause
#include <runtime/exception.hpp>

#include <l4/exception.hpp>

/// exception_entry.asm.
extern "C" char const rt_exception_stubs[];

namespace rt {

namespace {

constexpr Word stub_size = 8;
constexpr Word with_code = 1 << 8 | 0x1F << 10 | 1 << 17;

l4::ExceptionGate table[l4::exception_gates];

}  // namespace

void watch_exceptions ()
{
    // Whoever comes second writes the same once more.
    auto const stubs = reinterpret_cast<Address> (rt_exception_stubs);
    for (Word n = 0; n < l4::exception_gates; ++n)
        table[n] = l4::ExceptionGate::to (stubs + n * stub_size);
    l4::PseudoDescriptor const place { sizeof table - 1, reinterpret_cast<Address> (table) };
    asm volatile ("lidt (%%eax)" : : "a" (&place), "m" (place), "m" (table));
}

}  // namespace rt

/// From exception_entry.asm: number, code if there is one, EIP.
extern "C" [[noreturn]] void rt_exception (rt::Word const* frame)
{
    bool const has_code = (rt::with_code >> frame[0] & 1) != 0;
    rt::end_by_exception ({ frame[0], has_code ? frame[1] : 0, frame[has_code ? 2 : 1] });
}
