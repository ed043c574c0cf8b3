// SPDX-License-Identifier: BSD-2-Clause
/// @file  The NE2000 driver's register logic on a card that only pretends; PCI; frames.
#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include <drivers/ne2000/card.hpp>
#include <drivers/net/frame.hpp>
#include <drivers/pci.hpp>

#include "fake_card.hpp"

namespace {

using fake::Frame;
using l4::Word;

using Card = ne2000::Card<fake::Card, fake::Card>;

Frame frame_of (Word size, unsigned seed)
{
    std::minstd_rand random { seed };
    Frame frame (size);
    for (std::uint8_t& byte : frame)
        byte = static_cast<std::uint8_t> (random ());
    return frame;
}

class Ne2000Test : public testing::Test {
protected:
    void SetUp () override
    {
        ASSERT_TRUE (card.find (fake::Card::base));
        card.start ();
    }

    bool send (Frame const& frame) { return card.send (std::as_bytes (std::span { frame })); }

    Frame receive ()
    {
        std::byte buffer[ne2000::most_frame];
        Word const size = card.receive (buffer);
        auto const* const bytes = reinterpret_cast<std::uint8_t const*> (buffer);
        return { bytes, bytes + size };
    }

    fake::Card device {};
    Card card { device, device };
};

TEST_F (Ne2000Test, ReadsItsAddress)
{
    ne2000::EthernetAddress const address { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };
    EXPECT_EQ (card.address (), address);
    EXPECT_FALSE (device.interrupts ());
}

TEST (Ne2000, IsNotThereWhereNobodyAnswers)
{
    fake::Card device {};
    device.absent = true;
    Card card { device, device };
    EXPECT_FALSE (card.find (fake::Card::base));
}

TEST (Ne2000, IsNotThereWhereTransfersDoNotEnd)
{
    fake::Card device {};
    device.hangs = true;
    Card card { device, device };
    EXPECT_FALSE (card.find (fake::Card::base));
}

TEST (Ne2000, ShowsWhichLineIsItsOwn)
{
    fake::Card device {};
    Card card { device, device };
    ASSERT_TRUE (card.find (fake::Card::base));
    EXPECT_FALSE (device.interrupts ());
    card.raise_line ();
    EXPECT_TRUE (device.interrupts ());
    card.lower_line ();
    EXPECT_FALSE (device.interrupts ());
}

TEST_F (Ne2000Test, SendsWhatItIsGiven)
{
    for (Word size : { 60u, 61u, 64u, 999u, 1513u, 1514u }) {
        ASSERT_TRUE (send (frame_of (size, size)));
        EXPECT_EQ (device.sent.back (), frame_of (size, size));
        EXPECT_TRUE (device.interrupts ());
        card.interrupt ();
        EXPECT_FALSE (device.interrupts ());
    }
    EXPECT_EQ (card.counters ().sent, 6u);
}

TEST_F (Ne2000Test, FillsShortFramesWithZerosAndWithNothingOfTheOneBefore)
{
    ASSERT_TRUE (send (Frame (200, 0xFF)));
    for (Word size : { 14u, 15u, 42u, 43u, 58u, 59u }) {
        Frame expected = frame_of (size, size);
        ASSERT_TRUE (send (expected));
        expected.resize (ne2000::least_frame);
        EXPECT_EQ (device.sent.back (), expected) << size;
    }
}

TEST_F (Ne2000Test, WaitsForTheFrameBefore)
{
    device.sends_slowly = true;
    unsigned const pauses = device.pauses;
    ASSERT_TRUE (send (frame_of (100, 1)));
    EXPECT_EQ (device.pauses, pauses);
    ASSERT_TRUE (send (frame_of (100, 2)));
    EXPECT_GT (device.pauses, pauses);
    EXPECT_EQ (device.sent.size (), 2u);
}

TEST_F (Ne2000Test, ResetsATransmitterThatNeverEnds)
{
    device.sends_never = true;
    ASSERT_TRUE (send (frame_of (100, 1)));
    EXPECT_TRUE (send (frame_of (100, 2)));
    EXPECT_EQ (card.counters ().resets, 1u);
    EXPECT_EQ (device.sent.size (), 2u);
}

TEST_F (Ne2000Test, CountsWhatCouldNotBeSent)
{
    device.sends_never = true;
    ASSERT_TRUE (send (frame_of (100, 1)));
    device.finish_sending (false);
    card.interrupt ();
    EXPECT_EQ (card.counters ().send_errors, 1u);
    EXPECT_EQ (card.counters ().sent, 0u);
}

TEST_F (Ne2000Test, ReceivesWhatComesInOrderAndAroundTheRing)
{
    std::mt19937 random { 4711 };
    unsigned number = 0;
    for (unsigned round = 0; round < 500; ++round) {
        unsigned const burst = 1 + random () % 5;
        std::vector<Frame> expected;
        for (unsigned i = 0; i < burst; ++i) {
            Word const size = 60 + random () % (ne2000::most_frame - 59);
            expected.push_back (frame_of (size, ++number));
            ASSERT_TRUE (device.deliver (expected.back ()));
        }
        card.interrupt ();
        for (Frame const& frame : expected)
            ASSERT_EQ (receive (), frame);
        ASSERT_TRUE (receive ().empty ());
    }
    EXPECT_EQ (card.counters ().received, number);
    EXPECT_EQ (card.counters ().resets, 0u);
}

TEST_F (Ne2000Test, LeavesOutWhatWasDamagedOnTheWay)
{
    ASSERT_TRUE (device.deliver (frame_of (100, 1), false));
    ASSERT_TRUE (device.deliver (frame_of (101, 2)));
    device.crc_errors = 1;
    card.interrupt ();
    EXPECT_EQ (receive (), frame_of (101, 2));
    EXPECT_TRUE (receive ().empty ());
    EXPECT_EQ (card.counters ().receive_errors, 1u);
}

TEST_F (Ne2000Test, GoesOnAfterAnOverrun)
{
    unsigned delivered = 0;
    while (device.deliver (frame_of (1514, delivered)))
        ++delivered;
    EXPECT_GE (delivered, 8u);
    card.interrupt ();
    EXPECT_TRUE (receive ().empty ());
    EXPECT_EQ (card.counters ().overruns, 1u);
    EXPECT_EQ (card.counters ().missed, 1u);
    ASSERT_TRUE (device.deliver (frame_of (77, 99)));
    card.interrupt ();
    EXPECT_EQ (receive (), frame_of (77, 99));
}

TEST_F (Ne2000Test, DoesNotFollowABrokenRing)
{
    device.broken_links = true;
    ASSERT_TRUE (device.deliver (frame_of (100, 1)));
    EXPECT_TRUE (receive ().empty ());
    EXPECT_EQ (card.counters ().resets, 1u);
    device.broken_links = false;
    ASSERT_TRUE (device.deliver (frame_of (100, 2)));
    EXPECT_EQ (receive (), frame_of (100, 2));
}

TEST_F (Ne2000Test, KnowsWhichFramesFit)
{
    EXPECT_FALSE (Card::fits (0));
    EXPECT_FALSE (Card::fits (13));
    EXPECT_TRUE (Card::fits (14));
    EXPECT_TRUE (Card::fits (1514));
    EXPECT_FALSE (Card::fits (1515));
    EXPECT_FALSE (Card::fits (4096));
}

constexpr Word cards[] = { pci::device (0x1050, 0x0940), pci::device (0x10EC, 0x8029) };

TEST (Pci, FindsACardAndLetsItAnswer)
{
    fake::PciBus bus {};
    bus.command = 0x0002;
    pci::Configuration configuration { bus };
    ASSERT_TRUE (configuration.present ());
    pci::Found const found = configuration.find (cards);
    EXPECT_EQ (found.base, 0xC000u);
    EXPECT_EQ (found.line, 11u);
    EXPECT_EQ (bus.command, 0x0003u) << "bits of the status must not be written";
}

TEST (Pci, KnowsWhenThereIsNone)
{
    fake::PciBus bus {};
    bus.absent = true;
    EXPECT_FALSE (pci::Configuration { bus }.present ());
    fake::PciBus other {};
    other.identity = 0x1234'5678;
    EXPECT_EQ (pci::Configuration { other }.find (cards).base, 0u);
}

TEST (Pci, WantsPortsAndALine)
{
    fake::PciBus memory {};
    memory.base = 0xFEB0'0000;
    EXPECT_EQ (pci::Configuration { memory }.find (cards).base, 0u);
    fake::PciBus silent {};
    silent.line = 0xFF;
    EXPECT_EQ (pci::Configuration { silent }.find (cards).base, 0u);
}

TEST (Frame, ReadsAddresses)
{
    EXPECT_EQ (net::parse_address ("10.0.2.255")->value, 0x0A00'02FFu);
    for (std::string_view const text : { "", "10", "10.0.2", "10.0.2.", "10.0.2.256", "10.0.2.2.",
                                         "10.0.2.2x", "1.2.3.4.5", "a.b.c.d", "10..2.2",
                                         "00000.0.0.1", "-1.0.0.0" })
        EXPECT_FALSE (net::parse_address (text)) << text;
}

TEST (Frame, MakesAndReadsArp)
{
    std::uint8_t bytes[64];
    std::uint8_t const own[] = { 1, 2, 3, 4, 5, 6 };
    Word const size = net::make_arp_request (bytes, own, *net::parse_address ("10.0.2.2"));
    ASSERT_EQ (size, 42u);
    net::Frame const frame { bytes, size };
    EXPECT_EQ (frame.type (), 0x0806u);
    EXPECT_EQ (frame.destination ()[5], 0xFF);
    ASSERT_TRUE (frame.arp ());
    EXPECT_FALSE (frame.arp ()->is_answer);
    EXPECT_EQ (frame.arp ()->target.value, 0x0A00'0202u);
    EXPECT_EQ (frame.arp ()->sender.value, 0u);
    EXPECT_EQ (frame.arp ()->sender_address[0], 1);
    EXPECT_FALSE ((net::Frame { bytes, 41 }.arp ())) << "cut short";
    bytes[16] = 0x86;
    EXPECT_FALSE (frame.arp ()) << "not IPv4";
}

}  // namespace
