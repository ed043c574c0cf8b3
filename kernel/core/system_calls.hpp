// SPDX-License-Identifier: BSD-2-Clause
/// @file  The seven system calls, as entry/traps.asm calls them: the user's registers are read
/// from the frame, and results written back to it. docs/abi.md describes each.
#pragma once

#include <machine/trap_frame.hpp>

extern "C" {

void sys_ipc (machine::TrapFrame& frame);
/// The end of an ipc whose thread waited without a stack; only the frame's part that the processor
/// pushed is valid.
void sys_ipc_resume (machine::TrapFrame& frame);
void sys_id_nearest (machine::TrapFrame& frame);
void sys_fpage_unmap (machine::TrapFrame& frame);
void sys_thread_switch (machine::TrapFrame& frame);
void sys_thread_schedule (machine::TrapFrame& frame);
void sys_lthread_ex_regs (machine::TrapFrame& frame);
void sys_task_new (machine::TrapFrame& frame);

}
