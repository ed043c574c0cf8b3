// SPDX-License-Identifier: BSD-2-Clause
/// @file  Where client and server live: by default in small address spaces, where there are any.
#pragma once

#include <framework/partner_task.hpp>

namespace bench {

enum class Placement {
    same_space,
    different_spaces,           ///< wherever the kernel puts tasks
    large_server,
};

/// Whether the client is in a small space. Once large it remains so.
[[nodiscard]] bool is_client_small ();
void make_client_large ();

/// The server's task for a placement other than `same_space`.
[[nodiscard]] guest::PartnerTask& server_task (Placement placement);

/// That the server is small.
void require_small_server ();

}  // namespace bench
