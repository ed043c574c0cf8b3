// SPDX-License-Identifier: BSD-2-Clause
/// @file  The driver of an NE2000 network card, on PCI or ISA, by drivers/net/protocol.hpp.
///
///     ne2000 [BASE]           an ISA card cannot tell where its ports are: 768, which is 300h
#include <runtime/main.hpp>
#include <runtime/print.hpp>
#include <runtime/words.hpp>

#include <drivers/driver.hpp>
#include <drivers/net/protocol.hpp>
#include <drivers/pci.hpp>

#include "card.hpp"

namespace {

using drivers::Message;
using l4::Word;
using rt::Error;

static_assert (net::most_frame == ne2000::most_frame);

/// PCI cards that are an NE2000 behind their first base address.
constexpr Word pci_cards[] = {
    pci::device (0x10EC, 0x8029),       // Realtek RTL8029
    pci::device (0x1050, 0x0940),       // Winbond W89C940
    pci::device (0x1106, 0x0926),       // VIA VT86C926
    pci::device (0x8E2E, 0x3000),       // KTI ET32P2
    pci::device (0x4A14, 0x5000),       // NetVin NV5000
};

constinit drivers::Heartbeat heartbeat {};
alignas (l4::page_size) constinit std::byte exchange[Message::most_bytes] {};

struct Waiting {
    static void pause ()
    {
        constexpr Word millisecond = 1000;
        rt::sleep_microseconds (millisecond);
        heartbeat.beat_if_due (true);
    }
};

struct Place {
    Word base { 0 };
    unsigned line { 0 };
    bool on_pci { false };
};

/// On ISA the line is not known yet.
[[nodiscard]] Place find_place (drivers::MachinePorts& ports, std::string_view arguments)
{
    constexpr Word usual_base = 0x300;
    pci::Configuration bus { ports };
    if (bus.present ())
        if (pci::Found const found = bus.find (pci_cards); found.base != 0)
            return { found.base, found.line, true };
    Word const base = rt::parse_decimal (rt::take_word (arguments));
    return { base == 0 ? usual_base : base, 0, false };
}

class NetworkDriver {
public:
    /// @return whether there is a card
    [[nodiscard]] bool find (Place const& place)
    {
        place_ = place;
        return card_.find (place.base);
    }

    /// Attach to the card's line. @return whether it could be found
    [[nodiscard]] bool find_line ()
    {
        if (place_.on_pci)
            return drivers::Line { place_.line }.attach ();
        constexpr unsigned lines[] = { 9, 3, 5, 10, 11 };   // that such cards can be set to
        for (unsigned const line : lines)
            if (raises (line)) {
                place_.line = line;
                return true;
            }
        return false;
    }

    void start () { card_.start (); }
    [[nodiscard]] drivers::Line line () const { return drivers::Line { place_.line }; }

    void interrupt ()
    {
        card_.interrupt ();
        if (Message& answer = later (); !listener_.is_nil () && load_frame (answer))
            answer_listener (answer);
    }

    /// Nothing has happened for a while: nobody is kept waiting any longer.
    void idle ()
    {
        interrupt ();
        if (listener_.is_nil ())
            return;
        Message& answer = later ();
        answer.answer (Error::not_found);
        answer_listener (answer);
    }

    [[nodiscard]] bool handle (l4::ThreadId client, Message& message)
    {
        switch (message.first ()) {
        case net::Describe::operation: describe (message); return true;
        case net::Send::operation: send (message); return true;
        case net::Receive::operation: return receive (client, message);
        case net::Statistics::operation: count (message); return true;
        default: message.answer (Error::bad_request); return true;
        }
    }

private:
    [[nodiscard]] bool raises (unsigned number)
    {
        constexpr auto patience = l4::Timeout::at_least (10'000);
        drivers::Line const line { number };
        if (!line.attach ())
            return false;
        card_.raise_line ();
        bool const fired = line.wait (patience);
        card_.lower_line ();
        return fired;
    }

    /// For answers that are not those to the request at hand.
    [[nodiscard]] static Message& later ()
    {
        static constinit Message message {};
        return message;
    }

    void describe (Message& message) const
    {
        net::Describe::Answer answer {};
        for (Word i = 0; i < net::address_bytes; ++i)
            answer.address[i] = card_.address ()[i];
        answer.on_pci = place_.on_pci ? 1 : 0;
        answer.line = static_cast<std::uint8_t> (place_.line);
        answer.base = place_.base;
        message.answer (answer);
    }

    void send (Message& message)
    {
        Word const size = message.byte_count ();
        if (!card_.fits (size))
            message.answer (Error::bad_request);
        else
            message.answer (card_.send ({ exchange, size }) ? Error::none : Error::device);
    }

    /// @return whether the answer is there
    [[nodiscard]] bool receive (l4::ThreadId client, Message& message)
    {
        if (load_frame (message))
            return true;
        if (!listener_.is_nil () && listener_ != client) {
            message.answer (Error::taken);
            return true;
        }
        listener_ = client;
        tries_ = 0;
        return false;
    }

    /// A frame that it does not take is lost, as others are on the wire.
    void answer_listener (Message& message)
    {
        if (drivers::answer (listener_, message) || ++tries_ == drivers::most_answers)
            listener_ = {};
    }

    [[nodiscard]] bool load_frame (Message& message)
    {
        Word const size = card_.receive (exchange);
        if (size == 0)
            return false;
        message.answer (Error::none);
        message.attach (exchange, size);
        return true;
    }

    void count (Message& message) const
    {
        ne2000::Counters const& card = card_.counters ();
        message.answer (net::Statistics::Answer { card.sent, card.received, card.send_errors,
                                                  card.receive_errors, card.missed,
                                                  card.overruns, card.resets });
    }

    drivers::MachinePorts ports_ {};
    Waiting waiting_ {};
    ne2000::Card<drivers::MachinePorts, Waiting> card_ { ports_, waiting_ };
    Place place_ {};
    l4::ThreadId listener_ {};
    Word tries_ { 0 };
};

}  // namespace

int main (std::string_view arguments)
{
    if (!drivers::begin (heartbeat)) {
        rt::print ("ne2000: its name is somebody else's\n");
        return drivers::status_not_mine;
    }
    drivers::MachinePorts ports {};
    static NetworkDriver driver {};
    if (!driver.find (find_place (ports, arguments))) {
        rt::print ("ne2000: no card\n");
        return drivers::status_no_device;
    }
    if (!driver.find_line ()) {
        rt::print ("ne2000: the card's line is not found, or somebody else's\n");
        return drivers::status_not_mine;
    }
    driver.start ();
    exchange[0] = {};                   // the page is there before the kernel copies into it
    static Message message { exchange, sizeof exchange };
    drivers::serve (driver, message, driver.line (), heartbeat);
}
