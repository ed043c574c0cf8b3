// SPDX-License-Identifier: BSD-2-Clause
/// @file  The network at the console.
///
///     net                     the card, and what it has counted
///     net show [N]            the next N frames (10), until nothing comes for two seconds
///     net ask A.B.C.D         who has this address (ARP); shows what comes
#include <runtime/kip.hpp>
#include <runtime/main.hpp>
#include <runtime/print.hpp>
#include <runtime/words.hpp>

#include <drivers/net/frame.hpp>
#include <drivers/net/protocol.hpp>

namespace {

using net::Word;
using rt::Error;

constexpr Word usual_count = 10;
constexpr std::uint64_t patience = 2'000'000;       // microseconds

constinit net::Network network {};
alignas (l4::page_size) constinit std::uint8_t buffer[net::most_frame] {};

int fail (Error error)
{
    rt::print ("net: ", error == Error::not_found ? "there is no card" : rt::text (error), "\n");
    return 1;
}

void print_address (std::uint8_t const* address)
{
    for (Word i = 0; i < net::address_bytes; ++i)
        rt::print (i == 0 ? "" : ":", rt::hex (address[i], 2));
}

void print_frame (Word size)
{
    net::Frame const frame { buffer, size };
    print_address (frame.source ());
    rt::print (" > ");
    print_address (frame.destination ());
    rt::print ("  type ", rt::hex (frame.type (), 4), "  ", rt::padded (size, 4), " bytes ");
    if (auto const arp = frame.arp ()) {
        rt::print (arp->is_answer ? " ARP: " : " ARP: who has ");
        if (arp->is_answer) {
            net::print (arp->sender);
            rt::print (" is ");
            print_address (arp->sender_address);
        } else {
            net::print (arp->target);
            rt::print (", asks ");
            net::print (arp->sender);
        }
    } else
        for (Word i = net::Frame::header; i < size && i < net::Frame::header + 12; ++i)
            rt::print (" ", rt::hex (buffer[i], 2));
    rt::print ("\n");
}

int describe ()
{
    auto const card = network.describe ();
    if (!card.ok ())
        return fail (card.error);
    rt::print ("card: ");
    print_address (card.value.address);
    rt::print (card.value.on_pci != 0 ? ", PCI" : ", ISA", ", ports ",
               rt::hex (card.value.base, 4), ", line ", card.value.line, "\n");
    auto const counts = network.statistics ();
    if (!counts.ok ())
        return fail (counts.error);
    rt::print ("sent ", counts.value.sent, ", errors ", counts.value.send_errors, "; received ",
               counts.value.received, ", errors ", counts.value.receive_errors, ", missed ",
               counts.value.missed, ", overruns ", counts.value.overruns, "; resets ",
               counts.value.resets, "\n");
    return 0;
}

/// @return how many came, or nothing if the driver failed
int show (Word count)
{
    std::uint64_t deadline = rt::clock () + patience;
    Word shown = 0;
    while (shown < count && rt::clock () < deadline) {
        Word size = 0;
        Error const error = network.receive (buffer, size);
        if (error == Error::not_found || error == Error::unavailable)
            continue;
        if (error != Error::none)
            return fail (error);
        print_frame (size);
        ++shown;
        deadline = rt::clock () + patience;
    }
    if (shown == 0)
        rt::print ("net: nothing came\n");
    return shown == 0 ? 1 : 0;
}

int ask (std::string_view text)
{
    auto const target = net::parse_address (text);
    if (!target) {
        rt::print ("net: ", text, " is no address\n");
        return 2;
    }
    auto const card = network.describe ();
    if (!card.ok ())
        return fail (card.error);
    Word const size = net::make_arp_request (buffer, card.value.address, *target);
    Error const error = drivers::persist ([&] { return network.send (buffer, size); });
    return error == Error::none ? show (1) : fail (error);
}

}  // namespace

int main (std::string_view arguments)
{
    std::string_view const what = rt::take_word (arguments);
    std::string_view const argument = rt::take_word (arguments);
    if (what.empty ())
        return describe ();
    if (what == "show") {
        Word const count = rt::parse_decimal (argument);
        return show (count == 0 ? usual_count : count);
    }
    if (what == "ask" && !argument.empty ())
        return ask (argument);
    rt::print ("usage: net [show [N] | ask A.B.C.D]\n");
    return 2;
}
