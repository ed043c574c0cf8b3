// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

extern "C" {
void* tested_memcpy (void* destination, void const* source, std::size_t size);
void* tested_memmove (void* destination, void const* source, std::size_t size);
void* tested_memset (void* destination, int value, std::size_t size);
int tested_memcmp (void const* left, void const* right, std::size_t size);
std::size_t tested_strlen (char const* text);
}

namespace {

using Bytes = std::vector<unsigned char>;

/// 0, 1, 2, ...: a byte that lands in the wrong place shows.
Bytes counting (std::size_t size)
{
    Bytes bytes (size);
    std::iota (bytes.begin (), bytes.end (), static_cast<unsigned char> (1));
    return bytes;
}

int sign (int n) { return (n > 0) - (n < 0); }

}  // namespace

TEST (Memory, CopyMovesExactlyTheBytesAskedFor)
{
    Bytes const source = counting (40);
    for (std::size_t from = 0; from < 5; ++from)
        for (std::size_t to = 0; to < 5; ++to)
            for (std::size_t size = 0; size <= 20; ++size) {
                Bytes destination (40, 0xEE), expected (40, 0xEE);
                std::copy_n (source.begin () + from, size, expected.begin () + to);
                EXPECT_EQ (tested_memcpy (&destination[to], &source[from], size),
                           &destination[to]);
                ASSERT_EQ (destination, expected) << from << ' ' << to << ' ' << size;
            }
}

TEST (Memory, MoveIsRightForEveryOverlap)
{
    for (std::size_t from = 0; from < 12; ++from)
        for (std::size_t to = 0; to < 12; ++to)
            for (std::size_t size = 0; size <= 20; ++size) {
                Bytes bytes = counting (40), expected = bytes;
                Bytes const original = bytes;
                std::copy_n (original.begin () + from, size, expected.begin () + to);
                EXPECT_EQ (tested_memmove (&bytes[to], &bytes[from], size), &bytes[to]);
                ASSERT_EQ (bytes, expected) << from << ' ' << to << ' ' << size;
            }
}

TEST (Memory, SetUsesTheLowByteOfTheValue)
{
    for (std::size_t start = 0; start < 5; ++start)
        for (std::size_t size = 0; size <= 20; ++size) {
            Bytes bytes = counting (40), expected = bytes;
            std::fill_n (expected.begin () + start, size, 0xA5);
            EXPECT_EQ (tested_memset (&bytes[start], 0x12345A5, size), &bytes[start]);
            ASSERT_EQ (bytes, expected) << start << ' ' << size;
        }
}

TEST (Memory, CompareOrdersByTheFirstDifferentUnsignedByte)
{
    EXPECT_EQ (tested_memcmp ("abc", "abd", 2), 0);
    EXPECT_EQ (sign (tested_memcmp ("abc", "abd", 3)), -1);
    EXPECT_EQ (sign (tested_memcmp ("\xFF", "\x01", 1)), 1);
    EXPECT_EQ (tested_memcmp ("x", "y", 0), 0);
}

TEST (Memory, LengthStopsAtTheZero)
{
    EXPECT_EQ (tested_strlen (""), 0u);
    EXPECT_EQ (tested_strlen ("pecan"), 5u);
    EXPECT_EQ (tested_strlen (std::string (1000, 'x').c_str ()), 1000u);
}
