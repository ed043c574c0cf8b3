// SPDX-License-Identifier: BSD-2-Clause
#include <runtime/exit.hpp>
#include <runtime/info_page.hpp>
#include <runtime/service.hpp>

void rt::exit (int status)
{
    call (info_page ().root_service,
          { static_cast<Word> (RootOperation::exit), static_cast<Word> (status) });
    // The root task does not answer: it ends this task. If it cannot, stay quiet.
    sleep_forever ();
}
