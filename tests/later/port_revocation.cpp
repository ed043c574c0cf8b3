// SPDX-License-Identifier: BSD-2-Clause
/// @file  fpage_unmap of I/O ports.
#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/memory.hpp>
#include <framework/ports.hpp>
#include <framework/probes.hpp>

using namespace guest;

TEST_CASE ("UNM-016", "a port can be taken back", "V2-191 V2-290 V2-323")
{
    struct Order {
        Word port;
    } order { acquire_port () };
    auto const read = [] (void* argument) {
        static_cast<void> (guest_in_byte (static_cast<Order*> (argument)->port));
    };
    auto const port = l4::Fpage::io (order.port, 0);
    for (Word mask : { Word { l4::unmap_completely }, Word { l4::unmap_remap_read_only } }) {
        REQUIRE (map_into (l4::Fpage::whole_io (), 0, port, 1).receiver.dope.mapped ());
        CHECK (partner_task (1).start (read, &order, rt::myself ()).finish ());
        rt::fpage_unmap (port, mask);
        Partner& partner = partner_task (1).start (read, &order, rt::myself ());
        CHECK_EQUAL (rt::receive (partner.id (), within (500)).w0, port.raw () | 2);
        partner.release ();
        CHECK (start_partner (read, &order).finish ());
    }
}
