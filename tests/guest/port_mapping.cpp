// SPDX-License-Identifier: BSD-2-Clause
/// @file  I/O ports from task to task, and back.
///
/// The ports are registers of the DMA page chip, which can be read without effect. Tasks 2 and 3
/// live for one case each.
#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/memory.hpp>
#include <framework/ports.hpp>
#include <framework/probes.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;
using l4::Fpage;

namespace {

constexpr unsigned b = 2, c = 3;            ///< partner tasks
constexpr Word completely_own_too = l4::unmap_completely | l4::unmap_in_own_space_too;

/// Four neighbours, of the test program.
[[nodiscard]] Fpage acquire_ports ()
{
    auto const ports = Fpage::io (0x84, 2);
    if (!ask_for_ports (ports).dope.mapped ())
        SKIP ("sigma0 does not give the ports");
    rt::fpage_unmap (ports, l4::unmap_completely);
    return ports;
}

[[nodiscard]] Fpage port_of (Fpage ports, Word n) { return Fpage::io (ports.port () + n, 0); }
[[nodiscard]] Fpage granted (Fpage ports) { return Fpage { ports.raw () | 1 }; }

void read_port (void* port)
{
    static_cast<void> (guest_in_byte (*static_cast<Word*> (port)));
}

/// Whether a thread that reads `port` goes on; if not, its pager is told which one it is.
[[nodiscard]] bool goes_on (Partner& partner, Word port)
{
    for (unsigned n = 0; n < 50 && !partner.done (); ++n) {
        auto const fault = rt::receive (partner.id (), within (1));
        if (!fault.dope.ok ())
            continue;
        CHECK_EQUAL (fault.w0, Fpage::io (port, 0).raw () | 2);
        break;
    }
    bool const done = partner.done ();
    partner.release ();
    return done;
}

[[nodiscard]] bool has (unsigned n, Fpage port)
{
    Word number = port.port ();
    return goes_on (partner_task (n).start (read_port, &number, rt::myself ()), number);
}

[[nodiscard]] bool case_has (Fpage port)
{
    Word number = port.port ();
    return goes_on (start_partner (read_port, &number, rt::myself ()), number);
}

/// From the test program to task `n`. @return whether something was mapped
bool give (unsigned n, Fpage ports)
{
    Delivery const delivery = map_into (Fpage::whole_io (), 0, ports, n);
    CHECK (delivery.received && delivery.receiver.dope.ok ());
    return delivery.receiver.dope.mapped ();
}

/// From task to task.
bool pass_on (unsigned from, unsigned to, Fpage ports)
{
    Exchange receiver = Exchange::wait (bounded);
    receiver.receive = l4::ReceiveDescriptor::map_window (Fpage::whole_io ()).open ();
    Partner& receiving = partner_task (to).start (exchange, &receiver);
    Exchange sender = Exchange::to (receiving.id (), { 0, ports.raw () }, bounded);
    sender.send = l4::SendDescriptor::short_fpage ();
    Partner& sending = partner_task (from).start (exchange, &sender);
    CHECK (receiving.finish () && sending.finish ());
    CHECK_EQUAL (sender.result.dope.raw (), 0u);
    receiving.release ();
    sending.release ();
    return receiver.result.dope.mapped ();
}

/// From a task to the test program.
bool give_back (unsigned from, Fpage ports)
{
    Exchange sender = Exchange::to (rt::myself (), { 0, ports.raw () }, bounded);
    sender.send = l4::SendDescriptor::short_fpage ();
    Partner& sending = partner_task (from).start (exchange, &sender);
    auto const message = rt::receive (sending.id (), bounded, rt::Window { Fpage::whole_io () });
    CHECK (sending.finish () && message.dope.ok ());
    sending.release ();
    return message.dope.mapped ();
}

void unmap_in (unsigned n, Fpage ports, Word mask = l4::unmap_completely)
{
    struct Order {
        Fpage ports;
        Word mask;
    } order { ports, mask };
    auto const unmap = [] (void* argument) {
        auto const& self = *static_cast<Order*> (argument);
        rt::fpage_unmap (self.ports, self.mask);
    };
    Partner& partner = partner_task (n).start (unmap, &order);
    CHECK (partner.finish ());
    partner.release ();
}

}  // namespace

TEST_CASE ("UNM-016", "a port can be taken back", "V2-191 V2-290 V2-323")
{
    auto const port = Fpage::io (acquire_port (), 0);
    for (Word mask : { Word { l4::unmap_completely }, Word { l4::unmap_remap_read_only } }) {
        REQUIRE (give (b, port));
        CHECK (has (b, port));
        rt::fpage_unmap (port, mask);
        CHECK (!has (b, port));
        CHECK (case_has (port));
    }
}

TEST_CASE ("IOP-009", "unmapping a port takes it from all below", "V2-323 V2-178 V2-044")
{
    Fpage const ports = acquire_ports ();
    Fpage const port = port_of (ports, 1);
    REQUIRE (give (b, port));
    REQUIRE (pass_on (b, c, port));
    CHECK (has (b, port) && has (c, port));
    rt::fpage_unmap (port, l4::unmap_completely);
    CHECK (!has (b, port));
    CHECK (!has (c, port));
    CHECK (case_has (port));
}

TEST_CASE ("IOP-010", "who received a port takes it from those below, and with bit f from itself",
           "V2-181 V2-092 V2-179")
{
    Fpage const port = port_of (acquire_ports (), 0);
    REQUIRE (give (b, port));
    REQUIRE (pass_on (b, c, port));
    unmap_in (c, port);
    CHECK (has (b, port) && has (c, port));
    unmap_in (b, port);
    CHECK (has (b, port) && !has (c, port));
    REQUIRE (pass_on (b, c, port));
    unmap_in (b, port, completely_own_too);
    CHECK (!has (b, port));
    CHECK (!has (c, port));
    CHECK (case_has (port));
}

TEST_CASE ("IOP-011", "a part of a range, a larger fpage, and all ports can be unmapped",
           "V2-290 V2-291 V2-040 V2-038")
{
    Fpage const ports = acquire_ports ();
    REQUIRE (give (b, ports));
    rt::fpage_unmap (Fpage::io (ports.port () + 2, 1), l4::unmap_completely);
    for (Word n = 0; n < 4; ++n)
        CHECK_EQUAL (has (b, port_of (ports, n)), n < 2);
    rt::fpage_unmap (Fpage::io (0x80, 5), l4::unmap_completely);
    CHECK (!has (b, port_of (ports, 0)));
    REQUIRE (give (b, ports));
    rt::fpage_unmap (Fpage::whole_io (), l4::unmap_completely);
    for (Word n = 0; n < 4; ++n)
        CHECK (!has (b, port_of (ports, n)));
}

TEST_CASE ("IOP-012", "a granted port leaves the granter and stays below the giver",
           "V2-047 V2-177 V2-044")
{
    Fpage const port = port_of (acquire_ports (), 3);
    REQUIRE (give (b, port));
    CHECK (pass_on (b, c, granted (port)));
    CHECK (!has (b, port));
    CHECK (has (c, port));
    unmap_in (b, port, completely_own_too);             // has nothing to take
    CHECK (has (c, port));
    rt::fpage_unmap (port, l4::unmap_completely);
    CHECK (!has (c, port));
}

TEST_CASE ("IOP-013", "a port that is mapped to where it comes from changes nothing",
           "V2-270 V2-064")
{
    Fpage const port = port_of (acquire_ports (), 2);
    REQUIRE (give (b, port));
    CHECK (!give_back (b, port));
    CHECK (!give_back (b, granted (port)));
    CHECK (has (b, port) && case_has (port));
    CHECK (give (b, port));                             // again: bit m, and no moment without it
    unmap_in (b, port, completely_own_too);
    CHECK (case_has (port));
}

TEST_CASE ("IOP-014", "a port from another giver replaces the old one with all below it",
           "V2-046 V2-044")
{
    Fpage const port = port_of (acquire_ports (), 1);
    REQUIRE (give (b, port));
    REQUIRE (give (c, port));
    REQUIRE (pass_on (c, 0, port));
    REQUIRE (pass_on (b, c, port));
    CHECK (!has (0, port));
    unmap_in (b, port);
    CHECK (!has (c, port));
    CHECK (has (b, port));
}

TEST_CASE ("IOP-015", "a task that is deleted takes the ports with it that it mapped on",
           "V2-100 V2-187")
{
    Fpage const ports = acquire_ports ();
    REQUIRE (give (b, ports));
    REQUIRE (pass_on (b, 0, ports));
    CHECK (has (0, port_of (ports, 3)));
    l4::ThreadId const task = partner_task (b).id ();
    rt::task_new (task, 0, 0, 0, l4::ThreadId::nil ());
    for (Word n = 0; n < 4; ++n)
        CHECK (!has (0, port_of (ports, n)));
    CHECK (case_has (port_of (ports, 0)));
}

TEST_CASE ("IOP-016", "a thread that uses a port all the time loses it at once", "V2-323 V2-182")
{
    Fpage const port = port_of (acquire_ports (), 0);
    REQUIRE (give (b, port));
    struct Order {
        Word port;
        Word volatile turns { 0 };
    } order { port.port () };
    auto const read_forever = [] (void* argument) {
        auto& self = *static_cast<Order*> (argument);
        for (;;) {
            static_cast<void> (guest_in_byte (self.port));
            self.turns = self.turns + 1;
        }
    };
    Partner& partner = partner_task (b).start (read_forever, &order, rt::myself ());
    for (unsigned round = 0; round < 3; ++round) {
        Word const before = order.turns;
        settle ();
        CHECK (order.turns != before);
        CHECK_EQUAL (rt::receive (partner.id (), no_waiting).dope.raw (),
                     l4::IpcError::receive_timeout);
        rt::fpage_unmap (port, l4::unmap_completely);
        Word const at_end = order.turns;
        CHECK_EQUAL (rt::receive (partner.id (), within (50)).w0, port.raw () | 2);
        CHECK (order.turns - at_end <= 1);              // it had read, but not counted
        CHECK (rt::send_fpage (partner.id (), 0, port, bounded).ok ());
    }
}

TEST_CASE ("IOP-017", "of an fpage with all ports those arrive that the sender has",
           "V2-040 V2-064 V2-044")
{
    Fpage const ports = acquire_ports ();
    REQUIRE (give (b, port_of (ports, 1)));
    CHECK (pass_on (b, c, Fpage::whole_io ()));
    for (Word n = 0; n < 4; ++n)
        CHECK_EQUAL (has (c, port_of (ports, n)), n == 1);
    unmap_in (b, Fpage::whole_io (), completely_own_too);
    CHECK (!has (c, port_of (ports, 1)));
    CHECK (!pass_on (b, c, Fpage::whole_io ()));
}

TEST_CASE ("IOP-018", "the window limits what is mapped", "V2-041 V2-038 V2-192")
{
    Fpage const ports = acquire_ports ();
    Delivery delivery = map_into (Fpage::io (ports.port () + 2, 1), 0, ports, b);
    CHECK (delivery.receiver.dope.mapped ());
    for (Word n = 0; n < 4; ++n)
        CHECK_EQUAL (has (b, port_of (ports, n)), n >= 2);
    delivery = map_into (Fpage::io (ports.port () + 4, 2), 0, ports, b);
    CHECK_EQUAL (delivery.receiver.dope.raw (), 0x00004000u);
}

TEST_CASE ("IOP-020", "unmapping the whole space leaves ports alone", "V2-291")
{
    Fpage const port = port_of (acquire_ports (), 1);
    REQUIRE (give (b, port));
    rt::fpage_unmap (Fpage::whole_space (), l4::unmap_completely);
    // Its pages come back from its own pager, which knows nothing of ports.
    Word number = port.port ();
    CHECK (partner_task (b).start (read_port, &number).finish ());
}

TEST_CASE ("IOP-021", "a port can be in 15 tasks; a sixteenth gets 60h, the giver 70h",
           "V2-380 V2-049 V2-012")
{
    Fpage const port = port_of (acquire_ports (), 1);
    struct Order {
        l4::ThreadId giver;
        Word volatile result;
    } order { rt::myself (), 0 };
    auto const receive_port = [] (void* argument) {
        auto& self = *static_cast<Order*> (argument);
        self.result = rt::receive (self.giver, bounded, rt::Window { Fpage::whole_io () })
                          .dope.raw ();
        rt::sleep_forever ();
    };
    constexpr unsigned most = 15;                       // the test program is one of them
    for (unsigned n = 1; n <= most; ++n) {
        reset_stacks ();                                // the one before sleeps
        l4::ThreadId const task
            = create_task (own_task_id (take_task_number ()), 0, receive_port, &order);
        REQUIRE (!task.is_nil ());
        Word const sent = rt::send_fpage (task, 0, port, bounded).raw ();
        settle ();
        CHECK_EQUAL (sent, n < most ? 0 : static_cast<Word> (l4::IpcError::send_map_failed));
        CHECK_EQUAL (order.result & 0xF2,
                     n < most ? 2 : static_cast<Word> (l4::IpcError::receive_map_failed));
    }
}

TEST_CASE ("IOP-019", "a port comes and goes ten thousand times", "V2-323 V2-304")
{
    Fpage const port = port_of (acquire_ports (), 0);
    struct Order {
        l4::ThreadId giver;
        unsigned volatile received { 0 };
    } order { rt::myself () };
    auto const receive_ports = [] (void* argument) {
        auto& self = *static_cast<Order*> (argument);
        for (;;)
            if (rt::receive (self.giver, l4::Timeouts::never (),
                             rt::Window { Fpage::whole_io () }).dope.mapped ())
                self.received = self.received + 1;
    };
    constexpr unsigned rounds = 10'000;
    Partner& partner = partner_task (b).start (receive_ports, &order);
    for (unsigned n = 0; n < rounds; ++n) {
        if (!rt::send_fpage (partner.id (), 0, port, bounded).ok ())
            break;
        rt::fpage_unmap (port, l4::unmap_completely);
    }
    CHECK_EQUAL (order.received, rounds);
    CHECK (!has (b, port));
}
