// SPDX-License-Identifier: BSD-2-Clause
/// @file  bench rpc: a call with n bytes to a server in another address space, and its answer of
///        two words (Liedtke, Toward real microkernels, CACM 1996, figure 3).
///
/// 8 bytes go in registers, up to 4 KB in the words of a message, more in a string.
#include "ipc_loops.hpp"
#include "messages.hpp"

namespace bench {

void run_rpc (Setting const& setting)
{
    struct Case {
        std::string_view name;
        Word bytes;
    };
    constexpr Case cases[] = {
        { "bytes-8", 8 }, { "bytes-64", 64 }, { "bytes-512", 512 }, { "bytes-1024", 1024 },
        { "bytes-4096", 4096 }, { "bytes-16384", 16384 }, { "bytes-65536", 65536 },
    };
    constexpr Word in_registers = 8;
    auto const message = [] (unsigned n, Word bytes) {
        if (bytes <= in_registers)
            return Word { 0 };
        return bytes <= most_direct_bytes ? direct_message (n, bytes - in_registers)
                                          : string_message (n, bytes);
    };
    for (Case const& c : cases)
        measure_messages (setting, "rpc", c.name, rpc_loops, { message (0, c.bytes), 0, 0 },
                          { 0, message (1, c.bytes), 0 });
}

}  // namespace bench
