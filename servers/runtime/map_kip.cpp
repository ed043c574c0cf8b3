// SPDX-License-Identifier: BSD-2-Clause
#include <l4/protocol/sigma0.hpp>
#include <runtime/ipc.hpp>
#include <runtime/kip.hpp>

bool rt::map_kip ()
{
    l4::Fpage const window = l4::Fpage::memory (layout::kernel_info_page, l4::page_bits);
    IpcResult const result = call (l4::sigma0_id,
                                   { l4::sigma0::extended, l4::sigma0::w1_kernel_info_page },
                                   l4::Timeouts::never (), Window { window });
    return result.dope.ok () && result.dope.mapped ();
}
