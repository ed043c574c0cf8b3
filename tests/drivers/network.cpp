// SPDX-License-Identifier: BSD-2-Clause
/// @file  The network card, in a net where 10.0.2.2 answers ARP requests.
#include <framework/check.hpp>
#include <root/protocol.hpp>

#include <drivers/net/frame.hpp>
#include <drivers/net/protocol.hpp>

#include "supervision.hpp"

using namespace guest;
using l4::Word;
using rt::Error;

namespace {

constexpr Word arp_size = 42;
constexpr std::uint8_t address_of_card[] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

constinit net::Network network {};
alignas (l4::page_size) constinit std::uint8_t frame[l4::page_size] {};

/// Who has 10.0.2.2? 10.0.2.15 wants to know.
void make_request ()
{
    constexpr std::uint8_t own[] = { 10, 0, 2, 15 };
    constexpr Word sender = net::Frame::header + 14;
    net::make_arp_request (frame, address_of_card, net::IpAddress { 0x0A00'0202 });
    __builtin_memcpy (frame + sender, own, sizeof own);
}

/// The next frame that is the answer to `make_request`. The net may have other things to tell.
[[nodiscard]] bool hear_answer ()
{
    constexpr Word most_others = 20;
    for (Word i = 0; i < most_others; ++i) {
        Word size = 0;
        if (network.receive (frame, size) != Error::none)
            continue;
        bool const for_us = __builtin_memcmp (frame, address_of_card, 6) == 0;
        bool const is_answer = size >= arp_size && frame[12] == 8 && frame[13] == 6
                               && frame[21] == 2 && frame[28] == 10 && frame[31] == 2;
        if (for_us && is_answer)
            return true;
    }
    return false;
}

}  // namespace

TEST_CASE ("NET-001", "the card tells its address", "")
{
    auto const card = network.describe ();
    REQUIRE_EQUAL (card.error, Error::none);
    for (Word i = 0; i < net::address_bytes; ++i)
        CHECK_EQUAL (card.value.address[i], address_of_card[i]);
    CHECK (card.value.base != 0);
}

TEST_CASE ("NET-002", "a request goes out, and its answer comes in, a hundred times", "")
{
    for (Word i = 0; i < 100; ++i) {
        make_request ();
        REQUIRE_EQUAL (network.send (frame, arp_size), Error::none);
        REQUIRE (hear_answer ());
    }
    auto const counts = network.statistics ();
    CHECK (counts.value.sent >= 99);
    CHECK (counts.value.received >= 100);
    CHECK_EQUAL (counts.value.send_errors, 0u);
    CHECK_EQUAL (counts.value.resets, 0u);
}

TEST_CASE ("NET-003", "answers that nobody fetches are lost at most, and the card goes on", "")
{
    for (Word i = 0; i < 200; ++i) {
        make_request ();
        REQUIRE_EQUAL (network.send (frame, arp_size), Error::none);
    }
    Word size = 1;
    while (network.receive (frame, size) == Error::none)
        CHECK (size >= net::least_frame);
    make_request ();
    REQUIRE_EQUAL (network.send (frame, arp_size), Error::none);
    CHECK (hear_answer ());
}

TEST_CASE ("NET-004", "who listens where nothing comes is told so in time", "")
{
    Word size = 1;
    CHECK_EQUAL (network.receive (frame, size), Error::not_found);
    CHECK_EQUAL (size, 0u);
}

TEST_CASE ("NET-005", "frames must have a header, and not be longer than the wire takes", "")
{
    CHECK_EQUAL (network.send (frame, net::least_frame - 1), Error::bad_request);
    CHECK_EQUAL (network.send (frame, net::most_frame + 1), Error::bad_request);
    CHECK_EQUAL (network.send (frame, l4::page_size), Error::bad_request);
    drivers::Message message {};
    message.ask (net::Send {});
    CHECK_EQUAL (network.device ().ask (message), Error::bad_request);
    message.put (0x7777, rt::Nothing {});
    CHECK_EQUAL (network.device ().ask (message), Error::bad_request);
    make_request ();
    CHECK_EQUAL (network.send (frame, net::most_frame), Error::none);
}

TEST_CASE ("NET-006", "a killed driver comes back, and so do answers", "")
{
    for (Word i = 0; i < 3; ++i) {
        Word const restarts = describe ("ne2000").restarts;
        REQUIRE (rt::call (root::service (), root::KillByName { "ne2000" }).ok ());
        make_request ();
        CHECK_EQUAL (drivers::persist ([] { return network.send (frame, arp_size); }),
                     Error::none);
        CHECK (hear_answer ());
        CHECK (describe ("ne2000").restarts > restarts);
    }
}
