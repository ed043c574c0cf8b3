// SPDX-License-Identifier: BSD-2-Clause
#include <core/unmap.hpp>

namespace kernel {

bool unmap_everything_step (Space& space)
{
    return space.directory ().free_next_table (space.doomed_table);
}

}  // namespace kernel
