// SPDX-License-Identifier: BSD-2-Clause
/// @file  Clans and chiefs: what passes a clan's border, and what the chief can make of it.
///
/// The case is outside. `chief` is a member of the test program's clan, `member` one of its own.
#include <runtime/info_page.hpp>

#include <framework/check.hpp>
#include <framework/clan.hpp>
#include <framework/memory.hpp>
#include <framework/message.hpp>
#include <framework/pager.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

constexpr Word two_words = 0x00004000;
constexpr Word deceived = 1;
constexpr Word redirected = 4;
constexpr Word from_inside = 8;
constexpr rt::Words question { 0x0000A5EE, 0x00123456 };
constexpr rt::Words answer { 0x00B0B0B0, 0x00654321 };

/// A chief and a member that make some exchanges each.
template <unsigned ChiefSteps, unsigned MemberSteps>
struct Clan {
    Exchange chief_steps[ChiefSteps] {};
    Exchange member_steps[MemberSteps] {};
    Script chief_script { chief_steps };
    Script member_script { member_steps };
    ClanTask member { Script::play, &member_script };
    ClanTask chief { Script::play, &chief_script, &member };

    Clan () { reserve_clan (chief); }

    void found () { found_clan (chief); }
    void check_finished () const
    {
        CHECK (chief.finish ());
        CHECK (member.finish ());
    }
};

/// What `result` says, word by word.
void check_message (rt::IpcResult const& result, Word dope, l4::ThreadId source, rt::Words words)
{
    CHECK_EQUAL (result.dope.raw (), dope);
    CHECK_EQUAL (result.source, source);
    CHECK_EQUAL (result.w0, words.w0);
    CHECK_EQUAL (result.w1, words.w1);
}

/// The same of a message that was meant for `addressed`.
void check_redirected (rt::IpcResult const& result, Word flags, l4::ThreadId source,
                       l4::ThreadId addressed, rt::Words words)
{
    check_message (result, two_words | redirected | flags, source, words);
    CHECK_EQUAL (result.addressed, addressed);
}

/// Ids that somebody asks about.
struct Enquiry {
    static constexpr unsigned most = 6;

    l4::ThreadId asked[most];
    rt::NearestResult answers[most] {};
    unsigned count { most };
    bool const volatile* after { nullptr };     ///< what has to be true first

    static void ask (void* enquiry)
    {
        auto& self = *static_cast<Enquiry*> (enquiry);
        while (self.after != nullptr && !*self.after)
            sleep_milliseconds (1);
        for (unsigned n = 0; n < self.count; ++n)
            self.answers[n] = rt::id_nearest (self.asked[n]);
    }
    void check (unsigned n, l4::Nearest type, l4::ThreadId id) const
    {
        CHECK_EQUAL (answers[n].type, type);
        CHECK_EQUAL (answers[n].nearest, id);
    }
};

/// An id that was never given to a thread, of a task that would be in the clan of `chief`.
[[nodiscard]] l4::ThreadId unborn_member (l4::ThreadId chief)
{
    return l4::ThreadId::make ({ .task = l4::ThreadId::tasks - 1, .lthread = 3, .version = 9,
                                 .chief = chief.task (), .nest = chief.nest () + 1, .site = 0 });
}

/// What a member that deceives without being a chief can make of `source`.
void check_refused (l4::ThreadId source)
{
    Exchange sending = Exchange::to (rt::myself (), question, bounded).as (source);
    Partner& sender = partner_task ().start (exchange, &sending);
    check_message (rt::wait (bounded), two_words, sender.id (), question);
    CHECK (sender.finish ());
    sender.release ();
}

/// Wait until `order` has ended. @return whether it has
bool ended (Exchange const& order)
{
    for (unsigned n = 0; order.pending () && n < 100; ++n)
        sleep_milliseconds (1);
    return !order.pending ();
}

void do_nothing (void*) {}

}  // namespace

TEST_CASE ("CLN-001", "from inside a clan, all outside is reached by the own chief",
           "V2-108 V2-078 V2-091")
{
    Enquiry enquiry { .asked = { partner_task ().id (), rt::myself (), l4::root_id, l4::sigma0_id,
                                 unborn_member (partner_task ().id ()), {} } };
    ClanTask member { Enquiry::ask, &enquiry };
    ClanTask chief { do_nothing, nullptr, &member };
    reserve_clan (chief);
    enquiry.asked[5] = chief.id.with_lthread (77);
    found_clan (chief);
    REQUIRE (member.finish ());
    for (unsigned n = 0; n < 5; ++n)
        enquiry.check (n, l4::Nearest::outside, chief.id);
    enquiry.check (5, l4::Nearest::same_clan, chief.id.with_lthread (77));
}

TEST_CASE ("CLN-002", "from outside, the members of a clan are reached by its chief",
           "V2-109 V2-078")
{
    ClanTask inner { do_nothing, nullptr };
    Enquiry from_chief { .asked = {}, .count = 2, .after = &inner.exists };
    ClanTask member { do_nothing, nullptr, &inner };
    ClanTask chief { Enquiry::ask, &from_chief, &member };
    reserve_clan (chief);
    from_chief.asked[0] = inner.id;
    l4::ThreadId const outsider = partner_task ().id ();
    from_chief.asked[1] = unborn_member (outsider);
    found_clan (chief);

    Enquiry mine { .asked = { member.id, inner.id, unborn_member (inner.id) }, .count = 3 };
    Enquiry::ask (&mine);
    for (unsigned n = 0; n < 3; ++n)
        mine.check (n, l4::Nearest::inner_clan, chief.id);
    Enquiry siblings { .asked = { member.id, inner.id, chief.id }, .count = 3 };
    REQUIRE (partner_task ().start (Enquiry::ask, &siblings).finish ());
    for (unsigned n = 0; n < 2; ++n)
        siblings.check (n, l4::Nearest::inner_clan, chief.id);
    siblings.check (2, l4::Nearest::same_clan, chief.id);
    REQUIRE (chief.finish ());
    from_chief.check (0, l4::Nearest::inner_clan, member.id);
    from_chief.check (1, l4::Nearest::inner_clan, outsider);
}

TEST_CASE ("CLN-003", "a message out of a clan arrives at its chief", "V2-247 V2-079")
{
    Clan<1, 1> clan;
    clan.chief_steps[0] = Exchange::wait (bounded);
    clan.member_steps[0] = Exchange::to (rt::myself (), question, bounded);
    clan.found ();
    CHECK_EQUAL (rt::wait (within (20)).dope.raw (), l4::IpcError::receive_timeout);
    clan.check_finished ();
    check_redirected (clan.chief_steps[0].result, from_inside, clan.member.id, rt::myself (),
                      question);
    CHECK_EQUAL (clan.member_steps[0].result.dope.raw (), 0u);
}

TEST_CASE ("CLN-004", "a message into a clan arrives at its chief", "V2-248 V2-079")
{
    Clan<1, 1> clan;
    clan.chief_steps[0] = Exchange::wait (bounded);
    clan.member_steps[0] = Exchange::wait (within (30));
    clan.found ();
    l4::ThreadId const addressed = clan.member.id.with_lthread (5);     // need not exist
    CHECK_EQUAL (rt::send (addressed, question, bounded).raw (), 0u);
    clan.check_finished ();
    check_redirected (clan.chief_steps[0].result, 0, rt::myself (), addressed, question);
    CHECK_EQUAL (clan.member_steps[0].result.dope.raw (), l4::IpcError::receive_timeout);
}

TEST_CASE ("CLN-005", "by its chief's deceit a member talks to the outside as if directly",
           "V2-249 V2-251 V2-080 V2-083")
{
    l4::ThreadId const outside = rt::myself ();
    Clan<4, 1> clan;
    l4::ThreadId const member = clan.member.id;
    clan.chief_steps[0] = Exchange::wait (bounded);
    clan.chief_steps[1] = Exchange::to (outside, question, bounded).as (member);
    clan.chief_steps[2] = Exchange::wait (bounded);
    clan.chief_steps[3] = Exchange::to (member, answer, bounded).as (outside);
    clan.member_steps[0] = Exchange::call (outside, question, bounded);
    clan.found ();
    check_message (rt::receive (member, bounded), two_words | deceived, member, question);
    CHECK_EQUAL (rt::send (member, answer, bounded).raw (), 0u);
    clan.check_finished ();
    check_redirected (clan.chief_steps[0].result, from_inside, member, outside, question);
    check_redirected (clan.chief_steps[2].result, 0, outside, member, answer);
    check_message (clan.member_steps[0].result, two_words | deceived, outside, answer);
}

TEST_CASE ("CLN-006", "a closed receive through a chief accepts what the chief sends as itself",
           "V2-080")
{
    Clan<2, 1> clan;
    clan.chief_steps[0] = Exchange::wait (bounded);
    clan.chief_steps[1] = Exchange::to (clan.member.id, answer, no_waiting);
    clan.member_steps[0] = Exchange::call (rt::myself (), question, bounded);
    clan.found ();
    clan.check_finished ();
    CHECK_EQUAL (clan.chief_steps[1].result.dope.raw (), 0u);
    check_message (clan.member_steps[0].result, two_words, clan.chief.id, answer);
}

TEST_CASE ("CLN-007", "a closed receive through a chief accepts no other name of it",
           "V2-080 V2-083")
{
    l4::ThreadId const other = rt::info_page ().own;
    Clan<2, 1> clan;
    clan.chief_steps[0] = Exchange::wait (bounded);
    clan.chief_steps[1] = Exchange::to (clan.member.id, answer, within (10)).as (other);
    clan.member_steps[0] = Exchange::call (rt::myself (), question, within (50));
    clan.found ();
    clan.check_finished ();
    CHECK_EQUAL (clan.chief_steps[1].result.dope.raw (), l4::IpcError::send_timeout);
    CHECK_EQUAL (clan.member_steps[0].result.dope.raw (), l4::IpcError::receive_timeout);
}

TEST_CASE ("CLN-008", "a deceit that does not cross the border of the clan is not granted",
           "V2-250 V2-083 V2-084")
{
    l4::ThreadId const outside = rt::myself ();
    Clan<3, 1> clan;
    l4::ThreadId const chief = clan.chief.id;
    clan.chief_steps[0] = Exchange::to (outside, question, bounded).as (partner_task ().id ());
    clan.chief_steps[1] = Exchange::to (outside, question, bounded).as (l4::root_id);
    clan.chief_steps[2]
        = Exchange::to (clan.member.id, answer, bounded).as (clan.member.id.with_lthread (9));
    clan.member_steps[0] = Exchange::from (chief, bounded);
    clan.found ();
    for (unsigned n = 0; n < 2; ++n)
        check_message (rt::receive (chief, bounded), two_words, chief, question);
    clan.check_finished ();
    check_message (clan.member_steps[0].result, two_words, chief, answer);
}

TEST_CASE ("CLN-009", "who is no chief deceives nobody", "V2-083 V2-084 V2-008")
{
    check_refused (l4::root_id);
    check_refused (rt::myself ());
    check_refused (partner_task (1).id ());
    check_refused (unborn_member (l4::root_id));
}

TEST_CASE ("CLN-010", "no one can pass for nobody, everybody, an interrupt or a thread of its task",
           "V2-289 V2-056")
{
    Word const own = rt::info_page ().own.task ();
    Word const inside = l4::ThreadId::Chief::make (own);
    l4::ThreadId const names[] = { { 0, 0 }, { 0, inside }, { ~Word { 0 }, inside },
                                   { 5, 0 }, { 5, inside }, { 1 << 17, inside }, { 1 << 17, 0 },
                                   rt::info_page ().own };
    Exchange sleeping = Exchange::from (l4::ThreadId::nil ());
    Partner& sleeper = begin (sleeping, Space::other);
    Exchange waiting = Exchange::wait ();
    Partner& waiter = partner_task ().start (exchange, &waiting);
    for (l4::ThreadId name : names) {
        Exchange to_sleeper = Exchange::to (sleeper.id (), question, no_waiting).as (name);
        to_sleeper.perform ();
        CHECK_EQUAL (to_sleeper.result.dope.raw (), l4::IpcError::send_timeout);
        waiting = Exchange::wait ();
        waiter.restart ();
        Exchange to_waiter = Exchange::to (waiter.id (), question, bounded).as (name);
        to_waiter.perform ();
        REQUIRE (ended (waiting));
        check_message (waiting.result, two_words, rt::myself (), question);
    }
    CHECK (sleeping.pending ());
}

TEST_CASE ("CLN-011", "timeouts hold for messages that are redirected", "V2-075 V2-076 V2-079")
{
    Clan<1, 3> clan;
    clan.chief_steps[0] = Exchange::from (l4::ThreadId::nil (), within (60));
    clan.member_steps[0] = Exchange::to (rt::myself (), question, no_waiting);
    clan.member_steps[1] = Exchange::to (rt::myself (), question, within (10));
    clan.member_steps[2] = Exchange::from (rt::myself (), within (10));
    clan.found ();
    clan.check_finished ();
    CHECK_EQUAL (clan.member_steps[0].result.dope.raw (), l4::IpcError::send_timeout);
    CHECK_EQUAL (clan.member_steps[1].result.dope.raw (), l4::IpcError::send_timeout);
    CHECK_EQUAL (clan.member_steps[2].result.dope.raw (), l4::IpcError::receive_timeout);
}

TEST_CASE ("CLN-012", "redirected messages that wait can be cancelled, and deceits too",
           "V2-088 V2-224")
{
    Clan<1, 1> clan;
    clan.chief_steps[0] = Exchange::from (l4::ThreadId::nil ());
    clan.member_steps[0] = Exchange::from (l4::ThreadId::nil ());
    clan.found ();
    guest_partner = clan.member.id;
    FreshThread const redirected = start_fresh_thread (guest_send_to_partner);
    settle ();
    ex_regs (redirected.id.lthread (), redirected.stack, address_of (guest_report_registers));
    REQUIRE (await_report ());
    CHECK_EQUAL (registers_seen ().eax, l4::IpcError::send_cancelled);

    // The test program is a chief, too: its partner deceives a member that does not listen.
    Exchange busy = Exchange::from (l4::ThreadId::nil ());
    Partner& listener = begin (busy, Space::other);
    Exchange deceit = Exchange::to (listener.id (), question).as (l4::sigma0_id);
    Partner& deceiver = begin (deceit);
    deceiver.stop ();
    // It is nowhere to be found any more.
    Exchange order = Exchange::from (l4::sigma0_id, within (5));
    Partner& again = partner_task ().start (exchange, &order);
    REQUIRE (again.finish ());
    CHECK_EQUAL (order.result.dope.raw (), l4::IpcError::receive_timeout);
}

TEST_CASE ("CLN-013", "who sends through a chief that is deleted gets code 10h", "V2-090 V2-235")
{
    Clan<1, 1> clan;
    clan.chief_steps[0] = Exchange::from (l4::ThreadId::nil ());
    clan.member_steps[0] = Exchange::from (l4::ThreadId::nil ());
    clan.found ();
    Exchange sending = Exchange::to (clan.member.id, question);
    Partner& sender = begin (sending);
    Exchange deceit = Exchange::to (clan.chief.id, question).as (l4::sigma0_id);
    Partner& deceiver = begin (deceit);
    REQUIRE (!rt::task_new (clan.chief.id, rt::myself ().low (), 0, 0, l4::ThreadId::nil ())
                  .is_nil ());
    CHECK (sender.finish () && deceiver.finish ());
    CHECK_EQUAL (sending.result.dope.raw (), l4::IpcError::not_existent);
    CHECK_EQUAL (deceit.result.dope.raw (), l4::IpcError::not_existent);
    CHECK_EQUAL (rt::send (clan.member.id, question, no_waiting).raw (),
                 l4::IpcError::not_existent);
}

TEST_CASE ("CLN-014", "a chief that is not active lets nothing through", "V2-079 V2-117")
{
    l4::ThreadId const inactive = own_task_id (take_task_number ());
    l4::ThreadId const behind = unborn_member (inactive);
    CHECK_EQUAL (rt::send (behind, question, bounded).raw (), l4::IpcError::not_existent);
    CHECK_EQUAL (rt::receive (behind, bounded).dope.raw (), l4::IpcError::not_existent);
    auto const nearest = rt::id_nearest (behind);
    CHECK_EQUAL (nearest.type, l4::Nearest::inner_clan);
    CHECK_EQUAL (nearest.nearest.task (), inactive.task ());
}

TEST_CASE ("CLN-015", "out of the outermost clan leads no way", "V2-081")
{
    l4::ThreadId const beyond
        = l4::ThreadId::make ({ l4::ThreadId::tasks - 1, 0, 0, 0, 0, 0 });
    CHECK_EQUAL (rt::send (beyond, question, bounded).raw (), l4::IpcError::not_existent);
    CHECK_EQUAL (rt::receive (beyond, bounded).dope.raw (), l4::IpcError::not_existent);
    auto const nearest = rt::id_nearest (beyond);
    CHECK_EQUAL (nearest.type, l4::Nearest::outside);
    CHECK_EQUAL (nearest.nearest, l4::root_id);
}

TEST_CASE ("CLN-016", "a page fault reaches a pager outside the clan through the chief",
           "V2-082 V2-317")
{
    struct Faulting {
        Address address;
        l4::ThreadId pager;
        Word value { 0 };
        rt::Stack<1024>* stack;
    };
    static constinit rt::Stack<1024> stack {};
    static constexpr Word faulting_thread = 2;
    Faulting order { fresh_window (), rt::myself (), 0, &stack };
    auto const fault = [] (void* argument) {
        auto& self = *static_cast<Faulting*> (argument);
        self.value = guest_read (self.address);
        rt::sleep_forever ();
    };
    struct Start {
        Faulting* order;
        PartnerFunction fault;
    } start { &order, fault };
    auto const begin_to_fault = [] (void* argument) {
        auto const& self = *static_cast<Start*> (argument);
        auto* const top = static_cast<Word*> (self.order->stack->top ());
        start_at (faulting_thread, top, self.fault, self.order, self.order->pager);
    };
    Address const page = take_pages ();
    Exchange steps[2];
    Script script { steps };
    ClanTask member { begin_to_fault, &start };
    ClanTask chief { Script::play, &script, &member };
    reserve_clan (chief);
    l4::ThreadId const faulter = member.id.with_lthread (faulting_thread);
    steps[0] = Exchange::wait (bounded);
    steps[1] = Exchange::to (faulter, { order.address, 0 }, no_waiting);
    steps[1].send = l4::SendDescriptor::short_fpage ();
    steps[1].words.w1 = l4::Fpage::memory (page, l4::page_bits).raw ();
    // The chief has the page to give: only what it has itself can be mapped on.
    struct Mapped {
        Script* script;
        Address page;
    } mapped { &script, page };
    chief.function = [] (void* argument) {
        auto const& self = *static_cast<Mapped*> (argument);
        [[maybe_unused]] Word const touched = word_at (self.page);
        Script::play (self.script);
    };
    chief.argument = &mapped;
    found_clan (chief);
    REQUIRE (chief.finish ());
    check_redirected (steps[0].result, from_inside, faulter, rt::myself (),
                      { order.address, reinterpret_cast<Address> (guest_read_instruction) });
    CHECK_EQUAL (steps[1].result.dope.raw (), 0u);
    for (unsigned n = 0; order.value == 0 && n < 50; ++n)
        sleep_milliseconds (1);
    CHECK_EQUAL (order.value, page_mark (page));
}

TEST_CASE ("CLN-017", "a message passes two borders, chief by chief", "V2-085 V2-079 V2-247")
{
    l4::ThreadId const outside = rt::myself ();
    Exchange inner_step;
    Exchange member_steps[2];
    Exchange chief_steps[2];
    Exchange (&inner_steps)[1] = reinterpret_cast<Exchange (&)[1]> (inner_step);
    Script inner_script { inner_steps }, member_script { member_steps },
        chief_script { chief_steps };
    ClanTask inner { Script::play, &inner_script };
    ClanTask member { Script::play, &member_script, &inner };
    ClanTask chief { Script::play, &chief_script, &member };
    reserve_clan (chief);
    inner_step = Exchange::to (outside, question, bounded);
    member_steps[0] = Exchange::wait (bounded);
    member_steps[1] = Exchange::to (outside, question, bounded).as (inner.id);
    chief_steps[0] = Exchange::wait (bounded);
    chief_steps[1] = Exchange::to (outside, question, bounded).as (inner.id);
    found_clan (chief);
    check_message (rt::receive (inner.id, bounded), two_words | deceived, inner.id, question);
    CHECK (chief.finish () && member.finish () && inner.finish ());
    check_redirected (member_steps[0].result, from_inside, inner.id, outside, question);
    check_redirected (chief_steps[0].result, from_inside | deceived, inner.id, outside, question);
}

TEST_CASE ("CLN-018", "a closed receive finds who deceives among many that wait",
           "V2-083 V2-087 V2-129")
{
    // The test program is the chief: seven threads of it send in several names to one member.
    constexpr unsigned deceivers = 7;
    l4::ThreadId const names[] = { l4::sigma0_id, l4::root_id };
    Exchange busy = Exchange::from (l4::ThreadId::nil ());
    Partner& receiver = begin (busy, Space::other);
    Exchange sent[deceivers];
    l4::ThreadId honest {};
    for (unsigned n = 0; n < deceivers; ++n) {
        bool const deceives = n != 3;
        sent[n] = Exchange::to (receiver.id (), { n, n });
        if (deceives)
            sent[n] = sent[n].as (names[n % 2]);
        l4::ThreadId const id = begin (sent[n]).id ();
        if (!deceives)
            honest = id;
    }
    // sigma0: 0, 2, 4, 6; the root task: 1, 5. The receiver is sent to new orders.
    struct Expected {
        unsigned name;
        Word word;
    };
    Exchange& order = busy;
    auto const receive = [&] (Exchange const& next) {
        order = next;
        receiver.restart ();
        REQUIRE (ended (order));
    };
    for (Expected e : { Expected { 1, 1 }, { 0, 0 }, { 0, 2 }, { 1, 5 }, { 0, 4 }, { 0, 6 } }) {
        receive (Exchange::from (names[e.name], no_waiting));
        check_message (order.result, two_words | deceived, names[e.name], { e.word, e.word });
    }
    receive (Exchange::from (names[0], no_waiting));
    CHECK_EQUAL (order.result.dope.raw (), l4::IpcError::receive_timeout);
    receive (Exchange::wait (no_waiting));
    check_message (order.result, two_words, honest, { 3, 3 });
}

TEST_CASE ("CLN-019", "the two words of a deceit may lie in a page that is not there yet",
           "V2-084 V2-003")
{
    // The case pages a thread whose ESP points to a missing page, which then holds the name.
    Address const missing = untouched_pages (3) + 3 * l4::page_size;
    struct Order {
        RegisterImage in;
        Address esp;
        Word result;
    };
    Exchange receiving = Exchange::wait (bounded);
    Partner& receiver = begin (receiving, Space::other);
    Order order { distinct_registers, missing + 8, ~Word { 0 } };
    order.in.eax = 1;
    order.in.ecx = bounded.raw ();
    order.in.ebp = l4::ReceiveDescriptor::nil ().raw ();
    order.in.esi = receiver.id ().low ();
    order.in.edi = receiver.id ().high ();
    auto const deceive = [] (void* argument) {
        auto& self = *static_cast<Order*> (argument);
        self.result = guest_deceive_at (&self.in, self.esp);
    };
    Partner& deceiver = start_partner (deceive, &order, rt::myself ());
    auto const fault = rt::receive (deceiver.id (), bounded);
    check_message (fault, two_words, deceiver.id (),
                   { missing + 8, reinterpret_cast<Address> (guest_deceive_at_instruction) });
    CHECK (receiving.pending ());
    // The test program's own pager brings the page.
    word_at (missing + 8) = l4::sigma0_id.low ();
    word_at (missing + 12) = l4::sigma0_id.high ();
    CHECK (rt::send (deceiver.id (), {}, bounded).ok ());
    REQUIRE (deceiver.finish ());
    CHECK_EQUAL (order.result, 0u);
    REQUIRE (receiver.finish ());
    check_message (receiving.result, two_words | deceived, l4::sigma0_id,
                   { order.in.edx, order.in.ebx });
}

TEST_CASE ("CLN-020", "no deceit with a stack beyond user space", "V2-084 V2-008 V2-158")
{
    constexpr Address stacks[] = { 0xC0000000, 0xBFFFFFFC, 0xBFFFFFF9, 0xE0080400, 0xF0100000,
                                   0xFFFFFFF8, 0xFFFFFFFC, 0xFFFFFFFF };
    Exchange receiving;
    Partner& receiver = partner_task ().start (exchange, &receiving);
    RegisterImage in = distinct_registers;
    in.eax = 1;
    in.ecx = bounded.raw ();
    in.ebp = l4::ReceiveDescriptor::nil ().raw ();
    in.esi = receiver.id ().low ();
    in.edi = receiver.id ().high ();
    for (Address esp : stacks) {
        receiving = Exchange::wait (bounded);
        receiver.restart ();
        CHECK_EQUAL (guest_deceive_at (&in, esp), 0u);
        REQUIRE (ended (receiving));
        check_message (receiving.result, two_words, rt::myself (), { in.edx, in.ebx });
    }
}

TEST_CASE ("CLN-021", "long messages are redirected like short ones", "V2-079 V2-062 V2-067")
{
    constexpr unsigned dwords = 64;
    static Word outgoing[Message::words (dwords)];
    static Word incoming[2][Message::words (dwords)];
    Message const message { outgoing, dwords };
    Message const whole { incoming[0], dwords };
    Message const half { incoming[1], dwords / 2 };
    Clan<2, 1> clan;
    for (Exchange& step : clan.chief_steps)
        step = Exchange::wait (bounded);
    clan.chief_steps[0].receive = whole.receiving ().open ();
    clan.chief_steps[1].receive = half.receiving ().open ();
    clan.member_steps[0] = Exchange::from (l4::ThreadId::nil (), within (1));
    clan.found ();
    for (Word code : { Word { 0 }, static_cast<Word> (l4::IpcError::send_cut) }) {
        Exchange sending = Exchange::to (clan.member.id, question, bounded);
        sending.send = message.sending ();
        sending.perform ();
        CHECK_EQUAL (sending.result.dope.raw (), code);
    }
    clan.check_finished ();
    constexpr Word flags[] = { redirected,
                               redirected | static_cast<Word> (l4::IpcError::receive_cut) };
    for (unsigned n = 0; n < 2; ++n) {
        auto const& result = clan.chief_steps[n].result;
        check_message (result, l4::MessageDope { dwords >> n, 0 }.raw () | flags[n],
                       rt::myself (), question);
        CHECK_EQUAL (result.addressed, clan.member.id);
    }
}
