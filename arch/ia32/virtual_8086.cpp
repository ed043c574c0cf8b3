// SPDX-License-Identifier: BSD-2-Clause
#include <virtual_8086.hpp>

#include <control.hpp>
#include <segment/selectors.hpp>

namespace ia32 {

void leave_virtual_8086 (kernel::Tcb& self, machine::TrapFrame const& frame)
{
    machine::TrapFrame user = frame;
    user.cs = user_code;
    user.ds = user.es = user.ss = user_data;
    user.eflags &= ~eflags::virtual_8086;
    write_fs (user_data);
    write_gs (user_data);
    self.user_frame () = user;
}

}  // namespace ia32
