// SPDX-License-Identifier: BSD-2-Clause
#include <double_fault.hpp>

#include <core/panic.hpp>

void ia32::double_fault () { kernel::panic ("double fault"); }
