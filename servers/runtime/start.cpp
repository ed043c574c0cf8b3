// SPDX-License-Identifier: BSD-2-Clause
/// @file  From the entry point to main and back.
#include <runtime/exception.hpp>
#include <runtime/exit.hpp>
#include <runtime/info_page.hpp>
#include <runtime/kip.hpp>
#include <runtime/main.hpp>

extern "C" [[noreturn]] void rt_start ()
{
    constexpr int no_kernel_info_page = 126;
    rt::watch_exceptions ();
    if (!rt::map_kip ())
        rt::exit (no_kernel_info_page);
    rt::exit (main (rt::info_page ().arguments ()));
}
