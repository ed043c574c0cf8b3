// SPDX-License-Identifier: BSD-2-Clause
/// @file  The driver of the real-time clock, by drivers/clock/protocol.hpp.
#include <runtime/main.hpp>
#include <runtime/print.hpp>

#include <drivers/clock/protocol.hpp>
#include <drivers/driver.hpp>

#include "chip.hpp"

namespace {

using drivers::Message;
using l4::Word;
using rt::Error;
using wall::Date;

constinit drivers::Line line { rtc::line };
constinit drivers::Heartbeat heartbeat {};

class ClockDriver {
public:
    [[nodiscard]] bool open () { return chip_.open (); }

    void interrupt ()
    {
        chip_.take_interrupt ();
        look_at_alarms ();
    }

    /// Once more: for those who did not take their answer, and in case an interrupt was lost.
    void idle ()
    {
        if (waiting_ != 0)
            look_at_alarms ();
    }

    /// Whether clients wait for the clock.
    [[nodiscard]] bool waits () const { return waiting_ != 0; }

    [[nodiscard]] bool handle (l4::ThreadId client, Message& message)
    {
        switch (message.first ()) {
        case wall::Now::operation: now (message); return true;
        case wall::Set::operation: set (message); return true;
        case wall::Alarm::operation: return wait (client, message);
        default: message.answer (Error::bad_request); return true;
        }
    }

private:
    struct Waiting {
        l4::ThreadId client {};
        Word seconds { 0 };
        Word tries { 0 };
    };

    /// @return false: the clock shows nothing that could be meant
    [[nodiscard]] bool read (Word& seconds)
    {
        Date date;
        if (!chip_.date (date))
            return false;
        seconds = date.seconds ();
        return true;
    }

    void now (Message& message)
    {
        Word seconds = 0;
        if (read (seconds))
            message.answer (wall::Now::Answer { seconds });
        else
            message.answer (Error::device);
    }

    void set (Message& message)
    {
        wall::Set request;
        if (!message.get (request) || !Date::from (request.seconds).is_valid ())
            return message.answer (Error::bad_request);
        chip_.set (Date::from (request.seconds));
        look_at_alarms ();
        message.answer (Error::none);
    }

    /// @return whether the answer is there
    [[nodiscard]] bool wait (l4::ThreadId client, Message& message)
    {
        wall::Alarm request;
        if (!message.get (request)) {
            message.answer (Error::bad_request);
            return true;
        }
        for (Waiting& place : alarms_)
            if (place.client.is_nil () || place.client == client) {
                waiting_ += place.client.is_nil () ? 1 : 0;
                place = { client, request.seconds };
                look_at_alarms ();
                return false;
            }
        message.answer (Error::no_place);
        return true;
    }

    /// Answer those whose time has come, and have the chip raise its line for the next one.
    void look_at_alarms ()
    {
        if (waiting_ == 0)
            return chip_.raise_never ();
        Word const next = answer_due ();
        if (waiting_ == 0)
            return chip_.raise_never ();
        chip_.raise_at (Date::from (next));
        // It may have become that late meanwhile, and the chip would wait for tomorrow.
        if (Word seconds = 0; read (seconds) && seconds >= next)
            static_cast<void> (answer_due ());
    }

    /// @return when the next of the others is due
    Word answer_due ()
    {
        Word next = ~Word { 0 };
        Word seconds = 0;
        bool const works = read (seconds);
        for (Waiting& place : alarms_) {
            if (place.client.is_nil ())
                continue;
            if (works && place.seconds > seconds) {
                next = place.seconds < next ? place.seconds : next;
                continue;
            }
            Message answer {};
            if (works)
                answer.answer (wall::Alarm::Answer { seconds });
            else
                answer.answer (Error::device);
            if (!drivers::answer (place.client, answer) && ++place.tries < drivers::most_answers)
                continue;
            place = {};
            --waiting_;
        }
        return next;
    }

    drivers::MachinePorts ports_ {};
    rtc::Chip<drivers::MachinePorts> chip_ { ports_ };
    Waiting alarms_[wall::most_alarms] {};
    Word waiting_ { 0 };
};

}  // namespace

int main (std::string_view)
{
    if (!drivers::begin (heartbeat) || !line.attach ()) {
        rt::print ("rtc: its name or its line is somebody else's\n");
        return drivers::status_not_mine;
    }
    static ClockDriver driver {};
    if (!driver.open ()) {
        rt::print ("rtc: there is no clock, or it shows no time\n");
        return drivers::status_no_device;
    }
    static Message message {};
    drivers::serve (driver, message, line, heartbeat);
}
