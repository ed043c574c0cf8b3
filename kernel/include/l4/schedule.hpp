// SPDX-License-Identifier: BSD-2-Clause
/// @file  The parameter word of thread_schedule (EAX).
///
///     31..24 time slice mantissa | 23..20 time slice exponent | 19..16 thread state (out)
///     | 15..8 small space | 7..0 priority
#pragma once

#include <l4/timeout.hpp>

namespace l4 {

/// Bits 19..16 of thread_schedule's result. The low two bits of the first three name the kernel
/// RPC in progress: 0 none, 1 page fault, 2 internal preempter, 3 external preempter.
enum class ThreadStateCode : Word {
    running = 0x0,
    sending = 0x4,
    receiving = 0x8,
    waiting = 0xC,
    pending = 0xD,
    dead = 0xF,
};

class ScheduleParameter {
public:
    constexpr explicit ScheduleParameter (Word raw) : raw_ { raw } {}
    constexpr ScheduleParameter (Word priority, Timeout slice, Word small_space = 0,
                                 ThreadStateCode state = ThreadStateCode::running)
        : raw_ { Priority::make (priority) | SmallSpace::make (small_space)
                 | State::make (static_cast<Word> (state)) | SliceExponent::make (slice.exponent)
                 | SliceMantissa::make (slice.mantissa) }
    {
    }

    [[nodiscard]] constexpr Word raw () const { return raw_; }
    [[nodiscard]] constexpr bool is_read_only () const { return raw_ == ~Word { 0 }; }
    [[nodiscard]] constexpr Word priority () const { return Priority::get (raw_); }
    [[nodiscard]] constexpr Word small_space () const { return SmallSpace::get (raw_); }
    [[nodiscard]] constexpr Word state () const { return State::get (raw_); }
    /// Same coding as an IPC timeout: exponent 0 is unlimited.
    [[nodiscard]] constexpr Timeout slice () const
    {
        return { SliceExponent::get (raw_), SliceMantissa::get (raw_) };
    }

    using Priority = BitField<0, 8>;
    using SmallSpace = BitField<8, 8>;
    using State = BitField<16, 4>;
    using SliceExponent = BitField<20, 4>;
    using SliceMantissa = BitField<24, 8>;

private:
    Word raw_;
};

constexpr unsigned priorities = 256;

static_assert (ScheduleParameter { 32, { 11, 39 } }.raw () == 0x27B00020);

}  // namespace l4
