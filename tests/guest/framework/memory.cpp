// SPDX-License-Identifier: BSD-2-Clause
#include "memory.hpp"

#include <l4/protocol/sigma0.hpp>
#include <runtime/kip.hpp>

#include "exchange.hpp"
#include "pager.hpp"

namespace guest {

namespace {

constinit Address next_page = rt::layout::anonymous_begin;
constinit Address next_window = window_region;

[[nodiscard]] constexpr Address aligned (Address a, unsigned log2_size)
{
    Address const mask = l4::Fpage::low_mask (log2_size);
    return (a + mask) & ~mask;
}

struct AccessOrder {
    Address address;
    bool write;
    Word value;
};

void access (void* argument)
{
    auto& order = *static_cast<AccessOrder*> (argument);
    if (order.write)
        word_at (order.address) = order.value;
    else
        order.value = word_at (order.address);
}

Access access_in_task (AccessOrder& order, unsigned n)
{
    unsigned const before = window_faults ();
    Partner& partner = partner_task (n).start (access, &order);
    bool const completed = partner.finish (200);
    partner.release ();
    bool const faulted = window_faults () != before;
    return { completed, faulted, faulted ? window_fault (window_faults () - 1).w0 : 0,
             order.value };
}

}  // namespace

Address take_pages (unsigned log2_size)
{
    Address const begin = aligned (next_page, log2_size);
    Address const end = begin + (Address { 1 } << log2_size);
    REQUIRE (end <= untouched_pages (0));
    next_page = end;
    for (Address page = begin; page < end; page += l4::page_size)
        word_at (page) = page_mark (page);
    return begin;
}

Address fresh_window (unsigned log2_size)
{
    Address const begin = aligned (next_window, log2_size);
    Address const end = begin + (Address { 1 } << log2_size);
    REQUIRE (end < l4::user_limit);
    next_window = end;
    return begin;
}

void reset_pages ()
{
    next_page = rt::layout::anonymous_begin;
}

bool windows_are_used_up ()
{
    constexpr Address enough = 8 * l4::superpage_size;
    return next_window - window_region > enough;
}

void reset_windows ()
{
    // The test program's own windows: what it got there from sigma0.
    for (auto region : { l4::Fpage::memory (window_region, 29), l4::Fpage::memory (0x40000000, 30),
                         l4::Fpage::memory (0x80000000, 30) })
        rt::fpage_unmap (region, l4::unmap_completely | l4::unmap_in_own_space_too);
    next_window = window_region;
}

Access read_in_task (Address address, unsigned n)
{
    AccessOrder order { address, false, 0 };
    return access_in_task (order, n);
}

Access write_in_task (Address address, Word value, unsigned n)
{
    AccessOrder order { address, true, value };
    return access_in_task (order, n);
}

bool sees_page (Address address, Address page, unsigned n)
{
    Access const access = read_in_task (address, n);
    return access.completed && !access.faulted && access.value == page_mark (page);
}

bool sees_nothing (Address address, unsigned n)
{
    Access const access = read_in_task (address, n);
    return access.completed && access.faulted && access.value == spare_page_mark;
}

Delivery deliver (Word send_base, l4::Fpage fpage, l4::ReceiveDescriptor receive, unsigned n)
{
    Exchange order = Exchange::from (rt::myself (), bounded);
    order.receive = receive;
    Partner& partner = partner_task (n).start (exchange, &order);
    l4::MessageDope const sent = rt::send_fpage (partner.id (), send_base, fpage, bounded);
    bool const received = partner.finish ();
    partner.release ();
    return { sent, received, order.result };
}

Delivery map_into (l4::Fpage window, Word send_base, l4::Fpage fpage, unsigned n)
{
    return deliver (send_base, fpage, l4::ReceiveDescriptor::map_window (window), n);
}

Address acquire_superpage ()
{
    Address const window = fresh_window (l4::superpage_bits);
    auto const whole = l4::Fpage::memory (window, l4::superpage_bits);
    for (Address ram = l4::superpage_size; ram < rt::ram_end ();
         ram += l4::superpage_size) {
        auto const answer = rt::call (l4::sigma0_id, { ram | 1, l4::sigma0::w1_superpage },
                                      bounded, rt::Window { whole });
        if (answer.dope.mapped () && l4::Fpage { answer.w1 }.log2_size () == l4::superpage_bits)
            return window;
    }
    SKIP ("no 4 MB of RAM are free");
}

Straddle straddle (unsigned n)
{
    Address const first = take_pages (l4::page_bits + 1);
    Address const border = fresh_window (l4::superpage_bits + 1) + l4::superpage_size;
    for (Address offset : { Address { 0 }, l4::page_size }) {
        auto const window = l4::Fpage::memory (border - l4::page_size + offset, l4::page_bits);
        auto const item = l4::Fpage::memory (first + offset, l4::page_bits);
        REQUIRE (map_into (window, 0, item, n).receiver.dope.mapped ());
    }
    return { first + l4::page_size, border };
}

Delivery send_on (unsigned from, Address source, Address target, l4::Transfer transfer)
{
    auto const window = l4::Fpage::memory (target, l4::page_bits);
    auto const item
        = l4::Fpage::memory (source, l4::page_bits, l4::Access::read_write, transfer);
    Exchange receiver = Exchange::wait (bounded);
    receiver.receive = l4::ReceiveDescriptor::map_window (window).open ();
    Partner& receiving = partner_task (1 - from).start (exchange, &receiver);
    Exchange sender = Exchange::to (receiving.id (), { 0, item.raw () }, bounded);
    sender.send = l4::SendDescriptor::short_fpage ();
    Partner& sending = partner_task (from).start (exchange, &sender);
    bool const done = receiving.finish () && sending.finish ();
    receiving.release ();
    sending.release ();
    return { sender.result.dope, done, receiver.result };
}

void map_page (Address source, Address target, unsigned n, l4::Access access)
{
    Delivery const delivery = map_into (l4::Fpage::memory (target, l4::page_bits), 0,
                                        l4::Fpage::memory (source, l4::page_bits, access), n);
    CHECK (delivery.received && delivery.receiver.dope.mapped ());
}

void take_back (Address source, Word mask)
{
    rt::fpage_unmap (l4::Fpage::memory (source, l4::page_bits), mask);
}

void take_back_in_task (unsigned n, Address source, Word mask)
{
    struct Order {
        Address source;
        Word mask;
    } order { source, mask };
    auto const unmap = [] (void* argument) {
        auto const& self = *static_cast<Order*> (argument);
        take_back (self.source, self.mask);
    };
    Partner& partner = partner_task (n).start (unmap, &order);
    CHECK (partner.finish ());
    partner.release ();
}

}  // namespace guest
