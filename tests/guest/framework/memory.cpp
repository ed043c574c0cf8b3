// SPDX-License-Identifier: BSD-2-Clause
#include "memory.hpp"

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

Delivery map_between_tasks (Address source, Address target)
{
    Exchange receiver = Exchange::wait (bounded);
    receiver.receive
        = l4::ReceiveDescriptor::map_window (l4::Fpage::memory (target, l4::page_bits)).open ();
    Partner& receiving = partner_task (1).start (exchange, &receiver);
    Exchange sender = Exchange::to (receiving.id (),
                                    { 0, l4::Fpage::memory (source, l4::page_bits).raw () },
                                    bounded);
    sender.send = l4::SendDescriptor::short_fpage ();
    Partner& sending = partner_task (0).start (exchange, &sender);
    bool const done = receiving.finish () && sending.finish ();
    receiving.release ();
    sending.release ();
    return { sender.result.dope, done, receiver.result };
}

}  // namespace guest
