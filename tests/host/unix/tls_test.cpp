// SPDX-License-Identifier: BSD-2-Clause
/// @file  Descriptors from set_thread_area.
#include <gtest/gtest.h>

#include <unix/process/tls.hpp>

namespace {

using namespace unix_server;

TEST (UnixTls, EncodesWhatTheLibrariesAskFor)
{
    // Base 12345678h, 4 GB in pages, usable: what musl and glibc pass.
    Descriptor const d = encode ({ choose_entry, 0x12345678, 0xFFFFF, 0x51 });
    EXPECT_EQ (d.low, 0x5678FFFFu);
    EXPECT_EQ (d.high, 0x12CFF234u);
    EXPECT_EQ (encode ({ 6, 0, 0x123, 0x09 }).high, 0x0040F000u) << "read-only, in bytes";
}

TEST (UnixTls, KnowsDataSegmentsAlone)
{
    EXPECT_TRUE (can_encode ({ 6, 0, 0xFFFFF, 0x51 }));
    EXPECT_FALSE (can_encode ({ 6, 0, 0xFFFFF, 0x50 })) << "16 bits";
    EXPECT_FALSE (can_encode ({ 6, 0, 0xFFFFF, 0x53 })) << "grows downwards";
    EXPECT_FALSE (can_encode ({ 6, 0, 0xFFFFF, 0x55 })) << "code";
    EXPECT_FALSE (can_encode ({ 6, 0, 0x100000, 0x51 }));
    EXPECT_TRUE (is_empty (UserDescriptor { 6, 0, 0, 0x28 }));
    EXPECT_FALSE (is_empty (UserDescriptor { 6, 0, 0, 0x51 }));
}

}  // namespace
