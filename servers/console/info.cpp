// SPDX-License-Identifier: BSD-2-Clause
#include "info.hpp"

#include <runtime/kip.hpp>
#include <runtime/print.hpp>

#include "processor.hpp"

namespace console {

namespace {

constexpr l4::Word kilobyte = 1024;

std::string_view feature_or (std::string_view name, std::string_view otherwise)
{
    rt::Feature const feature = rt::kip_feature (name);
    return feature.present ? feature.value : otherwise;
}

void print_processor ()
{
    rt::print ("processor: ", feature_or ("cpu", "unknown"));
    ProcessorIdentity const identity = identify_processor ();
    if (identity.known)
        rt::print (" (", std::string_view { identity.vendor, sizeof identity.vendor }, " family ",
                   identity.family, " model ", identity.model, " stepping ", identity.stepping,
                   ")\n");
    else
        rt::print (" (no CPUID)\n");
}

void print_clock ()
{
    l4::Word const frequency = rt::kip ().processor_frequency;
    l4::Word const mhz = rt::has_classic_form () ? frequency : frequency / 1000;
    rt::print ("clock: ");
    if (mhz != 0)
        rt::print ("processor ", mhz, " MHz, ");
    rt::print ("cycle counter ", rt::kip_feature ("tsc").present ? "yes" : "no", "\n");
}

void print_memory ()
{
    rt::print ("memory: ", rt::ram_end () / kilobyte, " KB, of it kernel ",
               rt::kernel_size () / kilobyte, " KB\n");
}

}  // namespace

void print_info ()
{
    print_processor ();
    rt::print ("kernel: ", rt::kip_version_string (), ", image ",
               feature_or ("image", "unknown"), ", profile ",
               rt::has_classic_form () ? "strict" : "l4env", "\n");
    print_clock ();
    print_memory ();
    rt::print ("segment limits: ",
               feature_or ("limits", "") == "enforced" ? "enforced" : "not enforced",
               ", small address spaces ", feature_or ("small", "off"), "\n");
    rt::print ("serial line: ", feature_or ("serial", "off"), "\n");
    rt::print ("time since boot: ", rt::seconds (rt::clock ()), " s\n");
}

}  // namespace console
