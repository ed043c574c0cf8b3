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

    static constexpr Word none = ~Word { 0 };

    /// Number of the module with this name; `none` if there is none.
    [[nodiscard]] Word index_of (std::string_view name) const
    {
        auto const* const module = find (name);
        return module == nullptr ? none : static_cast<Word> (module - modules_.data ());
    }
    [[nodiscard]] Word count () const { return static_cast<Word> (modules_.size ()); }
    /// The programs and texts in bytes.
    [[nodiscard]] Word size () const
    {
        Word bytes = 0;
        for (std::size_t i = first_program_module; i < modules_.size (); ++i)
            bytes += modules_[i].end - modules_[i].begin;
        return bytes;
    }
    [[nodiscard]] l4::multiboot::Module const& operator[] (Word index) const
    {
        return modules_[index];
    }

    /// Use the memory of what runs already: the files of kernel, sigma0 and root task.
    void give_back_loaded (Frames& frames);

private:
    bool fail (std::string_view error);

    std::span<l4::multiboot::Module const> modules_ {};
    std::string_view error_ {};
};

}  // namespace root
