// SPDX-License-Identifier: BSD-2-Clause
#include <machine/page_refusal.hpp>

#include <user_exception.hpp>

namespace machine {

void raise_page_refused (kernel::Tcb& self, TrapFrame& frame)
{
    ia32::deliver (self, frame, ia32::general_protection, 0);
}

}  // namespace machine
