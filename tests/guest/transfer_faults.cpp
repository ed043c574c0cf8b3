// SPDX-License-Identifier: BSD-2-Clause
/// @file  Page faults in the middle of a transfer. The case is the pager of the side that faults.
#include <l4/protocol/page_fault.hpp>

#include <framework/check.hpp>
#include <framework/memory.hpp>
#include <framework/message.hpp>
#include <framework/pager.hpp>
#include <framework/probes.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

constexpr unsigned dwords = 40;
constexpr l4::PageFaultTimeout no_fault_timeout = l4::PageFaultTimeout::never ();

Word memory[Message::words (dwords, 1)];

enum class Side { sender, receiver };

/// A transfer between a thread of a partner task whose buffer is not mapped, with the case as its
/// pager, and a thread of the test program.
class FaultingTransfer {
public:
    /// @param sender_faults, receiver_faults  page fault timeouts of the two
    explicit FaultingTransfer (Side faulting, l4::PageFaultTimeout sender_faults = {},
                               l4::PageFaultTimeout receiver_faults = {},
                               l4::ThreadId pager = rt::myself ())
        : backing_ { take_pages () }, window_ { fresh_window () },
          there_ { reinterpret_cast<Word*> (backing_), dwords }, here_ { memory, dwords }
    {
        bool const sends = faulting == Side::sender;
        l4::Timeout const wait = bounded.send ();
        l4::Timeouts const send_timeouts { wait, wait, sender_faults, no_fault_timeout };
        l4::Timeouts const receive_timeouts { wait, wait, no_fault_timeout, receiver_faults };
        there_order_.timeouts = sends ? send_timeouts : receive_timeouts;
        here_order_.timeouts = sends ? receive_timeouts : send_timeouts;
        here_order_.words = there_order_.words = transfer_words;
        (sends ? there_ : here_).word (dwords - 1) = 0x1A571A57;
        if (sends)
            here_order_.receive = here_.receiving ().open ();
        else
            here_order_.send = here_.sending ();
        start (sends, pager);
    }

    /// The fault that the pager is told of.
    [[nodiscard]] rt::IpcResult await_fault () const
    {
        auto const fault = rt::receive (there_partner_->id (), within (500));
        CHECK (fault.dope.ok ());
        return fault;
    }

    void serve () const
    {
        auto const fpage = l4::Fpage::memory (backing_, l4::page_bits);
        CHECK (rt::send_fpage (there_partner_->id (), window_, fpage, no_waiting).ok ());
    }

    void check_complete ()
    {
        REQUIRE (here_partner_->finish () && there_partner_->finish ());
        CHECK_EQUAL (sender ().raw (), 0u);
        CHECK_EQUAL (receiver ().dope, (l4::MessageDope { dwords, 0 }));
        CHECK_EQUAL (here_.word (dwords - 1), 0x1A571A57u);
        CHECK_EQUAL (there_.word (dwords - 1), 0x1A571A57u);
    }

    void check_failed (l4::IpcError code, unsigned milliseconds = 100) const
    {
        REQUIRE (here_partner_->finish (milliseconds) && there_partner_->finish (milliseconds));
        CHECK_EQUAL (sender ().raw (), l4::sender_code (code));
        CHECK_EQUAL (receiver ().dope.error (), code);
    }

    [[nodiscard]] Address window () const { return window_; }
    [[nodiscard]] Partner& faulting_partner () const { return *there_partner_; }
    [[nodiscard]] Partner& other_partner () const { return *here_partner_; }
    [[nodiscard]] bool pending () const
    {
        return here_order_.pending () && there_order_.pending ();
    }
    [[nodiscard]] Address backing () const { return backing_; }
    [[nodiscard]] l4::MessageDope faulting_result () const { return there_order_.result.dope; }
    [[nodiscard]] l4::MessageDope other_result () const { return here_order_.result.dope; }

private:
    void start (bool sends, l4::ThreadId pager)
    {
        if (!sends) {
            there_order_.receive = l4::ReceiveDescriptor { window_ }.open ();
            there_partner_ = &partner_task ().start (exchange, &there_order_, pager);
            here_order_.partner = there_partner_->id ();
            here_partner_ = &start_partner (exchange, &here_order_);
            return;
        }
        here_partner_ = &start_partner (exchange, &here_order_);
        there_order_.partner = here_partner_->id ();
        there_order_.send = l4::SendDescriptor { window_ };
        there_partner_ = &partner_task ().start (exchange, &there_order_, pager);
    }

    [[nodiscard]] l4::MessageDope sender () const
    {
        return here_order_.send.is_nil () ? there_order_.result.dope : here_order_.result.dope;
    }
    [[nodiscard]] rt::IpcResult const& receiver () const
    {
        return here_order_.send.is_nil () ? here_order_.result : there_order_.result;
    }

    Address backing_;
    Address window_;
    Message there_;
    Message here_;
    Exchange there_order_;
    Exchange here_order_;
    Partner* there_partner_ { nullptr };
    Partner* here_partner_ { nullptr };
};

}  // namespace

TEST_CASE ("TRF-001", "the sender's pager brings the message", "V2-159 V2-077")
{
    FaultingTransfer transfer { Side::sender };
    auto const fault = transfer.await_fault ();
    CHECK_EQUAL (fault.w0 & ~(l4::page_size - 1), transfer.window ());
    CHECK_EQUAL (fault.w0 & 2, 0u);
    CHECK_EQUAL (fault.w1, l4::fault_in_kernel);
    CHECK (transfer.pending ());
    transfer.serve ();
    transfer.check_complete ();
}

TEST_CASE ("TRF-002", "the receiver's pager brings the buffer, for writing", "V2-160 V2-077")
{
    FaultingTransfer transfer { Side::receiver };
    bool write = false;
    // The head may be read first: that is a read fault, and may be answered read-only.
    for (unsigned faults = 0; faults < 2 && !write; ++faults) {
        auto const fault = transfer.await_fault ();
        write = (fault.w0 & 2) != 0;
        CHECK_EQUAL (fault.w0 & ~(l4::page_size - 1), transfer.window ());
        CHECK_EQUAL (fault.w1, l4::fault_in_kernel);
        CHECK (transfer.pending ());
        auto const fpage = l4::Fpage::memory (transfer.backing (), l4::page_bits,
                                              write ? l4::Access::read_write
                                                    : l4::Access::read_only);
        CHECK (rt::send_fpage (fault.source, transfer.window (), fpage, no_waiting).ok ());
    }
    CHECK (write);
    transfer.check_complete ();
}

TEST_CASE ("TRF-003", "a zero send fault timeout ends the transfer at once", "V2-161 V2-077")
{
    FaultingTransfer const transfer { Side::receiver, l4::PageFaultTimeout::zero () };
    transfer.check_failed (l4::IpcError::receive_send_fault_timeout);
    CHECK_EQUAL (rt::wait (no_waiting).dope.raw (), l4::IpcError::receive_timeout);
}

TEST_CASE ("TRF-004", "a zero receive fault timeout ends the transfer at once", "V2-162 V2-077")
{
    FaultingTransfer const transfer { Side::sender, {}, l4::PageFaultTimeout::zero () };
    transfer.check_failed (l4::IpcError::receive_receive_fault_timeout);
    CHECK_EQUAL (rt::wait (no_waiting).dope.raw (), l4::IpcError::receive_timeout);
}

TEST_CASE ("TRF-005", "a pager that never answers is waited for as long as the other side says",
           "V2-163 V2-077")
{
    FaultingTransfer const transfer { Side::receiver, { 4 } };      // 4^11 us = 4.2 s
    auto const duration = duration_of ([&transfer] {
        CHECK (transfer.await_fault ().dope.ok ());
        transfer.check_failed (l4::IpcError::receive_send_fault_timeout, 5000);
    });
    CHECK (duration >= 4'194'000 && duration < 4'300'000);
}

TEST_CASE ("TRF-006", "a pager that is slower than the limit does not help", "V2-077 V2-163")
{
    FaultingTransfer const transfer { Side::sender, {}, { 8 } };    // 4^7 us = 16 ms
    CHECK (transfer.await_fault ().dope.ok ());
    sleep_milliseconds (40);
    transfer.check_failed (l4::IpcError::receive_receive_fault_timeout);
}

TEST_CASE ("TRF-007", "the timeouts of the own side do not count", "V2-077")
{
    FaultingTransfer sender { Side::sender, l4::PageFaultTimeout::zero () };
    static_cast<void> (sender.await_fault ());
    sender.serve ();
    sender.check_complete ();
}

TEST_CASE ("TRF-008", "a fault without a pager aborts both sides", "V2-065 V2-317")
{
    l4::ThreadId const nobody = own_task_id (foreign_task_number ());
    FaultingTransfer const transfer { Side::sender, {}, {}, nobody };
    transfer.check_failed (l4::IpcError::receive_aborted);
}

TEST_CASE ("TRF-009", "an answer without a page is a fault again", "V2-318 V2-077")
{
    FaultingTransfer transfer { Side::sender };
    auto fault = transfer.await_fault ();
    for (unsigned round = 0; round < 3; ++round) {
        fault = rt::call (fault.source, {}, within (500));
        REQUIRE (fault.dope.ok ());
        CHECK_EQUAL (fault.w1, l4::fault_in_kernel);
    }
    transfer.serve ();
    transfer.check_complete ();
}

TEST_CASE ("TRF-010", "a receive timeout that expires during a transfer is ignored",
           "V2-139 V2-074")
{
    Address const window = fresh_window ();
    Address const backing = take_pages ();
    Message out { reinterpret_cast<Word*> (backing), dwords };
    Message in { memory, dwords };
    Exchange receiver = Exchange::wait (within (20));
    receiver.receive = in.receiving ().open ();
    Partner& receiving = start_partner (exchange, &receiver);
    Exchange sender = Exchange::to (receiving.id (), transfer_words, within (20));
    sender.send = l4::SendDescriptor { window };
    Partner& sending = partner_task ().start (exchange, &sender, rt::myself ());
    REQUIRE (rt::receive (sending.id (), within (500)).dope.ok ());
    sleep_milliseconds (60);
    CHECK (sender.pending () && receiver.pending ());
    auto const fpage = l4::Fpage::memory (backing, l4::page_bits);
    CHECK (rt::send_fpage (sending.id (), window, fpage, no_waiting).ok ());
    REQUIRE (receiving.finish () && sending.finish ());
    CHECK_EQUAL (sender.result.dope.raw (), 0u);
    CHECK_EQUAL (receiver.result.dope, (l4::MessageDope { dwords, 0 }));
}

TEST_CASE ("TRF-011", "if the sender in a fault of the transfer goes away, its partner gets C0h",
           "V2-225 V2-088")
{
    FaultingTransfer const transfer { Side::sender };
    static_cast<void> (transfer.await_fault ());
    transfer.faulting_partner ().stop ();
    REQUIRE (transfer.other_partner ().finish (100));
    CHECK_EQUAL (transfer.other_result ().error (), l4::IpcError::receive_aborted);
}

TEST_CASE ("TRF-012", "if the receiver in a fault of the transfer goes away, its partner gets D0h",
           "V2-225 V2-088")
{
    FaultingTransfer const transfer { Side::receiver };
    static_cast<void> (transfer.await_fault ());
    transfer.faulting_partner ().stop ();
    REQUIRE (transfer.other_partner ().finish (100));
    CHECK_EQUAL (transfer.other_result ().raw (), l4::IpcError::send_aborted);
}

TEST_CASE ("TRF-013", "who waits for the partner's fault can be aborted too", "V2-225 V2-088")
{
    FaultingTransfer const transfer { Side::sender };
    static_cast<void> (transfer.await_fault ());
    transfer.other_partner ().stop ();
    REQUIRE (transfer.faulting_partner ().finish (100));
    CHECK_EQUAL (transfer.faulting_result ().raw (), l4::IpcError::send_aborted);
}

TEST_CASE ("TRF-014", "a thread that is taken out of a transfer goes on with D0h", "V2-225 V2-088")
{
    Message in { memory, dwords };
    Exchange receiver = Exchange::wait ();
    receiver.receive = in.receiving ().open ();
    Partner& receiving = start_partner (exchange, &receiver);
    guest_partner = receiving.id ();
    guest_message = fresh_window ();
    FreshThread const sender = start_fresh_thread (guest_send_to_partner, rt::myself ());
    auto const fault = rt::receive (sender.id, within (500));
    CHECK_EQUAL (fault.w1, l4::fault_in_kernel);
    auto const old
        = ex_regs (sender.id.lthread (), sender.stack, address_of (guest_report_registers));
    CHECK_EQUAL (old.eip, address_of (guest_behind_send));
    REQUIRE (await_report ());
    CHECK_EQUAL (registers_seen ().eax, l4::IpcError::send_aborted);
    REQUIRE (receiving.finish (100));
    CHECK_EQUAL (receiver.result.dope.error (), l4::IpcError::receive_aborted);
}

TEST_CASE ("TRF-015", "with a zero fault timeout the pager hears nothing, even if it waits",
           "V2-077 V2-161 V2-162 V2-164")
{
    constexpr l4::PageFaultTimeout zero = l4::PageFaultTimeout::zero ();
    l4::Timeout const limit = bounded.send ();
    Address const nowhere = fresh_window ();
    Message mapped { memory, dwords };
    for (Side faulting : { Side::sender, Side::receiver }) {
        bool const sends = faulting == Side::sender;
        Exchange receiver = Exchange::wait ({ limit, limit, no_fault_timeout, zero });
        receiver.receive = sends ? mapped.receiving ().open ()
                                 : l4::ReceiveDescriptor { nowhere }.open ();
        Partner& receiving = start_partner (exchange, &receiver, rt::myself ());
        Exchange sender = Exchange::to (receiving.id (), transfer_words,
                                        { limit, limit, zero, no_fault_timeout });
        sender.send = sends ? l4::SendDescriptor { nowhere } : mapped.sending ();
        Partner& sending = start_partner (exchange, &sender, rt::myself ());
        CHECK_EQUAL (rt::wait (within (20)).dope.raw (), l4::IpcError::receive_timeout);
        REQUIRE (receiving.finish () && sending.finish ());
        auto const code = sends ? l4::IpcError::receive_receive_fault_timeout
                                : l4::IpcError::receive_send_fault_timeout;
        CHECK_EQUAL (receiver.result.dope.error (), code);
        CHECK_EQUAL (sender.result.dope.raw (), l4::sender_code (code));
    }
}

TEST_CASE ("TRF-016", "a fault timeout counts for each fault by itself", "V2-284 V2-077")
{
    constexpr unsigned pages = 4;
    constexpr unsigned many = pages * l4::page_size / sizeof (Word) - 8;
    Address const backing = take_pages (l4::page_bits + 2);
    Address const window = fresh_window (l4::page_bits + 2);
    Message out { reinterpret_cast<Word*> (backing), many };
    Message in { reinterpret_cast<Word*> (take_pages (l4::page_bits + 2)), many };
    Exchange receiver = Exchange::wait ({ bounded.send (), bounded.send (), no_fault_timeout,
                                          { 7 } });                     // 4^8 us = 65 ms
    receiver.receive = in.receiving ().open ();
    Partner& receiving = start_partner (exchange, &receiver);
    Exchange sender = Exchange::to (receiving.id (), transfer_words, bounded);
    sender.send = l4::SendDescriptor { window };
    Partner& sending = partner_task ().start (exchange, &sender, rt::myself ());
    for (unsigned served = 0; served < pages; ++served) {
        auto const fault = rt::receive (sending.id (), within (500));
        REQUIRE (fault.dope.ok ());
        sleep_milliseconds (40);
        Address const offset = (fault.w0 - window) & ~(l4::page_size - 1);
        auto const fpage = l4::Fpage::memory (backing + offset, l4::page_bits);
        CHECK (rt::send_fpage (sending.id (), window + offset, fpage, no_waiting).ok ());
    }
    REQUIRE (receiving.finish () && sending.finish ());
    CHECK_EQUAL (sender.result.dope.raw (), 0u);
    CHECK_EQUAL (receiver.result.dope, (l4::MessageDope { many, 0 }));
}

TEST_CASE ("TRF-017", "a receive buffer that may only be read is a write fault of the receiver",
           "V2-160 V2-077 V2-166")
{
    constexpr unsigned few = 8;
    Address const backing = take_pages ();
    Address const window = fresh_window ();
    Message in { reinterpret_cast<Word*> (backing), few };
    map_page (backing, window, 0, l4::Access::read_only);
    Message out { memory, few };
    unsigned const before = window_faults ();
    check_arrived (transfer (out.sending (), l4::ReceiveDescriptor { window }, Space::other), few);
    REQUIRE_EQUAL (window_faults (), before + 1);
    Fault const fault = window_fault (before);
    CHECK_EQUAL (fault.w0 & ~(l4::page_size - 1), window);
    CHECK ((fault.w0 & 2) != 0);
    CHECK_EQUAL (fault.w1, l4::fault_in_kernel);
}
