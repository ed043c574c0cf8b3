// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the root task gets from sigma0, its pager.
#pragma once

#include <l4/fpage.hpp>
#include <l4/kip.hpp>
#include <l4/protocol/sigma0.hpp>

namespace root {

using l4::Address;
using l4::Word;

/// Any free frame, mapped at its own address; 0 if there is none.
[[nodiscard]] Address page_from_sigma0 ();

/// Make the frames of [begin, end) the root task's, mapped at their own addresses.
/// @return false: sigma0 refused one
[[nodiscard]] bool claim_memory (Address begin, Address end);

/// How device memory is called here: what lies from 2 GB up, 1 GB lower. That is sigma0's name of
/// it if the root task is strict, and leaves all of it below 3 GB if not.
[[nodiscard]] constexpr Address device_name (Address physical)
{
    constexpr Address high_devices = 0x80000000;
    return physical >= high_devices ? physical - l4::sigma0::device_offset : physical;
}

/// Make device memory the root task's, mapped at its name.
/// @return false: sigma0 refused it
[[nodiscard]] bool claim_device (Address first, Address last);

/// Make the ports the root task's. @return false: sigma0 refused them
[[nodiscard]] bool claim_ports (l4::Fpage ports);

/// The kernel info page, mapped at the first call; nullptr if sigma0 does not give it.
[[nodiscard]] l4::KernelInfoPage const* kernel_info_page ();

}  // namespace root
