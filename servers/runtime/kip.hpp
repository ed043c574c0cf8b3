// SPDX-License-Identifier: BSD-2-Clause
/// @file  The kernel info page as a program sees it. The start code maps it before main.
#pragma once

#include <string_view>

#include <l4/kip.hpp>
#include <runtime/layout.hpp>

namespace rt {

/// Map the kernel info page read-only, by asking sigma0. @return whether it is there
bool map_kip ();

[[nodiscard]] inline l4::KernelInfoPage const& kip ()
{
    return *reinterpret_cast<l4::KernelInfoPage const*> (layout::kernel_info_page);
}

/// Whether the page has the classic form: the root task is strict.
[[nodiscard]] inline bool has_classic_form (l4::KernelInfoPage const& page = kip ())
{
    return page.version == l4::kip_version_classic;
}

/// First address behind all RAM, in either form.
[[nodiscard]] l4::Address ram_end (l4::KernelInfoPage const& page = kip ());

/// What the kernel keeps for itself, in bytes. The 2007 form does not tell the size of its image.
[[nodiscard]] l4::Word kernel_size (l4::KernelInfoPage const& page = kip ());

/// Microseconds since boot, in steps of the kernel's tick.
[[nodiscard]] std::uint64_t clock (l4::KernelInfoPage const& page = kip ());

/// The kernel's version string.
[[nodiscard]] std::string_view kip_version_string (l4::KernelInfoPage const& page = kip ());

struct Feature {
    bool present;
    std::string_view value;     ///< behind "=", empty without one
};

/// Feature string "pecan:<name>" or "pecan:<name>=<value>".
[[nodiscard]] Feature kip_feature (std::string_view name,
                                   l4::KernelInfoPage const& page = kip ());

}  // namespace rt
