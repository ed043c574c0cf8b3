// SPDX-License-Identifier: BSD-2-Clause
/// @file  sigma0: the initial address space. It has all memory at its physical address (the
///        kernel maps what sigma0 touches or sends) and gives every page to the first that asks.
#include "requests.hpp"

namespace {

sigma0::Requests requests;

/// Without a table there is nothing to give; an invalid instruction makes the kernel say so.
[[noreturn]] void give_up ()
{
    asm volatile ("ud2");
    rt::sleep_forever ();
}

void set_up (l4::KernelInfoPage const& kip)
{
    using Owner = sigma0::MemoryOwners::Owner;
    bool const known = kip.version == l4::kip_version_classic
                       || kip.version == l4::kip_version_2007;
    if (kip.magic != l4::KernelInfoPage::magic_value || !known)
        give_up ();
    sigma0::MemoryMap const map { kip };
    std::size_t const entries = sigma0::MemoryOwners::entries (map.ram_end (), map.limit ());
    l4::MemoryRange const place = map.find_free (entries * sizeof (Owner));
    if (place.is_empty ())
        give_up ();
    std::span<Owner> const table { reinterpret_cast<Owner*> (place.low), entries };
    requests.start (map, reinterpret_cast<l4::Address> (&kip), table, place);
}

[[noreturn]] void serve ()
{
    rt::IpcResult request = rt::wait ();
    for (;;) {
        if (!request.dope.ok ()) {
            request = rt::wait ();
            continue;
        }
        sigma0::Answer const answer
            = requests.answer (request.source.task (), { request.w0, request.w1 });
        if (answer.take_back.is_valid_memory ())
            rt::fpage_unmap (answer.take_back, l4::unmap_completely);
        request = answer.kind == sigma0::Answer::Kind::mapping
                      ? rt::reply_fpage_and_wait (request.source, answer.words.w0,
                                                  l4::Fpage { answer.words.w1 })
                      : rt::reply_and_wait (request.source, answer.words);
    }
}

}  // namespace

/// @param kip  physical address, which is also its address here
extern "C" [[noreturn]] void sigma0_main (l4::KernelInfoPage const* kip)
{
    set_up (*kip);
    serve ();
}
