// SPDX-License-Identifier: BSD-2-Clause
#include <l4/ipc.hpp>
#include <l4/message.hpp>

#include <gtest/gtest.h>

#include <cstddef>

using l4::Fpage;
using l4::IpcError;
using l4::MessageDope;
using l4::ReceiveDescriptor;
using l4::SendDescriptor;
using l4::Word;

TEST (SendDescriptor, HasTheWordsOfTheSpecification)
{
    EXPECT_EQ (SendDescriptor::nil ().raw (), 0xFFFFFFFFu);
    EXPECT_EQ (SendDescriptor::registers ().raw (), 0u);
    EXPECT_EQ (SendDescriptor::short_fpage ().raw (), 2u);
}

TEST (SendDescriptor, KeepsFlagsInTheLowBitsOfTheAddress)
{
    SendDescriptor const descriptor { 0x00123457 };
    EXPECT_EQ (descriptor.address (), 0x00123454u);
    EXPECT_TRUE (descriptor.maps () && descriptor.deceives ());
    EXPECT_FALSE (SendDescriptor { 0x00123454 }.maps ());
    EXPECT_FALSE (SendDescriptor { 0x00123454 }.deceives ());
    EXPECT_FALSE (descriptor.is_nil ());
}

TEST (SendDescriptor, OnlyTheExactWordIsNil)
{
    EXPECT_FALSE (SendDescriptor { 0xFFFFFFFE }.is_nil ());
    EXPECT_FALSE (SendDescriptor { 0xC0000000 }.is_nil ());
}

TEST (ReceiveDescriptor, HasTheWordsOfTheSpecification)
{
    auto const window = ReceiveDescriptor::map_window (Fpage::memory (0x10000000, 22));
    EXPECT_EQ (window.raw (), 0x1000005Au);
    EXPECT_EQ (window.open ().raw (), 0x1000005Bu);
    EXPECT_EQ (ReceiveDescriptor::map_window (Fpage::whole_space ()).raw (), 0x82u);
    EXPECT_EQ (ReceiveDescriptor::map_window (Fpage::whole_space ()).open ().raw (), 0x83u);
    EXPECT_EQ (ReceiveDescriptor::map_window (Fpage::whole_io ()).raw (), 0xF0000042u);
    EXPECT_EQ (ReceiveDescriptor::registers ().open ().raw (), 1u);
}

TEST (ReceiveDescriptor, GivesItsWindowBackWithoutRights)
{
    auto const window
        = ReceiveDescriptor::map_window (Fpage::memory (0x10000000, 22)).open ().window ();
    EXPECT_EQ (window.base (), 0x10000000u);
    EXPECT_EQ (window.log2_size (), 22u);
    EXPECT_FALSE (window.writable ());
}

TEST (ReceiveDescriptor, KeepsTheAddressOfABuffer)
{
    ReceiveDescriptor const descriptor { 0x00123455 };
    EXPECT_TRUE (descriptor.is_open ());
    EXPECT_FALSE (descriptor.has_window ());
    EXPECT_EQ (descriptor.address (), 0x00123454u);
}

TEST (MessageDope, HasTheWordsOfTheSpecification)
{
    EXPECT_EQ (MessageDope (5, 1).raw (), 0x0000A100u);
    EXPECT_EQ (MessageDope (2, 0).raw (), 0x00004000u);
}

TEST (MessageDope, EachFieldLiesWhereTheSpecificationSays)
{
    MessageDope const dope { 0x89ABCDEF };
    EXPECT_EQ (dope.dwords (), 0x89ABCDEFu >> 13);
    EXPECT_EQ (dope.strings (), 0xDu);
    EXPECT_EQ (dope.error (), 0xE0u);
    EXPECT_TRUE (dope.deceited () && dope.mapped () && dope.redirected ()
                 && dope.from_inner_clan ());
    EXPECT_FALSE (dope.ok ());
    EXPECT_TRUE (MessageDope { 0x4001 }.ok ());
}

TEST (MessageDope, HoldsTheLargestCounts)
{
    MessageDope const dope { 0x7FFFF, 31 };
    EXPECT_EQ (dope.dwords (), 0x7FFFFu);
    EXPECT_EQ (dope.strings (), 31u);
}

TEST (MessageLayout, HasTheOffsetsOfTheSpecification)
{
    EXPECT_EQ (offsetof (l4::MessageHeader, window), 0u);
    EXPECT_EQ (offsetof (l4::MessageHeader, size), 4u);
    EXPECT_EQ (offsetof (l4::MessageHeader, send), 8u);
    EXPECT_EQ (offsetof (l4::MessageHeader, w0), 12u);
    EXPECT_EQ (offsetof (l4::MessageHeader, w1), 16u);
    EXPECT_EQ (offsetof (l4::StringDope, send_size), 0u);
    EXPECT_EQ (offsetof (l4::StringDope, send_address), 4u);
    EXPECT_EQ (offsetof (l4::StringDope, receive_size), 8u);
    EXPECT_EQ (offsetof (l4::StringDope, receive_address), 12u);
}

TEST (IpcError, TheSenderSeesTheReceiversCodePlus10h)
{
    for (Word code = 0x20; code <= 0xE0; code += 0x20)
        EXPECT_EQ (l4::sender_code (static_cast<IpcError> (code)),
                   static_cast<IpcError> (code + 0x10));
    EXPECT_EQ (l4::sender_code (IpcError::none), IpcError::none);
    EXPECT_EQ (l4::sender_code (IpcError::not_existent), IpcError::not_existent);
}
