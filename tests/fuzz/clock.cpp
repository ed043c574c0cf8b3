// SPDX-License-Identifier: BSD-2-Clause
#include <unix/fs/time.hpp>

/// The file system's clock stands still.
unix_server::FileTime unix_server::current_time () { return {}; }
