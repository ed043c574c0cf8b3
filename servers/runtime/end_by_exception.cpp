// SPDX-License-Identifier: BSD-2-Clause
/// @file  The ordinary end by an exception. Linked unless a program has its own.
#include <runtime/exception.hpp>
#include <runtime/exit.hpp>
#include <runtime/info_page.hpp>
#include <runtime/print.hpp>

void rt::end_by_exception (Exception const& exception)
{
    print (info_page ().name (), ": exception ", exception.number, " at ",
           hex (exception.instruction), ", code ", hex (exception.code, 4), "; ended\n");
    exit (status_exception);
}
