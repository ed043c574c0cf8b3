// SPDX-License-Identifier: BSD-2-Clause
#include "keyboard.hpp"

#include <runtime/kip.hpp>
#include <runtime/lock.hpp>
#include <runtime/service.hpp>
#include <runtime/thread.hpp>

#include "key_queue.hpp"
#include "terminal.hpp"

namespace console {

namespace {

constinit rt::Stack<2048> stack {};
constinit rt::Lock lock {};
constinit KeyQueue keys {};
constinit l4::Word volatile foreground = 0;     // task; 0: the prompt
constinit bool volatile is_starting = false;    // somebody, whose number is not known yet

/// Whatever has come over the line.
void collect ()
{
    char key = 0;
    while (take_typed (key))
        keys.type (key);
}

[[nodiscard]] bool take_key (char& key)
{
    rt::Locked const locked { lock };
    collect ();
    return keys.take (key);
}

/// Looks for keys again and again. A port without FIFO holds one character: while the user types,
/// look all the time; else once per tick, and leave the processor to others, or idle, in between.
class Patience {
public:
    void has_seen_key () { alert_until_ = rt::clock () + alert_microseconds; }
    void rest ()
    {
        if (rt::clock () < alert_until_)
            rt::thread_switch (l4::ThreadId::nil ());
        else
            rt::sleep_microseconds (poll_microseconds);
    }

private:
    static constexpr std::uint64_t alert_microseconds = 4000;
    static constexpr l4::Word poll_microseconds = 1000;

    std::uint64_t alert_until_ { 0 };
};

/// Up to seven keys, as soon as there is one. None: the program is not in the foreground any more.
rt::Words wait_for_keys (l4::Word task, Patience& patience)
{
    while (is_starting)
        patience.rest ();
    if (foreground == task) {
        rt::Locked const locked { lock };
        keys.set_raw ();
    }
    char typed[rt::text_message_capacity];
    std::size_t count = 0;
    while (foreground == task) {
        while (count < sizeof typed && take_key (typed[count]))
            ++count;
        if (count != 0) {
            patience.has_seen_key ();
            break;
        }
        patience.rest ();
    }
    return rt::pack_text ({ typed, count });
}

void serve (void*)
{
    Patience patience;
    rt::IpcResult request = rt::wait ();
    for (;;) {
        if (!request.dope.ok ()) {
            request = rt::wait ();
            continue;
        }
        l4::Word const task = request.source.task ();
        request = rt::reply_and_wait (request.source, wait_for_keys (task, patience));
    }
}

}  // namespace

void start_keyboard () { rt::start_thread (rt::keyboard_thread, stack.top (), serve); }

char read_key ()
{
    static constinit Patience patience {};
    char key = 0;
    while (!take_key (key))
        patience.rest ();
    patience.has_seen_key ();
    return key;
}

void prepare_foreground () { is_starting = true; }

void begin_foreground (l4::Word task)
{
    if (task != 0) {
        rt::Locked const locked { lock };
        keys.begin_program ();
        foreground = task;
    }
    is_starting = false;
}

void end_foreground ()
{
    rt::Locked const locked { lock };
    keys.end_program ();
    foreground = 0;
}

bool end_is_typed ()
{
    rt::Locked const locked { lock };
    collect ();
    return keys.take_end ();
}

}  // namespace console
