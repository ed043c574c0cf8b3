// SPDX-License-Identifier: BSD-2-Clause
#include <l4/thread_id.hpp>

#include <support/random.hpp>

#include <gtest/gtest.h>

#include <type_traits>

using l4::ThreadId;
using l4::Word;

namespace {

static_assert (std::is_trivially_copyable_v<ThreadId> && sizeof (ThreadId) == 8);

/// Each field decoded from the 64-bit number by its position in the specification.
Word field (ThreadId id, unsigned shift, unsigned width)
{
    auto const number = std::uint64_t { id.high () } << 32 | id.low ();
    return static_cast<Word> (number >> shift & ((1u << width) - 1));
}

}  // namespace

TEST (ThreadId, HasTheWordsOfTheSpecification)
{
    EXPECT_EQ (ThreadId::make ({ 5, 3, 0, 4, 0, 0 }), ThreadId (0x000A0C00, 0x00080000));
    EXPECT_EQ (l4::sigma0_id, ThreadId (0x00040000, 0x00080000));
    EXPECT_EQ (l4::root_id, ThreadId (0x00080000, 0));
    EXPECT_EQ (l4::root_id.with_lthread (1), ThreadId (0x00080400, 0));
    EXPECT_EQ (l4::interrupt_id (1), ThreadId (2, 0));
}

TEST (ThreadId, EachFieldLiesWhereTheSpecificationSays)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    for (int i = 0; i < 1000; ++i) {
        ThreadId const id { random.word (), random.word () };
        ASSERT_EQ (id.lthread (), field (id, 10, 7));
        ASSERT_EQ (id.task (), field (id, 17, 11));
        ASSERT_EQ (id.version (), field (id, 0, 10) | field (id, 28, 4) << 10);
        ASSERT_EQ (id.site (), field (id, 32, 17));
        ASSERT_EQ (id.chief (), field (id, 49, 11));
        ASSERT_EQ (id.nest (), field (id, 60, 4));
    }
}

TEST (ThreadId, MakingFromItsFieldsGivesTheSameId)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    for (int i = 0; i < 1000; ++i) {
        ThreadId const id { random.word (), random.word () };
        ASSERT_EQ (ThreadId::make ({ id.task (), id.lthread (), id.version (), id.chief (),
                                     id.nest (), id.site () }),
                   id);
    }
}

TEST (ThreadId, NilAndInvalidAreKnownByTheLowWordAlone)
{
    EXPECT_TRUE (ThreadId (0, 0xDEAD).is_nil ());
    EXPECT_TRUE (ThreadId (0xFFFFFFFF, 0).is_invalid ());
    EXPECT_FALSE (ThreadId (1, 0).is_nil ());
    EXPECT_FALSE (ThreadId (0xFFFFFFFE, 0xFFFFFFFF).is_invalid ());
}

TEST (ThreadId, ThreadsOfATaskDifferInBits10To16Only)
{
    ThreadId const id { 0xA5A5A5A5, 0x5A5A5A5A };
    for (Word n = 0; n < ThreadId::threads_per_task; ++n) {
        ThreadId const other = id.with_lthread (n);
        EXPECT_EQ ((other.low () ^ id.low ()) & ~Word { 0x1FC00 }, 0u);
        EXPECT_EQ (other.high (), id.high ());
        EXPECT_EQ (other.lthread (), n);
        EXPECT_TRUE (other.same_task (id));
    }
}

TEST (ThreadId, AnotherVersionOrChiefIsAnotherTask)
{
    ThreadId const id = ThreadId::make ({ 7, 1, 3, 4, 0, 0 });
    EXPECT_FALSE (id.same_task (ThreadId::make ({ 7, 1, 4, 4, 0, 0 })));
    EXPECT_FALSE (id.same_task (ThreadId::make ({ 7, 1, 3 + 1024, 4, 0, 0 })));
    EXPECT_FALSE (id.same_task (ThreadId::make ({ 7, 1, 3, 5, 0, 0 })));
    EXPECT_FALSE (id.same_task (ThreadId::make ({ 8, 1, 3, 4, 0, 0 })));
}

TEST (ThreadId, TheIndexInPlaceIsTaskAndThread)
{
    ThreadId const id = ThreadId::make ({ 2047, 127, 0x3FFF, 0, 0, 0 });
    EXPECT_EQ (id.low () & ThreadId::index_mask, (2047u * 128 + 127) * 1024);
}

TEST (ThreadId, SixteenInterruptLinesHaveIds)
{
    for (unsigned line = 0; line < 16; ++line)
        EXPECT_TRUE (l4::is_interrupt_id (l4::interrupt_id (line)));
    EXPECT_FALSE (l4::is_interrupt_id (ThreadId::nil ()));
    EXPECT_FALSE (l4::is_interrupt_id (ThreadId (17, 0)));
}
