// SPDX-License-Identifier: BSD-2-Clause
/// @file  Exceptions of a partner: code that raises them, and what its handlers saw.
///
///     ExceptionRun run { { 0x0F, 0x0B } };                // ud2
///     run.recovery = Recovery::skip (2);
///     CHECK (run.perform ());
///     CHECK_EQUAL (run.caught.vector, 6u);
///
/// One run at a time. The code ends by itself with a jump behind its bytes.
#pragma once

#include <initializer_list>

#include <l4/exception.hpp>

#include "exchange.hpp"

namespace guest {

/// What a handler's stub leaves on the stack.
struct ExceptionFrame {
    Word edi, esi, ebp, esp_below, ebx, edx, ecx, eax;
    Word vector;
    Word code;                      ///< 0 if there is none
    Word eip, cs, eflags;
};

constexpr Word flag_trap = 1 << 8;
constexpr Word flag_resume = 1 << 16;

struct Caught {
    Word vector;
    Word code;
    Address eip;
    Word cs;
    Word eflags;
    Address esp;                    ///< before the frame was pushed
    Word handler_eflags;            ///< in the handler
    Word edi, esi, ebp, ebx, edx, ecx, eax;
};

/// Where a handler lets its thread go on.
struct Recovery {
    Word bytes { 0 };               ///< behind the instruction...
    Address eip { 0 };              ///< ...or there, if not 0
    Word eflags_set { 0 };          ///< changes of the flags
    Word eflags_cleared { 0 };

    [[nodiscard]] static constexpr Recovery skip (Word bytes) { return { bytes, 0, 0, 0 }; }
    [[nodiscard]] static constexpr Recovery to_end () { return { 0, 1, 0, 0 }; }
};

constexpr unsigned exceptions_kept = 16;
constexpr unsigned code_capacity = 64;

/// What handlers saw since the last run began; the first ones are kept.
extern Caught volatile guest_exceptions[exceptions_kept];
extern unsigned volatile guest_exception_count;

/// Gates to the handlers for all exceptions; cases may change it, a run puts it back before.
extern l4::ExceptionGate exception_table[l4::exception_gates];
void reset_exception_table ();

/// What a run's code starts with in its registers, in the order of ExceptionFrame.
constexpr Word run_registers[8] { 0x77777777, 0x66666666, 0x55555555, 0, 0x44444444, 0x33333333,
                                  0x22222222, 0x11111111 };

class ExceptionRun {
public:
    explicit ExceptionRun (std::initializer_list<std::uint8_t> code);
    /// Code at `address`, which is not touched.
    explicit ExceptionRun (Address address) : at_ { address } {}

    Recovery recovery {};
    Address stack { 0 };            ///< 0: the partner's own
    Word eax { 0x11111111 };
    Address table { reinterpret_cast<Address> (exception_table) };
    bool with_table { true };

    /// Let a partner in `space` run the code. @return whether it came to the end of it
    [[nodiscard]] bool perform (Space space = Space::own);
    /// The same with the case as pager; does not wait.
    [[nodiscard]] Partner& begin (Space space);
    /// Put the code in place, for a case that calls guest_run_code () itself.
    void prepare ();

    /// Results.
    [[nodiscard]] unsigned count () const { return guest_exception_count; }
    [[nodiscard]] Caught caught (unsigned n = 0) const
    {
        return const_cast<Caught const&> (guest_exceptions[n]);
    }
    [[nodiscard]] Address code () const;
    /// Whether registers but EAX and stack pointer were at the end what they were at the start.
    [[nodiscard]] bool kept_registers () const;

private:
    static void run (void* self);

    std::uint8_t bytes_[code_capacity] {};
    unsigned size_ { 0 };
    Address at_ { 0 };
};

/// `lidt` in the running thread.
void load_exception_table (Address table);

}  // namespace guest

extern "C" {

void guest_load_exception_table (l4::PseudoDescriptor const* table);
void guest_load_descriptors (l4::PseudoDescriptor const* table);
extern char const guest_lidt_instruction[];
extern char const guest_lgdt_instruction[];
void guest_run_code ();
void guest_on_exception (guest::ExceptionFrame& frame);
extern char const guest_exception_stubs[];
extern char const guest_code_end[];
extern l4::Address guest_back;
extern l4::Address guest_code;
extern l4::Address guest_esp;
extern l4::Word guest_eax;
extern l4::Address volatile guest_esp_before;
extern l4::Word volatile guest_registers[8];
extern l4::Word volatile guest_eflags_after;
extern l4::Word volatile guest_code_ended;

}  // extern "C"
