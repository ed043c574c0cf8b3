// SPDX-License-Identifier: BSD-2-Clause
#include <instruction.hpp>

#include <support/random.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace {

using ia32::decode;
using ia32::Instruction;

using Bytes = std::vector<std::uint8_t>;

/// Decode exactly these bytes: whoever reads one more is caught by the address sanitizer.
Instruction decode_alone (Bytes const& bytes)
{
    auto const copy = std::make_unique<std::uint8_t[]> (bytes.size ());
    std::copy (bytes.begin (), bytes.end (), copy.get ());
    return decode ({ copy.get (), bytes.size () });
}

struct Sample {
    Bytes bytes;
    Instruction::Kind kind;
};

Sample const emulated[] {
    { { 0x0F, 0x01, 0x18 }, Instruction::load_exception_table },
    { { 0x0F, 0x01, 0x10 }, Instruction::load_descriptors },
    { { 0x0F, 0x21, 0xC0 }, Instruction::read_debug_register },
    { { 0x0F, 0x23, 0xFF }, Instruction::write_debug_register },
    { { 0x0F, 0x32 }, Instruction::read_msr },
    { { 0x0F, 0x30 }, Instruction::write_msr },
    { { 0x0F, 0x09 }, Instruction::write_caches_back },
    { { 0xF4 }, Instruction::halt },
    { { 0xE4, 0x80 }, Instruction::port_in_code },
    { { 0xE5, 0x80 }, Instruction::port_in_code },
    { { 0xE6, 0x80 }, Instruction::port_in_code },
    { { 0xE7, 0x80 }, Instruction::port_in_code },
    { { 0xEC }, Instruction::port_in_dx },
    { { 0xED }, Instruction::port_in_dx },
    { { 0xEE }, Instruction::port_in_dx },
    { { 0xEF }, Instruction::port_in_dx },
    { { 0x6C }, Instruction::port_in_dx },
    { { 0x6D }, Instruction::port_in_dx },
    { { 0x6E }, Instruction::port_in_dx },
    { { 0x6F }, Instruction::port_in_dx },
    { { 0xFA }, Instruction::interrupt_flag },
    { { 0xFB }, Instruction::interrupt_flag },
    { { 0xF3, 0x66, 0x6D }, Instruction::port_in_dx },
    { { 0x66, 0xE5, 0x10 }, Instruction::port_in_code },
};

Sample const others[] {
    { { 0x90 }, Instruction::other },                   // nop
    { { 0xCD, 0x80 }, Instruction::other },             // int
    { { 0x0F, 0x01, 0x58, 0x04 }, Instruction::other }, // lidt [eax + 4]
    { { 0x0F, 0x01, 0x19 }, Instruction::other },       // lidt [ecx]
    { { 0x0F, 0x01, 0x20 }, Instruction::other },       // smsw [eax]
    { { 0x0F, 0x20, 0xC0 }, Instruction::other },       // mov eax, cr0
    { { 0x0F, 0x06 }, Instruction::other },             // clts
    { { 0x66, 0x0F, 0x01, 0x18 }, Instruction::other }, // with a prefix
    { { 0xF3, 0xF4 }, Instruction::other },
    { { 0xF0, 0xEC }, Instruction::other },             // lock
};

}  // namespace

TEST (Instruction, KnowsWhatTheKernelEmulates)
{
    for (Sample const& sample : emulated) {
        Instruction const instruction = decode_alone (sample.bytes);
        EXPECT_EQ (instruction.kind, sample.kind) << int { sample.bytes[0] };
        EXPECT_EQ (instruction.length, sample.bytes.size ()) << int { sample.bytes[0] };
    }
}

TEST (Instruction, LeavesEverythingElseAlone)
{
    for (Sample const& sample : others)
        EXPECT_EQ (decode_alone (sample.bytes).kind, Instruction::other) << int { sample.bytes[0] };
}

TEST (Instruction, IsIncompleteUntilItsLastByte)
{
    for (Sample const& sample : emulated)
        for (std::size_t n = 0; n < sample.bytes.size (); ++n) {
            Bytes const part (sample.bytes.begin (),
                              sample.bytes.begin () + static_cast<std::ptrdiff_t> (n));
            EXPECT_EQ (decode_alone (part).kind, Instruction::incomplete);
        }
}

TEST (Instruction, NamesRegisters)
{
    Instruction const write = decode_alone ({ 0x0F, 0x23, 0xF9 });     // mov dr7, ecx
    EXPECT_EQ (write.debug_register, 7);
    EXPECT_EQ (write.general_register, 1);
    Instruction const read = decode_alone ({ 0x0F, 0x21, 0x34 });      // mode bits do not count
    EXPECT_EQ (read.debug_register, 6);
    EXPECT_EQ (read.general_register, 4);
}

TEST (Instruction, CountsPorts)
{
    EXPECT_EQ (decode_alone ({ 0xEC }).port_count, 1);
    EXPECT_EQ (decode_alone ({ 0xED }).port_count, 4);
    EXPECT_EQ (decode_alone ({ 0x66, 0xED }).port_count, 2);
    EXPECT_EQ (decode_alone ({ 0x66, 0xEC }).port_count, 1);
    EXPECT_EQ (decode_alone ({ 0xF3, 0x66, 0x2E, 0x6F }).port_count, 2);
    EXPECT_EQ (decode_alone ({ 0xE4, 0x80 }).port, 0x80);
}

TEST (Instruction, EndsAtFifteenBytes)
{
    Bytes bytes (15, 0x66);
    EXPECT_EQ (decode_alone (bytes).kind, Instruction::other);
    bytes[14] = 0xED;
    EXPECT_EQ (decode_alone (bytes).kind, Instruction::port_in_dx);
    bytes[14] = 0xE5;
    EXPECT_EQ (decode_alone (bytes).kind, Instruction::other);
    bytes.pop_back ();
    EXPECT_EQ (decode_alone (bytes).kind, Instruction::incomplete);
}

TEST (Instruction, PortsEndAt64K)
{
    EXPECT_TRUE ((ia32::PortRange { 0xFFFF, 1 }.is_valid ()));
    EXPECT_TRUE ((ia32::PortRange { 0xFFFC, 4 }.is_valid ()));
    EXPECT_FALSE ((ia32::PortRange { 0xFFFD, 4 }.is_valid ()));
}

/// Whatever lies at the end of a page: nothing behind it is read, more bytes never change what
/// fewer have decided, and nothing is longer than what was looked at.
TEST (Instruction, TakesAnyBytesAtTheEndOfAPage)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    constexpr std::uint8_t likely[] { 0x0F, 0x01, 0x66, 0xF3, 0x67, 0x2E, 0xE4, 0xE7, 0x23, 0x21 };
    for (unsigned round = 0; round < 200'000; ++round) {
        Bytes bytes (Instruction::longest);
        for (std::uint8_t& byte : bytes)
            byte = random.below (2) == 0 ? likely[random.below (sizeof likely)]
                                         : static_cast<std::uint8_t> (random.below (256));
        Instruction const whole = decode_alone (bytes);
        ASSERT_NE (whole.kind, Instruction::incomplete);
        ASSERT_LE (whole.length, bytes.size ());
        ASSERT_LT (whole.debug_register, 8);
        ASSERT_LT (whole.general_register, 8);
        bytes.resize (random.below (Instruction::longest));
        Instruction const part = decode_alone (bytes);
        if (part.kind == Instruction::incomplete)
            continue;
        ASSERT_EQ (part.kind, whole.kind);
        ASSERT_EQ (part.length, whole.length);
        ASSERT_LE (part.length, bytes.size ());
    }
}
