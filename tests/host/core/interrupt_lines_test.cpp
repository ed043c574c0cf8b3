// SPDX-License-Identifier: BSD-2-Clause
#include <core/interrupt_lines.hpp>

#include <gtest/gtest.h>

#include <vector>

#include <support/random.hpp>

namespace {

using kernel::Acknowledge;

struct Thread {
    std::uint8_t interrupt_line { 0 };
    bool waiting { false };         ///< for its line
    bool line_waits { false };

    [[nodiscard]] bool waits_for (l4::ThreadId id) const
    {
        return waiting && id == l4::interrupt_id (interrupt_line - 1U);
    }
    void set_line_waits (bool waits) { line_waits = waits; }
};

/// Remembers what it was told.
struct Controller {
    static inline bool masked[l4::interrupt_lines];
    static inline unsigned acknowledged[l4::interrupt_lines];
    static inline unsigned accesses;

    static void reset ()
    {
        for (unsigned n = 0; n < l4::interrupt_lines; ++n) {
            masked[n] = true;
            acknowledged[n] = 0;
        }
        accesses = 0;
    }
    static void mask (unsigned n) { masked[n] = true; ++accesses; }
    static void unmask (unsigned n) { masked[n] = false; ++accesses; }
    static void acknowledge (unsigned n) { ++acknowledged[n]; ++accesses; }
    static bool is_for_users (unsigned n) { return n < l4::interrupt_lines && n != 0 && n != 2; }
};

constexpr unsigned line = 4;

struct InterruptLinesTest : testing::Test {
    InterruptLinesTest ()
    {
        Controller::reset ();
    }

    void wait (Thread& thread, bool accepts = true)
    {
        ASSERT_FALSE (lines.begin_receive (thread, accepts));
        thread.waiting = accepts;
    }

    Thread handler, other;
    kernel::InterruptLines<Thread, Controller> lines;
};

TEST_F (InterruptLinesTest, AttachingOpensTheLineAndRefusesItToOthers)
{
    EXPECT_TRUE (lines.can_attach (handler, line));
    lines.attach (handler, line, Acknowledge::kernel);
    EXPECT_EQ (handler.interrupt_line, line + 1);
    EXPECT_FALSE (Controller::masked[line]);
    EXPECT_TRUE (lines.can_attach (handler, line));
    EXPECT_FALSE (lines.can_attach (other, line));
    EXPECT_FALSE (lines.can_attach (other, 0));
    EXPECT_FALSE (lines.can_attach (other, 2));
    EXPECT_FALSE (lines.can_attach (other, l4::interrupt_lines));
    EXPECT_TRUE (lines.consistent ());
}

TEST_F (InterruptLinesTest, AWaitingHandlerGetsTheMessageAtOnce)
{
    lines.attach (handler, line, Acknowledge::kernel);
    wait (handler);
    EXPECT_EQ (lines.fire (line), &handler);
    EXPECT_TRUE (Controller::masked[line]);
    EXPECT_EQ (Controller::acknowledged[line], 1u);
    EXPECT_FALSE (lines.has_message (handler));
}

TEST_F (InterruptLinesTest, OneMessageIsKeptForABusyHandler)
{
    lines.attach (handler, line, Acknowledge::kernel);
    EXPECT_EQ (lines.fire (line), nullptr);
    EXPECT_EQ (lines.fire (line), nullptr);
    EXPECT_TRUE (lines.has_message (handler));
    EXPECT_TRUE (lines.begin_receive (handler, true));
    EXPECT_TRUE (Controller::masked[line]);
    EXPECT_FALSE (lines.begin_receive (handler, true));
    EXPECT_FALSE (Controller::masked[line]);
}

TEST_F (InterruptLinesTest, AReceiveThatDoesNotAcceptTheLineLeavesItAsItIs)
{
    lines.attach (handler, line, Acknowledge::kernel);
    wait (handler);
    EXPECT_EQ (lines.fire (line), &handler);
    handler.waiting = false;
    wait (handler, false);
    EXPECT_TRUE (Controller::masked[line]);
    EXPECT_TRUE (lines.release (handler));
    EXPECT_FALSE (Controller::masked[line]);
    EXPECT_EQ (lines.fire (line), nullptr);     // it waits, but not for this
    EXPECT_TRUE (lines.has_message (handler));
}

TEST_F (InterruptLinesTest, AnOpenLineIsNotUnmaskedAgain)
{
    lines.attach (handler, line, Acknowledge::kernel);
    unsigned const before = Controller::accesses;
    for (unsigned n = 0; n < 5; ++n)
        EXPECT_FALSE (lines.begin_receive (handler, true));
    EXPECT_TRUE (lines.release (handler));
    EXPECT_EQ (Controller::accesses, before);
}

TEST_F (InterruptLinesTest, DetachingMasksTheLineAndDropsItsMessage)
{
    lines.attach (handler, line, Acknowledge::kernel);
    EXPECT_EQ (lines.fire (line), nullptr);
    lines.detach (handler);
    EXPECT_EQ (handler.interrupt_line, 0);
    EXPECT_TRUE (Controller::masked[line]);
    EXPECT_TRUE (lines.consistent ());
    lines.attach (other, line, Acknowledge::kernel);
    EXPECT_FALSE (lines.has_message (other));
    lines.detach (handler);                     // has none any more
    EXPECT_EQ (other.interrupt_line, line + 1);
}

TEST_F (InterruptLinesTest, AttachingAnotherLineFreesTheFirst)
{
    lines.attach (handler, line, Acknowledge::kernel);
    lines.attach (handler, line + 1, Acknowledge::kernel);
    EXPECT_TRUE (lines.can_attach (other, line));
    EXPECT_TRUE (Controller::masked[line]);
    EXPECT_FALSE (Controller::masked[line + 1]);
    EXPECT_TRUE (lines.consistent ());
}

TEST_F (InterruptLinesTest, TheOwnLineIsKeptWithItsMessage)
{
    lines.attach (handler, line, Acknowledge::kernel);
    EXPECT_EQ (lines.fire (line), nullptr);
    lines.attach (handler, line, Acknowledge::kernel);
    EXPECT_TRUE (lines.has_message (handler));
}

TEST_F (InterruptLinesTest, ADriverThatAcknowledgesHasTheControllerToItself)
{
    Controller::unmask (line);                  // by an earlier driver
    lines.attach (handler, line, Acknowledge::driver);
    EXPECT_TRUE (Controller::masked[line]);
    Controller::unmask (line);                  // by the driver
    unsigned const before = Controller::accesses;
    wait (handler);
    EXPECT_EQ (lines.fire (line), &handler);
    handler.waiting = false;
    EXPECT_EQ (lines.fire (line), nullptr);
    EXPECT_TRUE (lines.begin_receive (handler, true));
    EXPECT_FALSE (lines.release (handler));
    EXPECT_EQ (Controller::accesses, before);
    lines.detach (handler);
    EXPECT_TRUE (Controller::masked[line]);
    EXPECT_EQ (Controller::acknowledged[line], 1u);
}

TEST_F (InterruptLinesTest, AFreeLineIsMaskedAndAcknowledged)
{
    Controller::masked[line] = false;
    EXPECT_EQ (lines.fire (line), nullptr);
    EXPECT_TRUE (Controller::masked[line]);
    EXPECT_EQ (Controller::acknowledged[line], 1u);
    EXPECT_TRUE (lines.consistent ());
}

TEST_F (InterruptLinesTest, ALineWaitsForItsHandlerWhileItIsClosedOrHasAMessage)
{
    lines.attach (handler, line, Acknowledge::kernel);
    EXPECT_FALSE (handler.line_waits);
    wait (handler);
    EXPECT_FALSE (handler.line_waits);
    EXPECT_EQ (lines.fire (line), &handler);
    EXPECT_TRUE (handler.line_waits);           // closed
    handler.waiting = false;
    EXPECT_TRUE (lines.open (handler));
    EXPECT_FALSE (handler.line_waits);
    EXPECT_EQ (lines.fire (line), nullptr);
    EXPECT_FALSE (lines.open (handler));        // pending
    EXPECT_TRUE (lines.has_message (handler));
    EXPECT_TRUE (lines.begin_receive (handler, true));
    EXPECT_TRUE (handler.line_waits);           // taken, but still closed
    EXPECT_TRUE (lines.release (handler));
    EXPECT_FALSE (handler.line_waits);
    EXPECT_EQ (lines.fire (line), nullptr);
    lines.detach (handler);
    EXPECT_FALSE (handler.line_waits);
}

TEST_F (InterruptLinesTest, OnlyLinesThatTheKernelAcknowledgesAreFast)
{
    auto const is_fast = [this] {
        using Line = decltype (lines)::Line;        // where the assembly path sees it
        return reinterpret_cast<Line const*> (&lines)[line].is_fast;
    };
    lines.attach (handler, line, Acknowledge::kernel);
    EXPECT_FALSE (is_fast ());                  // not allowed yet
    lines.detach (handler);
    lines.allow_fast_delivery ();
    lines.attach (handler, line, Acknowledge::kernel);
    EXPECT_TRUE (is_fast ());
    lines.detach (handler);
    EXPECT_FALSE (is_fast ());
    lines.attach (handler, line, Acknowledge::driver);
    EXPECT_FALSE (is_fast ());
}

/// A line that may fire is open, a line that fired is masked until its handler asks again.
TEST_F (InterruptLinesTest, AnySequenceKeepsTheInvariant)
{
    std::vector<Thread> threads (5);
    Random random;
    SCOPED_TRACE (random.replay ());
    for (unsigned n = 0; n < 20'000; ++n) {
        Thread& thread = threads[random.below (5)];
        unsigned const number = 3 + random.below (3);
        switch (random.below (5)) {
        case 0:
            if (lines.can_attach (thread, number)) {
                thread.waiting = false;
                lines.attach (thread, number,
                              random.below (2) == 0 ? Acknowledge::kernel : Acknowledge::driver);
            }
            break;
        case 1:
            thread.waiting = false;
            lines.detach (thread);
            break;
        case 2:
            if (Thread* const woken = lines.fire (number)) {
                ASSERT_TRUE (woken->waiting);
                ASSERT_EQ (woken->interrupt_line, number + 1);
                woken->waiting = false;
            }
            break;
        default:
            if (thread.interrupt_line != 0 && !thread.waiting) {
                bool const had = lines.has_message (thread);
                bool const accepts = random.below (3) != 0;
                bool const waits = thread.line_waits;
                unsigned const before = Controller::accesses;
                ASSERT_EQ (lines.begin_receive (thread, accepts), had && accepts);
                ASSERT_TRUE (waits || (!had && Controller::accesses == before));
                thread.waiting = accepts && !had;
            }
        }
        ASSERT_TRUE (lines.consistent ());
    }
}

}  // namespace
