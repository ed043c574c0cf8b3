// SPDX-License-Identifier: BSD-2-Clause
/// @file  The scanner: a program that is the pager of its own pages, with its own idea of which one
///        leaves. It goes round through 64 pages with 48 frames, once with the default policy
///        and once with its own, and says what each has cost.
///
/// The work is done in a task of its own; the program's first thread is that task's pager.
#include <l4/protocol/page_fault.hpp>
#include <memory_store/protocol.hpp>
#include <pagers/paged_memory.hpp>
#include <pagers/server.hpp>
#include <root/protocol.hpp>
#include <runtime/kip.hpp>
#include <runtime/main.hpp>
#include <runtime/task.hpp>

#include "most_recent.hpp"

extern "C" char const image_begin[];
extern "C" char const image_end[];

namespace {

using l4::Address;
using l4::Word;

constexpr Word frames = 48;
constexpr Word pages = 64;
constexpr Word rounds = 8;
constexpr Address window = 0x00300000;          // of the working task; nothing of ours lies there
constexpr Word work_done = 0x444F4E45;          // w0; no page-fault message has it: see the pager

struct Machine {
    l4::ThreadId store {};

    static void clear (Word frame) { pagers::clear_frame (frame); }
    static void revoke (Word frame) { pagers::revoke_frame (frame); }
    bool read (Word block, Word frame) const
    {
        return store::read (store, block, pagers::frame_address (frame));
    }
    bool write (Word block, Word frame) const
    {
        return store::write (store, block, pagers::frame_address (frame));
    }
};

constinit Machine machine {};
constinit rt::Stack<4096> stack {};
constinit l4::ThreadId pager {};
constinit Word mistakes = 0;

/// Each page counts the rounds.
void work (void*)
{
    for (Word round = 0; round < rounds; ++round)
        for (Word page = 0; page < pages; ++page) {
            auto& word = *reinterpret_cast<Word volatile*> (window + page * l4::page_size
                                                            + 4 * (page % 1000));
            if (word != round * (page + 1))
                mistakes = mistakes + 1;
            word = word + page + 1;
        }
    rt::send (pager, { work_done, mistakes });
    rt::sleep_forever ();
}

[[nodiscard]] bool is_image (Address page)
{
    return page >= reinterpret_cast<Address> (image_begin)
           && page < reinterpret_cast<Address> (image_end);
}

/// Our own page, at the same address.
[[nodiscard]] l4::Fpage own_page (Address page)
{
    // Only what is here can be mapped.
    static_cast<void> (*reinterpret_cast<Word const volatile*> (page));
    return l4::Fpage::memory (page, l4::page_bits);
}

struct Result {
    bool good;
    pagers::Statistics::Answer counts;
    Word microseconds;
};

/// Be the pager of the working task until it is done.
template <typename Memory>
Result serve (Memory& memory)
{
    auto const begin = rt::clock ();
    l4::ThreadId const worker = rt::start_task (0, stack.top (), work, nullptr, pager);
    bool good = !worker.is_nil ();
    rt::IpcResult message = rt::receive (worker);
    while (good && message.dope.ok () && message.w0 != work_done) {
        l4::PageFaultMessage const fault { message.w0, message.w1 };
        Address const page = fault.address () & ~(l4::page_size - 1);
        l4::Fpage answer {};
        if (is_image (page)) {
            answer = own_page (page);
        } else if (page >= window && page < window + pages * l4::page_size) {
            auto const found = memory.request ((page - window) / l4::page_size,
                                               fault.is_write ());
            good = found.error == rt::Error::none;
            answer = l4::Fpage::memory (pagers::frame_address (found.frame), l4::page_bits,
                                        found.access);
        } else {
            good = false;
        }
        if (good)
            message = rt::ipc (l4::SendDescriptor::short_fpage (),
                               l4::ReceiveDescriptor::registers (), worker,
                               rt::reply_timeouts, page, answer.raw ());
    }
    Word const time = static_cast<Word> (rt::clock () - begin);
    rt::end_task (0);
    return { good && message.dope.ok () && message.w1 == 0, memory.statistics (), time };
}

template <template <std::size_t> typename Replacement>
bool try_policy (std::string_view name)
{
    static pagers::PagedMemory<Machine, Replacement<frames>, frames, pages> memory { machine,
                                                                                   frames };
    Result const result = serve (memory);
    rt::print (rt::left (name, 14), rt::padded (result.counts.faults, 8),
               rt::padded (result.counts.evictions, 11), rt::padded (result.counts.stores, 8),
               rt::padded (result.microseconds, 14), result.good ? "" : "  wrong content", "\n");
    return result.good;
}

}  // namespace

int main (std::string_view)
{
    machine.store = root::await_name ("memory_store");
    pager = rt::myself ();
    if (machine.store.is_nil ()) {
        rt::print ("scanner: there is no memory_store\n");
        return 1;
    }
    rt::print (rounds, " rounds through ", pages, " pages with ", frames, " frames\n",
               "policy          faults  evictions  stores  microseconds\n");
    bool const standard = try_policy<pagers::SecondChance> ("second chance");
    bool const own = try_policy<scanner::MostRecent> ("most recent");
    return standard && own ? 0 : 1;
}
