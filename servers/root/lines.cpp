// SPDX-License-Identifier: BSD-2-Clause
#include "lines.hpp"

#include <runtime/thread.hpp>

namespace root {

namespace {

enum class Order : Word { hold = 1, release = 2 };

constexpr Word first_holder = 2;            // lthread number of line 0's
constexpr l4::ThreadId service_id = l4::root_id.with_lthread (1);
constexpr l4::Timeouts at_once { l4::Timeout::never (), l4::Timeout::zero () };

constinit rt::Stack<512> stacks[l4::interrupt_lines] {};

[[nodiscard]] bool can_be_held (Word line)
{
    // The kernel's clock, and the cascade: they do not exist for users.
    return line != 0 && line != 2;
}

/// A receive without time to wait attaches; one from nobody detaches.
void obey (Word line, Order order)
{
    rt::receive (order == Order::hold ? l4::interrupt_id (line) : l4::ThreadId::nil (), at_once);
}

void hold (void* argument)
{
    Word const line = reinterpret_cast<Word> (argument);
    for (;;) {
        rt::IpcResult const order = rt::receive (service_id);
        if (!order.dope.ok ())
            continue;
        obey (line, static_cast<Order> (order.w0));
        rt::send (service_id, { order.w0, 0 });
    }
}

void tell (std::uint16_t lines, Order order)
{
    for (Word line = 0; line < l4::interrupt_lines; ++line)
        if ((lines >> line & 1) != 0 && can_be_held (line))
            rt::call (l4::root_id.with_lthread (first_holder + line),
                      { static_cast<Word> (order), 0 });
}

}  // namespace

void hold_lines ()
{
    for (Word line = 0; line < l4::interrupt_lines; ++line)
        if (can_be_held (line))
            rt::start_thread (first_holder + line, stacks[line].top (), hold,
                              reinterpret_cast<void*> (line));
    tell (0xFFFF, Order::hold);
}

void release_lines (std::uint16_t lines) { tell (lines, Order::release); }

void take_back_lines (std::uint16_t lines) { tell (lines, Order::hold); }

}  // namespace root
