// SPDX-License-Identifier: BSD-2-Clause
/// @file  The modules that the boot program left behind, found through the kernel info page.
#pragma once

#include "frames.hpp"
#include "modules.hpp"

namespace root {

class BootModules {
public:
    /// Find them and make their memory ours. @return false: see `error`; there are none then
    [[nodiscard]] bool open ();
    [[nodiscard]] std::string_view error () const { return error_; }

    [[nodiscard]] l4::multiboot::Module const* find (std::string_view name) const
    {
        return find_program (modules_, name);
    }

    /// Use the memory of what runs already: the files of kernel, sigma0 and root task.
    void give_back_loaded (Frames& frames);

private:
    bool fail (std::string_view error);

    std::span<l4::multiboot::Module const> modules_ {};
    std::string_view error_ {};
};

}  // namespace root
