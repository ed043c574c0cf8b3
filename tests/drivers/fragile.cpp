// SPDX-License-Identifier: BSD-2-Clause
/// @file  A driver without a device. It fails in the way that it is asked to.
#include <l4/exception.hpp>
#include <runtime/exit.hpp>
#include <runtime/ia32/ports.hpp>
#include <runtime/main.hpp>

#include <drivers/driver.hpp>

#include "fragile.hpp"

namespace {

using drivers::Message;
using l4::Word;

constinit drivers::Heartbeat heartbeat {};

void execute_nothing () { asm volatile ("ud2"); }

void write_nowhere ()
{
    constexpr l4::Address nothing = 0x3E0000;           // below the stack
    *reinterpret_cast<Word volatile*> (nothing) = 0;
}

class Fragile {
public:
    void interrupt () {}

    [[nodiscard]] bool handle (l4::ThreadId, Message& message)
    {
        fragile::Suffer suffer {};
        fragile::Double number {};
        if (deaf_)
            return false;
        if (message.first () == fragile::Suffer::operation && message.get (suffer))
            perform (suffer.damage);
        else if (message.first () == fragile::Double::operation && message.get (number))
            message.answer (2 * number.number);
        else
            message.answer (rt::Error::bad_request);
        return !deaf_;
    }

private:
    void perform (fragile::Damage damage)
    {
        constexpr Word foreign_port = 0x3FF;
        constexpr l4::PseudoDescriptor no_handlers { 0, ~l4::Address { 0 } };
        switch (damage) {
        case fragile::Damage::exit: rt::exit (0);
        case fragile::Damage::fault: write_nowhere (); break;
        case fragile::Damage::exception: execute_nothing (); break;
        case fragile::Damage::port: rt::out8 (foreign_port, 0); break;
        case fragile::Damage::unheard:
            asm volatile ("lidt (%%eax)" : : "a" (&no_handlers), "m" (no_handlers));
            execute_nothing ();
            break;
        case fragile::Damage::loop:
            for (;;)
                asm volatile ("");
        case fragile::Damage::silence: rt::sleep_forever ();
        case fragile::Damage::deafness: deaf_ = true;
        }
    }

    bool deaf_ { false };
};

}  // namespace

int main (std::string_view)
{
    if (!drivers::begin (heartbeat))
        return drivers::status_not_mine;
    static Message message {};
    Fragile driver {};
    drivers::serve (driver, message, drivers::Line::none (), heartbeat);
}
