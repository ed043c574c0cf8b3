// SPDX-License-Identifier: BSD-2-Clause
/// @file  The root task: pager (4.0) and services (4.1) for the programs of the boot bundle.
#include <runtime/exception.hpp>
#include <runtime/thread.hpp>

#include "memory.hpp"
#include "pager.hpp"
#include "services.hpp"

namespace {

constinit root::Frames frames { root::page_from_sigma0 };
constinit root::Programs programs { frames };

rt::Stack<4096> service_stack;

void service_thread (void*) { root::serve_requests (programs); }

}  // namespace

extern "C" [[noreturn]] void root_main ()
{
    rt::watch_exceptions ();
    rt::start_thread (1, service_stack.top (), service_thread);
    root::serve_faults (programs);
}
