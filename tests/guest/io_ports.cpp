// SPDX-License-Identifier: BSD-2-Clause
/// @file  I/O ports: faults and fpages. The case is the pager.
#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/memory.hpp>
#include <framework/ports.hpp>
#include <framework/probes.hpp>

using namespace guest;

namespace {

struct PortOrder {
    unsigned bytes;
    Word port;
};

void read_port (void* argument)
{
    auto const& order = *static_cast<PortOrder*> (argument);
    if (order.bytes == 4)
        static_cast<void> (guest_in_dword (order.port));
    else if (order.bytes == 2)
        static_cast<void> (guest_in_word (order.port));
    else
        static_cast<void> (guest_in_byte (order.port));
}

/// Read a port in the partner task and check what the pager is told.
void check_io_fault (PortOrder order, Word w0, Address instruction)
{
    Partner& partner = partner_task ().start (read_port, &order, rt::myself ());
    auto const fault = rt::receive (partner.id (), within (500));
    CHECK_EQUAL (fault.dope.raw (), 0x00004000u);
    CHECK_EQUAL (fault.w0, w0);
    CHECK_EQUAL (fault.w1, instruction);
    CHECK (!partner.done ());
    partner.release ();
}

}  // namespace

TEST_CASE ("IOP-001", "in al, 80h without the port is a fault that names it", "V2-188")
{
    auto const read = [] (void*) { static_cast<void> (guest_in_byte_80 ()); };
    Partner& partner = partner_task ().start (read, nullptr, rt::myself ());
    auto const fault = rt::receive (partner.id (), within (500));
    CHECK_EQUAL (fault.dope.raw (), 0x00004000u);
    CHECK_EQUAL (fault.w0, 0xF0080002u);
    CHECK_EQUAL (fault.w1, address_of (guest_in_byte_80_instruction));
    CHECK (!partner.done ());
}

TEST_CASE ("IOP-002", "a 32-bit access asks for four ports", "V2-189")
{
    check_io_fault ({ 4, 0x3F8 }, 0xF03F800A, address_of (guest_in_dword_instruction));
}

TEST_CASE ("IOP-003", "an access asks for the smallest fpage with all its ports", "V2-320 V2-038")
{
    check_io_fault ({ 1, 0x3FB }, 0xF03FB002, address_of (guest_in_byte_instruction));
    check_io_fault ({ 2, 0x3FC }, 0xF03FC006, address_of (guest_in_word_instruction));
    check_io_fault ({ 2, 0x3F9 }, 0xF03F800A, address_of (guest_in_word_instruction));
    check_io_fault ({ 4, 0x3FA }, 0xF03F800E, address_of (guest_in_dword_instruction));
    check_io_fault ({ 4, 0x3FE }, 0xF000002E, address_of (guest_in_dword_instruction));
}

TEST_CASE ("IOP-004", "an access beyond the last port shuts the thread down", "V2-321")
{
    for (PortOrder order : { PortOrder { 2, 0xFFFF }, PortOrder { 4, 0xFFFD } }) {
        Partner& partner = partner_task ().start (read_port, &order, rt::myself ());
        CHECK_EQUAL (rt::wait (within (20)).dope.raw (), l4::IpcError::receive_timeout);
        CHECK (!partner.done ());
        partner.release ();
    }
}

TEST_CASE ("IOP-005", "an answer without a port makes the instruction fault again", "V2-195 V2-318")
{
    PortOrder order { 1, 0x84 };
    Partner& partner = partner_task ().start (read_port, &order, rt::myself ());
    auto fault = rt::receive (partner.id (), within (500));
    for (unsigned round = 0; round < 3; ++round) {
        CHECK_EQUAL (fault.w0, 0xF0084002u);
        fault = rt::call (partner.id (), {}, within (500));
    }
    CHECK_EQUAL (fault.w0, 0xF0084002u);
    CHECK (!partner.done ());
}

TEST_CASE ("IOP-006", "memory and ports do not mix", "V2-192 V2-043 V2-038 V2-054")
{
    Delivery const memory = map_into (l4::Fpage::whole_io (), 0,
                                      l4::Fpage::memory (take_pages (), l4::page_bits));
    REQUIRE (memory.received);
    CHECK_EQUAL (memory.sender.raw (), 0u);
    CHECK_EQUAL (memory.receiver.dope.raw (), 0x00004000u);
    Address const target = fresh_window ();
    Delivery const ports = map_into (l4::Fpage::memory (target, l4::page_bits), 0,
                                     l4::Fpage::io (acquire_port (), 0));
    REQUIRE (ports.received);
    CHECK_EQUAL (ports.sender.raw (), 0u);
    CHECK_EQUAL (ports.receiver.dope.raw (), 0x00004000u);
    CHECK (sees_nothing (target));
}

TEST_CASE ("IOP-007", "a port that the pager maps can be read, by all threads of its task",
           "V2-188 V2-318 V2-039")
{
    PortOrder order { 1, acquire_port () };
    auto const port = l4::Fpage::io (order.port, 0);
    PartnerTask& task = partner_task (1);
    Partner& partner = task.start (read_port, &order, rt::myself ());
    auto const fault = rt::receive (partner.id (), within (500));
    CHECK_EQUAL (fault.w0, port.raw () | 2);
    CHECK (rt::send_fpage (partner.id (), 0, port, no_waiting).ok ());
    CHECK (partner.finish ());
    CHECK (task.start (read_port, &order, rt::myself ()).finish ());
    CHECK (start_partner (read_port, &order).finish ());
    PortOrder next { 1, order.port + 1 };
    Partner& other = task.start (read_port, &next, rt::myself ());
    auto const fault_of_next = rt::receive (other.id (), within (500));
    CHECK_EQUAL (fault_of_next.w0, l4::Fpage::io (next.port, 0).raw () | 2);
}

TEST_CASE ("IOP-008", "cli without all ports asks for all of them", "V2-190 V2-322")
{
    auto const clear = [] (void*) { guest_clear_interrupts (); };
    Partner& partner = partner_task ().start (clear, nullptr, rt::myself ());
    auto const fault = rt::receive (partner.id (), within (500));
    CHECK_EQUAL (fault.w0, 0xF0000042u);
    CHECK_EQUAL (fault.w1, address_of (guest_cli_instruction));
    CHECK (!partner.done ());
}
