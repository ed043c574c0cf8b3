// SPDX-License-Identifier: BSD-2-Clause
/// @file  Messages and pages that change while they are transferred. Who does that may get
///        anything but may break nothing.
#include <framework/bytes.hpp>
#include <framework/check.hpp>
#include <framework/memory.hpp>
#include <framework/message.hpp>
#include <framework/pager.hpp>
#include <framework/random.hpp>
#include <framework/selection.hpp>

using namespace guest;

namespace {

constexpr unsigned dwords = 8;
constexpr unsigned rounds = 120;

Word out_memory[Message::words (dwords, 2)];
Word in_memory[Message::words (dwords, 2)];

/// Overwrites words of both messages until it is told to stop.
struct Vandal {
    bool volatile stop { false };
    unsigned volatile writes { 0 };

    static void run (void* argument)
    {
        auto& self = *static_cast<Vandal*> (argument);
        constexpr Word values[] = { 0, 0x100, 0x2000, 0xFFFFFFFF, 0x00010200, 0xC0000000,
                                    0x00004100, 0xBFFFFFFF };
        Random random { 13 + selection.seed };
        while (!self.stop) {
            auto* const memory = random.below (2) == 0 ? out_memory : in_memory;
            static_cast<Word volatile*> (memory)[random.below (std::size (out_memory))]
                = random.pick (values);
            self.writes = self.writes + 1;
            if (random.below (4) == 0)
                rt::thread_switch (l4::ThreadId::nil ());
        }
    }
};

/// Unmaps `address` again and again.
struct Unmapper {
    Address address;
    bool volatile stop { false };

    static void run (void* argument)
    {
        auto& self = *static_cast<Unmapper*> (argument);
        while (!self.stop) {
            rt::fpage_unmap (l4::Fpage::memory (self.address, l4::page_bits + 2),
                             l4::unmap_completely);
            rt::thread_switch (l4::ThreadId::nil ());
        }
    }
};

void lay_out (Address source, Address target)
{
    Message out { out_memory, dwords, 2 };
    Message in { in_memory, dwords, 2 };
    for (unsigned i = 0; i < 2; ++i) {
        out.string (i) = { 600, source, 0, 0 };
        in.string (i) = { 0, 0, 700, target };
    }
}

}  // namespace

TEST_CASE ("RAC-001", "messages that another thread rewrites during the transfer", "V2-282 V2-008")
{
    Address const source = take_pages ();
    Address const target = take_pages ();
    // Both sides are partner tasks: a fault at an arbitrary address is nothing to their pager.
    Vandal vandal;
    Partner& rewriting = start_partner (Vandal::run, &vandal);
    constexpr l4::PageFaultTimeout none = l4::PageFaultTimeout::zero ();
    l4::Timeout const limit = l4::Timeout::at_least (20'000);
    l4::Timeouts const timeouts { limit, limit, none, none };
    for (unsigned round = 0; round < rounds * selection.times; ++round) {
        lay_out (source, target);
        Exchange receiver = Exchange::wait (timeouts);
        receiver.receive
            = l4::ReceiveDescriptor { reinterpret_cast<Address> (in_memory) }.open ();
        Partner& receiving = partner_task (round % 2).start (exchange, &receiver);
        Exchange sender = Exchange::to (receiving.id (), transfer_words, timeouts);
        sender.send = l4::SendDescriptor { reinterpret_cast<Address> (out_memory) };
        Partner& sending = partner_task (0).start (exchange, &sender);
        REQUIRE (receiving.finish () && sending.finish ());
        sending.release ();
        receiving.release ();
    }
    vandal.stop = true;
    CHECK (rewriting.finish ());
    CHECK (vandal.writes != 0);
}

TEST_CASE ("RAC-002", "pages that are unmapped during the transfer", "V2-182 V2-160 V2-008")
{
    // The receiver's buffer is four pages that the test program maps and a thread of it unmaps.
    constexpr Word size = 0x3800;
    Address const source = take_pages (l4::page_bits + 2);
    Address const backing = take_pages (l4::page_bits + 2);
    Address const window = fresh_window (l4::page_bits + 2);
    fill_bytes (source, size, 3);
    Unmapper unmapper { backing };
    Partner& unmapping = start_partner (Unmapper::run, &unmapper);
    for (unsigned round = 0; round < rounds / 3 * selection.times; ++round) {
        static_cast<void> (map_into (l4::Fpage::memory (window, l4::page_bits + 2), 0,
                                     l4::Fpage::memory (backing, l4::page_bits + 2)));
        Message out { out_memory, dwords, 1 };
        out.string (0) = { size, source, 0, 0 };
        Message in { in_memory, dwords, 1 };
        in.string (0) = { 0, 0, size, window };
        Transfer const t = transfer (out.sending (), in.receiving (), Space::other);
        CHECK_EQUAL (t.sender.raw (), 0u);
        REQUIRE (t.received);
        CHECK_EQUAL (t.receiver.dope, (l4::MessageDope { dwords, 1 }));
    }
    unmapper.stop = true;
    CHECK (unmapping.finish ());
}

TEST_CASE ("RAC-003", "threads that are sent elsewhere during long transfers", "V2-225 V2-088")
{
    constexpr Word size = 0x4000;
    Address const source = take_pages (l4::page_bits + 2);
    Address const target = take_pages (l4::page_bits + 2);
    Message out { out_memory, dwords, 1 };
    out.string (0) = { size, source, 0, 0 };
    for (unsigned round = 0; round < rounds / 3 * selection.times; ++round) {
        Message in { in_memory, dwords, 1 };
        in.string (0) = { 0, 0, size, target };
        Exchange receiver = Exchange::wait ();
        receiver.receive = in.receiving ().open ();
        Partner& receiving = partner_task ().start (exchange, &receiver);
        Exchange sender = Exchange::to (receiving.id (), transfer_words);
        sender.send = out.sending ();
        Partner& sending = start_partner (exchange, &sender);
        rt::thread_switch (sending.id ());
        (round % 2 == 0 ? sending : receiving).stop ();
        settle ();
        sending.release ();
        receiving.release ();
    }
    Message in { in_memory, dwords, 1 };
    in.string (0) = { 0, 0, size, target };
    check_arrived (transfer (out.sending (), in.receiving (), Space::other), dwords, 1);
}
