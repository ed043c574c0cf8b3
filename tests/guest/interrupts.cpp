// SPDX-License-Identifier: BSD-2-Clause
/// @file  Interrupts as messages: lines without a device, the keyboard, the real-time clock.
///
/// A thread that attaches a line in one case would still have it in the next: cases detach at
/// their beginning, and other threads that attach live in a task that ends with the case.
#include <framework/handlers.hpp>

using namespace guest;
using l4::interrupt_id;
using l4::IpcError;

namespace {

constexpr unsigned idle_line = 5, other_idle_line = 11;     ///< no device here

}  // namespace

TEST_CASE ("INT-001", "a free line is attached with 20h, and is then refused to others",
           "V2-239 V2-306")
{
    detach ();
    CHECK_EQUAL (attach (idle_line), IpcError::receive_timeout);
    CHECK_EQUAL (attach_in_task (passing_task, idle_line), IpcError::not_existent);
    detach ();
    CHECK_EQUAL (attach_in_task (passing_task, idle_line), IpcError::receive_timeout);
    CHECK_EQUAL (attach (idle_line), IpcError::not_existent);
}

TEST_CASE ("INT-002", "the clock's line, the cascade and ids above 16 cannot be attached",
           "V2-307 V2-244 V2-025")
{
    detach ();
    for (unsigned const line : { 0u, 2u, 16u, 17u, 255u, 1023u })
        CHECK_EQUAL (attach (line), IpcError::not_existent);
    for (unsigned const line : { 3u, 9u, 15u })
        CHECK_EQUAL (attach (line), IpcError::receive_timeout);
    detach ();
}

TEST_CASE ("INT-003", "a receive from a line that is not the caller's fails at once",
           "V2-240 V2-309")
{
    detach ();
    l4::ThreadId const line = interrupt_id (idle_line);
    CHECK_EQUAL (rt::receive (line).dope.raw (), IpcError::not_existent);
    CHECK_EQUAL (rt::receive (line, within (50)).dope.raw (), IpcError::not_existent);
    REQUIRE_EQUAL (attach (other_idle_line), IpcError::receive_timeout);
    CHECK_EQUAL (rt::receive (line).dope.raw (), IpcError::not_existent);
    detach ();
}

TEST_CASE ("INT-004", "a receive from nil with timeout zero detaches", "V2-243 V2-308")
{
    detach ();
    CHECK_EQUAL (attach (idle_line), IpcError::receive_timeout);
    detach ();
    CHECK_EQUAL (rt::receive (interrupt_id (idle_line)).dope.raw (), IpcError::not_existent);
    CHECK_EQUAL (attach_in_task (passing_task, idle_line), IpcError::receive_timeout);
}

TEST_CASE ("INT-005", "a thread has one line: attaching another frees the first", "V2-306")
{
    detach ();
    CHECK_EQUAL (attach (idle_line), IpcError::receive_timeout);
    CHECK_EQUAL (attach (other_idle_line), IpcError::receive_timeout);
    CHECK_EQUAL (attach_in_task (passing_task, idle_line), IpcError::receive_timeout);
    CHECK_EQUAL (attach_in_task (passing_task, other_idle_line), IpcError::not_existent);
    detach ();
}

TEST_CASE ("INT-006", "an attachment that is refused leaves the old one", "V2-306")
{
    detach ();
    CHECK_EQUAL (attach_in_task (passing_task, idle_line), IpcError::receive_timeout);
    CHECK_EQUAL (attach (other_idle_line), IpcError::receive_timeout);
    CHECK_EQUAL (attach (idle_line), IpcError::not_existent);
    CHECK_EQUAL (rt::receive (interrupt_id (other_idle_line), within (2)).dope.raw (),
                 IpcError::receive_timeout);
    detach ();
}

TEST_CASE ("INT-007", "the own line can be attached again, whatever the high word holds",
           "V2-306 V2-024")
{
    detach ();
    CHECK_EQUAL (attach (idle_line), IpcError::receive_timeout);
    CHECK_EQUAL (associate ({ idle_line + 1, 0x12345678 }), IpcError::receive_timeout);
    CHECK_EQUAL (rt::receive ({ idle_line + 1, 0x12345678 }, within (2)).dope.raw (),
                 IpcError::receive_timeout);
    detach ();
}

TEST_CASE ("INT-008", "only a pure receive attaches, with an exponent and no mantissa",
           "V2-306 V2-309")
{
    detach ();
    l4::ThreadId const line = interrupt_id (idle_line);
    auto receive = [line] (l4::Timeout timeout) {
        return rt::receive (line, { l4::Timeout::never (), timeout }).dope.raw ();
    };
    CHECK_EQUAL (receive ({ 15, 1 }), IpcError::not_existent);
    CHECK_EQUAL (receive ({ 0, 0 }), IpcError::not_existent);
    CHECK_EQUAL (rt::call (line, {}, no_waiting).dope.raw (), IpcError::not_existent);
    CHECK_EQUAL (receive ({ 15, 0 }), IpcError::receive_timeout);
    CHECK_EQUAL (receive ({ 15, 1 }), IpcError::receive_timeout);
    detach ();
}

TEST_CASE ("INT-010", "the handler gets a message without words from line + 1",
           "V2-241 V2-124 V2-063 V2-310 V2-024")
{
    prepare_keyboard ();
    Keyboard::raise ();
    check_is_interrupt (rt::receive (interrupt_id (Keyboard::line), bounded), Keyboard::line);
    Keyboard::serve ();
    // Once more, by an open wait.
    Keyboard::raise ();
    check_is_interrupt (rt::wait (bounded), Keyboard::line);
    Keyboard::serve ();
    detach ();
}

TEST_CASE ("INT-011", "an interrupt while the handler is busy comes with its next receive",
           "V2-242 V2-313 V2-075")
{
    prepare_keyboard ();
    raise_and_wait ();
    check_is_interrupt (rt::receive (interrupt_id (Keyboard::line), no_waiting), Keyboard::line);
    Keyboard::serve ();
    // A receive phase that finds nothing opens the line, however short it is.
    CHECK_EQUAL (rt::wait (no_waiting).dope.raw (), IpcError::receive_timeout);
    raise_and_wait ();
    check_is_interrupt (rt::wait (no_waiting), Keyboard::line);
    Keyboard::serve ();
    CHECK_EQUAL (rt::wait (no_waiting).dope.raw (), IpcError::receive_timeout);
    detach ();
}

TEST_CASE ("INT-012", "an open wait takes a pending interrupt before pending threads",
           "V2-130 V2-087 V2-055")
{
    prepare_keyboard ();
    Exchange order = Exchange::to (rt::myself (), { 7, 8 });
    begin (order, Space::other);
    raise_and_wait ();
    check_is_interrupt (rt::wait (bounded), Keyboard::line);
    Keyboard::serve ();
    CHECK_EQUAL (rt::wait (bounded).w0, 7u);
    detach ();
}

TEST_CASE ("INT-013", "a handler of higher priority runs at once", "V2-310")
{
    detach ();
    Keyboard::acquire ();
    Handler handler { Keyboard::line };
    begin_handler (handler, +1);
    // Shorter than a time slice: in QEMU, which raises the line in the OUT itself, the handler has
    // run before the next instruction.
    Keyboard::raise ();
    spin (3 * kernel_tick);
    CHECK_EQUAL (handler.served, 1u);
    CHECK_EQUAL (handler.last_dope, 0u);
    Keyboard::serve ();
}

TEST_CASE ("INT-014", "a handler of the same or lower priority does not preempt", "V2-310")
{
    for (int const difference : { 0, -1 }) {
        detach ();
        Keyboard::acquire ();
        Handler handler { Keyboard::line };
        Partner& partner = begin_handler (handler, difference);
        rt::thread_switch (l4::ThreadId::nil ());       // a fresh time slice of our own
        Keyboard::raise ();
        spin (3 * kernel_tick);
        CHECK_EQUAL (handler.served, 0u);
        settle ();
        CHECK_EQUAL (handler.served, 1u);
        Keyboard::serve ();
        partner.release ();
    }
}

TEST_CASE ("INT-015", "at most one message of a line is pending", "V2-311 V2-315")
{
    prepare_keyboard ();
    raise_and_wait ();
    for (unsigned n = 0; n < 3; ++n) {
        Keyboard::serve ();
        CHECK_EQUAL (send_to (interrupt_id (Keyboard::line), 0).dope.raw (), 0u);
        raise_and_wait ();
    }
    check_is_interrupt (rt::wait (no_waiting), Keyboard::line);
    Keyboard::serve ();
    CHECK_EQUAL (rt::wait (no_waiting).dope.raw (), IpcError::receive_timeout);
    detach ();
}

TEST_CASE ("INT-016", "after its message a line is silent until the handler receives again",
           "V2-313 V2-314 V2-246")
{
    detach ();
    RealTimeClock::acquire ();
    REQUIRE_EQUAL (attach (RealTimeClock::line), IpcError::receive_timeout);
    RealTimeClock::start (13);
    check_is_interrupt (rt::wait (bounded), RealTimeClock::line);
    // The clock is read all the time, so that it would interrupt again and again.
    Microseconds const limit = now () + 4 * kernel_tick;
    while (now () < limit)
        RealTimeClock::serve ();
    RealTimeClock::stop ();
    // A receive that does not accept the line leaves it silent, too.
    CHECK_EQUAL (rt::receive (l4::sigma0_id, within (1)).dope.raw (), IpcError::receive_timeout);
    // What the controller has latched meanwhile comes now, once.
    auto const latched = rt::wait (within (3));
    if (latched.dope.ok ())
        check_is_interrupt (latched, RealTimeClock::line);
    CHECK_EQUAL (rt::wait (within (3)).dope.raw (), IpcError::receive_timeout);
    detach ();
}

TEST_CASE ("INT-017", "w0 = 0 sent to the own line unmasks; any other send fails",
           "V2-315 V2-119 V2-065")
{
    prepare_keyboard ();
    l4::ThreadId const line = interrupt_id (Keyboard::line);
    raise_and_wait ();
    Keyboard::serve ();
    check_is_interrupt (rt::wait (no_waiting), Keyboard::line);
    // Masked now. It fires and becomes pending only when it is let.
    Keyboard::raise ();
    CHECK_EQUAL (send_to (line, 1).dope.raw (), IpcError::not_existent);
    CHECK_EQUAL (send_to (line, 0, l4::SendDescriptor::short_fpage ()).dope.raw (),
                 IpcError::not_existent);
    static l4::MessageHeader message { {}, { 2, 0 }, { 2, 0 }, 0, 0 };
    CHECK_EQUAL (send_to (line, 0, l4::SendDescriptor { address_of (message) }).dope.raw (),
                 IpcError::not_existent);
    CHECK_EQUAL (send_to (interrupt_id (idle_line), 0).dope.raw (), IpcError::not_existent);
    CHECK_EQUAL (send_to (interrupt_id (0), 0).dope.raw (), IpcError::not_existent);
    CHECK_EQUAL (send_to ({ line.low (), 99 }, 0).dope.raw (), 0u);
    settle ();
    check_is_interrupt (rt::wait (no_waiting), Keyboard::line);
    Keyboard::serve ();
    detach ();
    CHECK_EQUAL (send_to (line, 0).dope.raw (), IpcError::not_existent);
}

TEST_CASE ("INT-018", "one call unmasks the line and waits for it", "V2-315 V2-309")
{
    prepare_keyboard ();
    l4::ThreadId const line = interrupt_id (Keyboard::line);
    for (unsigned n = 0; n < 3; ++n) {
        Keyboard::raise ();
        check_is_interrupt (rt::call (line, { 0, 5 }, bounded), Keyboard::line);
        Keyboard::serve ();
    }
    CHECK_EQUAL (rt::call (line, { 1, 0 }, bounded).dope.raw (), IpcError::not_existent);
    // And the answer to a client with the wait for whatever comes next.
    Keyboard::raise ();
    check_is_interrupt (rt::reply_and_wait (line, { 0, 0 }, bounded), Keyboard::line);
    Keyboard::serve ();
    detach ();
}

TEST_CASE ("INT-019", "a closed receive takes the line or the thread that it names",
           "V2-309 V2-055 V2-242")
{
    prepare_keyboard ();
    Exchange order = Exchange::to (rt::myself (), { 7, 8 });
    Partner& partner = begin (order, Space::other);
    CHECK_EQUAL (rt::receive (interrupt_id (Keyboard::line), within (3)).dope.raw (),
                 IpcError::receive_timeout);
    raise_and_wait ();
    CHECK_EQUAL (rt::receive (partner.id (), bounded).w0, 7u);
    CHECK_EQUAL (rt::receive (partner.id (), within (3)).dope.raw (), IpcError::receive_timeout);
    check_is_interrupt (rt::receive (interrupt_id (Keyboard::line), no_waiting), Keyboard::line);
    Keyboard::serve ();
    detach ();
}

TEST_CASE ("INT-020", "deleting the handler's task frees its line", "V2-245 V2-100 V2-232 V2-308")
{
    detach ();
    Keyboard::acquire ();
    for (unsigned round = 0; round < 2; ++round) {
        Handler handler { Keyboard::line };
        l4::ThreadId const task
            = create_task (own_task_id (take_task_number ()), 255, handle_keyboard, &handler);
        REQUIRE (!task.is_nil ());
        settle ();
        CHECK_EQUAL (handler.attached, IpcError::receive_timeout);
        CHECK_EQUAL (attach (Keyboard::line), IpcError::not_existent);
        raise_and_wait ();
        CHECK_EQUAL (handler.served, 1u);
        if (round == 1) {                       // and once while it is not in its receive
            change_priority (task, -1);
            Keyboard::serve ();
            Keyboard::raise ();
        }
        rt::task_new (task, 0, 0, 0, l4::ThreadId::nil ());
        Keyboard::serve ();
        CHECK_EQUAL (attach (Keyboard::line), IpcError::receive_timeout);
        Keyboard::raise ();
        check_is_interrupt (rt::wait (bounded), Keyboard::line);
        Keyboard::serve ();
        detach ();
    }
}

TEST_CASE ("INT-021", "detaching drops the message that is pending", "V2-308")
{
    prepare_keyboard ();
    raise_and_wait ();
    detach ();
    CHECK_EQUAL (rt::wait (no_waiting).dope.raw (), IpcError::receive_timeout);
    REQUIRE_EQUAL (attach (Keyboard::line), IpcError::receive_timeout);
    Keyboard::serve ();
    CHECK_EQUAL (rt::wait (within (3)).dope.raw (), IpcError::receive_timeout);
    detach ();
}

TEST_CASE ("INT-022", "while a message is pending, attaching only delivers it", "V2-306")
{
    for (unsigned const line : { idle_line, Keyboard::line, 0u }) {
        prepare_keyboard ();
        raise_and_wait ();
        check_is_interrupt (rt::receive (interrupt_id (line), no_waiting), Keyboard::line);
        Keyboard::serve ();
        // The keyboard's line is still the caller's, the other one nobody's.
        CHECK_EQUAL (attach_in_task (passing_task, Keyboard::line), IpcError::not_existent);
        detach ();
    }
}

TEST_CASE ("INT-023", "a handler that is thrown out of its wait keeps its line", "V2-088 V2-223")
{
    detach ();
    Keyboard::acquire ();
    Handler handler { Keyboard::line };
    Partner& partner = begin_handler (handler, +1);
    for (unsigned n = 1; n <= 3; ++n) {
        partner.restart ();                     // attaches again: 20h, it is its own
        settle ();
        CHECK_EQUAL (handler.attached, IpcError::receive_timeout);
        raise_and_wait ();
        CHECK_EQUAL (handler.served, n);
        Keyboard::serve ();
    }
}

TEST_CASE ("INT-024", "a waiting handler is in state 0Ch with the line as its partner", "V2-209")
{
    detach ();
    Handler handler { idle_line };
    Partner& partner = begin_handler (handler, 0);
    auto const state = rt::thread_schedule (partner.id (), l4::ScheduleParameter { l4::unchanged });
    CHECK_EQUAL (state.old.state (), l4::ThreadStateCode::waiting);
    CHECK_EQUAL (state.partner, interrupt_id (idle_line));
}

TEST_CASE ("INT-025", "a line as pager is none: the thread is shut down", "V2-317 V2-197")
{
    detach ();
    REQUIRE_EQUAL (attach (idle_line), IpcError::receive_timeout);
    auto const read = [] (void* address) {
        static_cast<void> (*static_cast<Word volatile*> (address));
    };
    Partner& partner = start_partner (read, reinterpret_cast<void*> (0xB0000000),
                                      interrupt_id (idle_line));
    settle ();
    CHECK_EQUAL (parameters_of (partner.id ()).state (), l4::ThreadStateCode::dead);
    detach ();
}

TEST_CASE ("INT-026", "two lines interrupt their two handlers", "V2-306 V2-310")
{
    prepare_keyboard ();
    RealTimeClock::acquire ();
    Handler handler { RealTimeClock::line };
    begin_handler (handler, +1);
    RealTimeClock::start (10);
    for (unsigned n = 0; n < 8; ++n) {
        Keyboard::raise ();
        check_is_interrupt (rt::receive (interrupt_id (Keyboard::line), bounded), Keyboard::line);
        Keyboard::serve ();
        settle ();
        RealTimeClock::serve ();
    }
    RealTimeClock::stop ();
    CHECK (handler.served >= 4);
    detach ();
}

TEST_CASE ("INT-027", "a storm of interrupts stops neither the clock nor threads of low priority",
           "V2-246 V2-313")
{
    detach ();
    RealTimeClock::acquire ();
    Handler handler { RealTimeClock::line };
    begin_handler (handler, +1);
    RealTimeClock::start (13);
    Microseconds const limit = now () + 20 * kernel_tick;
    unsigned rounds = 0;
    for (; now () < limit; ++rounds)
        RealTimeClock::serve ();                // it interrupts as often as it can: 8 per tick
    RealTimeClock::stop ();
    CHECK (handler.served > 100);
    CHECK (rounds > 200);
}

TEST_CASE ("INT-028", "attaching, detaching and deletion under fire", "V2-245 V2-306 V2-308")
{
    detach ();
    RealTimeClock::acquire ();
    RealTimeClock::start (13);
    for (unsigned round = 0; round < 20; ++round) {
        Handler handler { RealTimeClock::line };
        Word const number = take_task_number ();
        l4::ThreadId const task = create_task (own_task_id (number, round), 255, handle_keyboard,
                                               &handler);
        REQUIRE (!task.is_nil ());
        change_priority (task, round % 2 == 0 ? +1 : -1);
        sleep_milliseconds (1);
        RealTimeClock::serve ();
        spin (kernel_tick / 2);
        RealTimeClock::serve ();
        rt::task_new (task, 0, 0, 0, l4::ThreadId::nil ());
        REQUIRE_EQUAL (attach (RealTimeClock::line), IpcError::receive_timeout);
        RealTimeClock::serve ();
        check_is_interrupt (rt::wait (bounded), RealTimeClock::line);
        detach ();
        return_task_numbers ();
        reset_stacks ();
    }
    RealTimeClock::stop ();
}

TEST_CASE ("INT-029", "a line that has fired is masked until its handler asks for more",
           "V2-313 V2-314")
{
    prepare_keyboard ();
    raise_and_wait ();
    check_is_interrupt (rt::wait (no_waiting), Keyboard::line);
    Keyboard::serve ();
    raise_and_wait ();
    // Nothing is pending: the controller holds it back until this receive has begun.
    CHECK_EQUAL (rt::wait (no_waiting).dope.raw (), IpcError::receive_timeout);
    settle ();
    check_is_interrupt (rt::wait (no_waiting), Keyboard::line);
    Keyboard::serve ();
    detach ();
}
