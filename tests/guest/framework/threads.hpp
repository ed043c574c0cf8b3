// SPDX-License-Identifier: BSD-2-Clause
/// @file  Who is which thread of the test program, and of a partner task.
#pragma once

#include <l4/thread_id.hpp>

namespace guest::thread_number {

using l4::Word;

// The test program's own task.
constexpr Word supervisor = 0;              ///< starts the cases, prints, outlives everything
constexpr Word test_case = 1;               ///< runs the cases, one after the other
constexpr Word pager = 2;                   ///< of the partner tasks
constexpr Word first_local_partner = 8;
constexpr Word local_partners = 10;
constexpr Word first_fresh = 32;            ///< for cases that need a thread never started

// A partner task.
constexpr Word manager = 0;                 ///< starts and parks the others
constexpr Word first_remote_partner = 1;
constexpr Word remote_partners = 6;

}  // namespace guest::thread_number

namespace guest {

constexpr unsigned partner_stack_bytes = 4096;
constexpr unsigned lasting_partner_tasks = 2;       ///< they serve many cases

}  // namespace guest
