// SPDX-License-Identifier: BSD-2-Clause
#include "memory.hpp"

#include <cstddef>

#include <l4/protocol/sigma0.hpp>
#include <runtime/ipc.hpp>
#include <runtime/kip.hpp>

namespace root {

namespace {

/// The kernel info page comes here. Until then nothing is mapped: the page is never touched.
alignas (l4::page_size) constinit std::byte kip_window[l4::page_size] {};
constinit bool kip_mapped = false;

rt::IpcResult ask (rt::Words request, l4::Fpage window)
{
    return rt::call (l4::sigma0_id, request, l4::Timeouts::never (), rt::Window { window });
}

}  // namespace

Address page_from_sigma0 ()
{
    rt::IpcResult const answer = ask ({ l4::sigma0::any_page, 0 }, l4::Fpage::whole_space ());
    return answer.dope.ok () && answer.dope.mapped () ? answer.w0 & ~(l4::page_size - 1) : 0;
}

bool claim_memory (Address begin, Address end)
{
    for (Address page = begin & ~(l4::page_size - 1); page < end; page += l4::page_size) {
        rt::IpcResult const answer = ask ({ page, 0 }, l4::Fpage::whole_space ());
        // A page that is here already counts as well, whether or not something was mapped anew.
        if (!answer.dope.ok () || answer.w1 == 0)
            return false;
    }
    return true;
}

bool claim_device (Address first, Address last)
{
    l4::KernelInfoPage const* const kip = kernel_info_page ();
    if (kip == nullptr)
        return false;
    if (last < rt::ram_end (*kip))
        return claim_memory (first, last);
    // Above the RAM devices come in blocks of 4 MB.
    auto const block = l4::Fpage::memory (first, l4::superpage_bits);
    rt::IpcResult const answer
        = ask ({ l4::sigma0::later_device, block.raw () },
               l4::Fpage::memory (device_name (first), l4::superpage_bits));
    return answer.dope.ok () && answer.w1 != 0;
}

bool claim_ports (l4::Fpage ports)
{
    rt::IpcResult const answer = ask ({ ports.raw (), 0 }, l4::Fpage::whole_io ());
    return answer.dope.ok () && answer.w1 != 0;
}

l4::KernelInfoPage const* kernel_info_page ()
{
    if (!kip_mapped) {
        auto const window = l4::Fpage::memory (reinterpret_cast<Address> (kip_window),
                                               l4::page_bits);
        rt::IpcResult const answer
            = ask ({ l4::sigma0::extended, l4::sigma0::w1_kernel_info_page }, window);
        kip_mapped = answer.dope.ok () && answer.dope.mapped ();
    }
    return kip_mapped ? reinterpret_cast<l4::KernelInfoPage const*> (kip_window) : nullptr;
}

}  // namespace root
