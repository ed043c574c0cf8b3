// SPDX-License-Identifier: BSD-2-Clause
/// @file  Segment and gate descriptors as values.
///
/// Source: Intel486 Programmer's Reference Manual, 5.2.3 (segments), 9.4 (gates), 7.1 (TSS).
#pragma once

#include <cstdint>

namespace ia32 {

using Word = std::uint32_t;

enum class Privilege : Word { kernel = 0, user = 3 };

struct Descriptor {
    Word low { 0 };
    Word high { 0 };

    /// @param type        access byte's low five bits: S and type
    /// @param last_page   limit in units of 4 KB: the last page that can be addressed
    [[nodiscard]] static constexpr Descriptor segment (Word base, Word last_page, Word type,
                                                       Privilege privilege)
    {
        return make (base, last_page, type | dpl (privilege), granularity_page | size_32);
    }

    /// Byte-granular segment; `limit` is the last byte, below 1 MB.
    [[nodiscard]] static constexpr Descriptor small_segment (Word base, Word limit, Word type,
                                                             Privilege privilege)
    {
        return make (base, limit, type | dpl (privilege), size_32);
    }

    /// Available 32-bit task state segment.
    [[nodiscard]] static constexpr Descriptor tss (Word base, Word limit)
    {
        return make (base, limit, 0x09, 0);
    }

    /// Interrupt gate: entered with interrupts off.
    [[nodiscard]] static constexpr Descriptor interrupt_gate (std::uint16_t selector, Word offset,
                                                              Privilege privilege)
    {
        return { Word { selector } << 16 | (offset & 0xFFFF),
                 (offset & 0xFFFF0000) | (present | 0x0E | dpl (privilege)) << 8 };
    }

    [[nodiscard]] static constexpr Descriptor task_gate (std::uint16_t selector)
    {
        return { Word { selector } << 16, (present | 0x05) << 8 };
    }

    static constexpr Word data_writable = 0x13;     // accessed, so that the CPU never writes it
    static constexpr Word code_readable = 0x1B;

private:
    static constexpr Word present = 0x80;
    static constexpr Word granularity_page = 0x8;
    static constexpr Word size_32 = 0x4;

    [[nodiscard]] static constexpr Word dpl (Privilege p) { return static_cast<Word> (p) << 5; }
    [[nodiscard]] static constexpr Descriptor make (Word base, Word limit, Word access, Word flags)
    {
        return { base << 16 | (limit & 0xFFFF),
                 (base & 0xFF000000) | flags << 20 | (limit & 0xF0000) | (present | access) << 8
                     | (base >> 16 & 0xFF) };
    }
};

static_assert (sizeof (Descriptor) == 8);
static_assert (Descriptor::segment (0, 0xFFFFF, 0x1B, Privilege::kernel).high == 0x00CF9B00);
static_assert (Descriptor::segment (0, 0xBFFFF, 0x13, Privilege::user).high == 0x00CBF300);

}  // namespace ia32
