// SPDX-License-Identifier: BSD-2-Clause
/// @file  The supervisor: it starts the drivers of its list when somebody needs them, and again
///        when they have ended, are silent, or serve nobody.
///
///     supervisor              serve
///     supervisor list         what the one that serves has seen
///
/// Its priority is above that of all drivers. A driver that is to go may be spinning above the
/// root task, which has to end it: so it loses its priority first.
#include <root/protocol.hpp>
#include <runtime/kip.hpp>
#include <runtime/main.hpp>
#include <runtime/print.hpp>
#include <runtime/server.hpp>
#include <runtime/words.hpp>

#include <drivers/driver.hpp>

#include "watch.hpp"

namespace {

using l4::Word;
using rt::Error;
using supervisor::Reason;
using supervisor::State;

constexpr std::size_t most_drivers = 8;
constexpr supervisor::Time look_period = 20'000;
constexpr Word lowest_priority = 0;

struct Driver {
    std::string_view line {};           ///< name and arguments
    std::string_view name {};
    Word task { 0 };
    l4::ThreadId thread {};
    Word last_status { 0 };
    supervisor::Watch watch {};
};

/// A copy of the list: the module can be seen page by page only.
constexpr std::size_t most_text = 512;
constinit char text[most_text] {};
constinit Driver drivers_by_number[most_drivers] {};
constinit Word driver_count = 0;

[[nodiscard]] std::string_view read_list ()
{
    alignas (l4::page_size) static char page[l4::page_size];
    auto const module = rt::call (root::service (), root::FindModule { "drivers" });
    auto const window = reinterpret_cast<l4::Address> (page);
    rt::fpage_unmap (l4::Fpage::memory (window, l4::page_bits),
                     l4::unmap_completely | l4::unmap_in_own_space_too);
    if (!module.ok () || !root::map_module (module.value.index, 0, window))
        return {};
    std::size_t const there = l4::page_size - module.value.offset;
    std::size_t const wanted = module.value.size < most_text ? module.value.size : most_text;
    return { text, std::string_view { page + module.value.offset, there }.copy (text, wanted) };
}

void take_drivers (std::string_view list)
{
    while (!list.empty () && driver_count < most_drivers) {
        std::string_view line = rt::take_line (list);
        std::string_view words = line;
        std::string_view const name = rt::take_word (words);
        if (!name.empty () && name.front () != '#')
            drivers_by_number[driver_count++] = { .line = line, .name = name };
    }
}

[[nodiscard]] Driver* find_if (auto condition)
{
    for (Word i = 0; i < driver_count; ++i)
        if (condition (drivers_by_number[i]))
            return &drivers_by_number[i];
    return nullptr;
}

[[nodiscard]] l4::ScheduleParameter look_at (l4::ThreadId thread)
{
    return rt::thread_schedule (thread, l4::ScheduleParameter { l4::unchanged }).old;
}

[[nodiscard]] bool exists (l4::ThreadId thread) { return look_at (thread).raw () != l4::unchanged; }

/// The complete id of a program's first thread.
[[nodiscard]] l4::ThreadId thread_of (Word task)
{
    for (Word index = 0;; ++index) {
        auto const program = rt::call (root::service (), root::Describe { index });
        if (!program.ok ())
            return l4::ThreadId::nil ();
        if (program.value.id.task () == task)
            return program.value.id;
    }
}

void start (Driver& driver)
{
    driver.watch.started (rt::clock ());
    driver.task = root::start (driver.line).task;
    driver.thread = driver.task == 0 ? l4::ThreadId::nil () : thread_of (driver.task);
}

/// It is gone, or as good as gone.
void replace (Driver& driver, Reason reason)
{
    driver.last_status = root::no_such_program;
    if (driver.task != 0) {
        if (exists (driver.thread))
            root::kill (driver.task);
        driver.last_status = root::wait (driver.task);
    }
    if (driver.watch.ended (reason, driver.last_status == drivers::status_no_device))
        start (driver);
}

/// All of its threads: this one runs, so none of them does meanwhile.
void take_priority (l4::ThreadId task)
{
    for (Word n = 0; n < l4::ThreadId::threads_per_task; ++n) {
        l4::ThreadId const thread = task.with_lthread (n);
        if (l4::ScheduleParameter const now = look_at (thread); now.raw () != l4::unchanged)
            rt::thread_schedule (thread, { lowest_priority, now.slice () });
    }
}

void restart (Driver& driver, Reason reason)
{
    take_priority (driver.thread);
    replace (driver, reason);
}

void look_after (Driver& driver)
{
    if (!driver.watch.is_up ())
        return;
    if (!exists (driver.thread))
        replace (driver, Reason::ended);
    else if (driver.watch.is_silent (rt::clock ()))
        restart (driver, Reason::silent);
}

[[nodiscard]] rt::Answer serve (supervisor::Need const& request)
{
    Driver* const driver = find_if (
        [&] (Driver const& candidate) { return candidate.name == request.driver.view (); });
    if (driver == nullptr)
        return rt::Answer::error (Error::not_found);
    if (driver->watch.state () == State::no_device)
        return rt::Answer::error (Error::device);
    look_after (*driver);
    if (!driver->watch.is_up ()) {
        driver->watch.forgive ();
        start (*driver);
    }
    return rt::Answer::done ();
}

[[nodiscard]] rt::Answer serve (supervisor::Complain const& request)
{
    Driver* const driver = find_if (
        [&] (Driver const& candidate) { return candidate.thread == request.driver; });
    if (driver == nullptr)
        return rt::Answer::error (Error::not_found);
    Word const waits = driver->watch.waits (rt::clock ()) ? 1 : 0;
    if (driver->watch.is_useless (rt::clock ()))
        restart (*driver, Reason::useless);
    return rt::Answer::of (waits);
}

[[nodiscard]] rt::Answer serve (supervisor::Describe const& request)
{
    if (request.index >= driver_count)
        return rt::Answer::error (Error::not_found);
    Driver const& driver = drivers_by_number[request.index];
    supervisor::Watch const& watch = driver.watch;
    return rt::Answer::of (supervisor::Describe::Answer {
        rt::Name { driver.name }, watch.state (), watch.restarts (), watch.last_reason (),
        driver.last_status, watch.last_outage (), watch.longest_outage (), driver.thread });
}

template <typename Request>
[[nodiscard]] rt::Answer dispatch (rt::Incoming const& incoming)
{
    Request request;
    return incoming.read (request) ? serve (request) : rt::Answer::error (Error::bad_request);
}

[[nodiscard]] rt::Answer handle (rt::Incoming const& request)
{
    switch (request.operation ()) {
    case supervisor::beat: {
        Driver* const driver = find_if (
            [&] (Driver const& candidate) { return candidate.thread == request.client; });
        if (driver != nullptr)
            driver->watch.beat (supervisor::Condition::from (request.words ().w1), rt::clock ());
        return rt::Answer::nothing ();
    }
    case supervisor::Need::operation: return dispatch<supervisor::Need> (request);
    case supervisor::Complain::operation: return dispatch<supervisor::Complain> (request);
    case supervisor::Describe::operation: return dispatch<supervisor::Describe> (request);
    default: return rt::Answer::error (Error::bad_request);
    }
}

/// As rt::serve, and a look at all drivers now and then, whether requests come or not.
[[noreturn]] void supervise ()
{
    constexpr l4::Timeouts serving { l4::Timeout::zero (), l4::Timeout::at_least (look_period),
                                     l4::PageFaultTimeout::zero (),
                                     l4::PageFaultTimeout::zero () };
    rt::MessageBuffer message;
    rt::Answer answer = rt::Answer::nothing ();
    l4::ThreadId client {};
    supervisor::Time next_look = 0;
    for (;;) {
        auto const send = answer.kind == rt::Answer::Kind::nothing ? l4::SendDescriptor::nil ()
                                                                   : answer.message.sending ();
        rt::IpcResult const request = rt::ipc (send, message.receiving ().open (), client, serving,
                                               answer.message.words[0], answer.message.words[1]);
        answer = rt::Answer::nothing ();
        if (request.dope.ok ()) {
            client = request.source;
            message.received (request);
            answer = handle ({ client, message });
        }
        if (rt::clock () < next_look)
            continue;
        for (Word i = 0; i < driver_count; ++i)
            look_after (drivers_by_number[i]);
        next_look = rt::clock () + look_period;
    }
}

[[nodiscard]] std::string_view text_of (State state)
{
    switch (state) {
    case State::stopped: return "not needed";
    case State::starting: return "starting";
    case State::running: return "running";
    case State::failed: return "given up";
    case State::no_device: return "no device";
    }
    return "unknown";
}

[[nodiscard]] std::string_view text_of (Reason reason)
{
    switch (reason) {
    case Reason::none: return "-";
    case Reason::ended: return "ended";
    case Reason::silent: return "silent";
    case Reason::useless: return "useless";
    }
    return "unknown";
}

int list ()
{
    l4::ThreadId const watcher = root::find_name (supervisor::name);
    if (watcher.is_nil ()) {
        rt::print ("no driver was needed yet\n");
        return 0;
    }
    rt::print ("driver           state       restarts  last for   last ms  longest ms\n");
    for (Word index = 0;; ++index) {
        auto const driver = rt::call (watcher, supervisor::Describe { index });
        if (!driver.ok ())
            return 0;
        rt::print (rt::left (driver.value.name.view (), 17),
                   rt::left (text_of (driver.value.state), 12),
                   rt::padded (driver.value.restarts, 8), "  ",
                   rt::left (text_of (driver.value.last_reason), 9),
                   rt::padded (driver.value.last_outage / 1000, 9),
                   rt::padded (driver.value.longest_outage / 1000, 12), "\n");
    }
}

}  // namespace

int main (std::string_view arguments)
{
    if (arguments == "list")
        return list ();
    if (!rt::call (root::service (), root::BindName { supervisor::name }).ok ())
        return 1;
    take_drivers (read_list ());
    supervise ();
}
