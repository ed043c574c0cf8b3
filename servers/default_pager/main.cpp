// SPDX-License-Identifier: BSD-2-Clause
/// @file  The default pager: memory that is zero until it is written, and cheap to clone.
#include <pagers/copying_server.hpp>
#include <runtime/main.hpp>

namespace {

constinit pagers::CopyingMachine machine {};

}  // namespace

int main (std::string_view)
{
    static pagers::CopyingMemory<pagers::CopyingMachine> memory { machine };
    return pagers::run (memory);
}
