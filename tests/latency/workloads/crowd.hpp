// SPDX-License-Identifier: BSD-2-Clause
/// @file  Crowds: as many threads as there can be, all doing the same. crowd.asm says what.
#pragma once

#include <framework/exchange.hpp>
#include <framework/memory.hpp>
#include <framework/probes.hpp>
#include <framework/task_numbers.hpp>

extern "C" {

void crowd_sleep ();
void crowd_own_much ();
void crowd_send ();
void crowd_deceive ();
void crowd_collect ();

extern l4::Timeouts crowd_timeouts;
extern l4::ThreadId crowd_target;
extern l4::Word crowd_window;

}

namespace crowd {

using l4::Address;
using l4::Word;

constexpr Word first_thread = 16;               ///< below them the partners

/// Have all free threads of partner task `n` begin at `entry`. @return how many there are
unsigned gather (unsigned n, void (&entry) (), Address esp = 0);

/// Send them there once more: what they were doing is cancelled.
void redirect (unsigned n, void (&entry) (), Address esp = 0);

/// Make the task's number inactive again: all goes.
void dissolve (unsigned n);

}  // namespace crowd
