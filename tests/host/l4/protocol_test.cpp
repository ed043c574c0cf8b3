// SPDX-License-Identifier: BSD-2-Clause
#include <l4/multiboot.hpp>
#include <l4/protocol/page_fault.hpp>
#include <l4/protocol/sigma0.hpp>
#include <l4/schedule.hpp>
#include <l4/syscall.hpp>

#include <gtest/gtest.h>

#include <cstddef>

using l4::PageFaultMessage;
using l4::ScheduleParameter;

TEST (PageFaultMessage, CarriesAddressAccessAndInstruction)
{
    PageFaultMessage const write { 0x00401236, 0x00010020 };
    EXPECT_EQ (write.address (), 0x00401234u);
    EXPECT_TRUE (write.is_write ());
    EXPECT_FALSE (write.is_io ());
    EXPECT_EQ (write.instruction (), 0x00010020u);
    EXPECT_FALSE ((PageFaultMessage { 0x12345678, 0 }.is_write ()));
}

TEST (PageFaultMessage, NamesThePortsOfAnIoFault)
{
    PageFaultMessage const in_32_bits { 0xF03F800A, 0 };
    EXPECT_TRUE (in_32_bits.is_io ());
    EXPECT_EQ (in_32_bits.ports ().port (), 0x3F8u);
    EXPECT_EQ (in_32_bits.ports ().size (), 4u);
    PageFaultMessage const all { 0xF0000042, 0 };
    EXPECT_EQ (all.ports ().size (), 65536u);
}

TEST (ScheduleParameter, HasTheWordsOfTheSpecification)
{
    EXPECT_EQ (ScheduleParameter (32, { 11, 39 }).raw (), 0x27B00020u);
    EXPECT_TRUE (ScheduleParameter { 0xFFFFFFFF }.is_read_only ());
    EXPECT_FALSE (ScheduleParameter { 0x27B00020 }.is_read_only ());
}

TEST (ScheduleParameter, EachFieldLiesWhereTheSpecificationSays)
{
    ScheduleParameter const parameter { 0x87654321 };
    EXPECT_EQ (parameter.priority (), 0x21u);
    EXPECT_EQ (parameter.small_space (), 0x43u);
    EXPECT_EQ (parameter.state (), 5u);
    EXPECT_EQ (parameter.slice (), (l4::Timeout { 6, 0x87 }));
}

TEST (SystemCall, VectorsAre30hTo36h)
{
    EXPECT_EQ (static_cast<l4::Word> (l4::SystemCall::ipc), 0x30u);
    EXPECT_EQ (static_cast<l4::Word> (l4::SystemCall::task_new), 0x36u);
}

TEST (Sigma0, RequestsHaveTheWordsOfTheSpecification)
{
    EXPECT_EQ (l4::sigma0::any_page, 0xFFFFFFFCu);
    EXPECT_EQ (l4::sigma0::w1_superpage, 0x58u);
    EXPECT_EQ (l4::sigma0::device_window + l4::sigma0::device_offset, 0x80000000u);
}

TEST (Multiboot, InformationHasTheOffsetsOfTheSpecification)
{
    using l4::multiboot::Info;
    EXPECT_EQ (offsetof (Info, memory_lower), 4u);
    EXPECT_EQ (offsetof (Info, command_line), 16u);
    EXPECT_EQ (offsetof (Info, modules_count), 20u);
    EXPECT_EQ (offsetof (Info, modules), 24u);
    EXPECT_EQ (offsetof (Info, memory_map_length), 44u);
    EXPECT_EQ (offsetof (Info, memory_map), 48u);
}

TEST (Multiboot, MapEntriesArePacked)
{
    using l4::multiboot::MemoryMapEntry;
    EXPECT_EQ (offsetof (MemoryMapEntry, base), 4u);
    EXPECT_EQ (offsetof (MemoryMapEntry, length), 12u);
    EXPECT_EQ (offsetof (MemoryMapEntry, type), 20u);
}
