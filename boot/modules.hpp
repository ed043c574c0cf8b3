// SPDX-License-Identifier: BSD-2-Clause
/// @file  The modules to start from: either what the loader loaded one by one, or the members of
/// the one cpio bundle that it loaded.
///
/// Both look the same afterwards: a name, arguments, bytes in memory. Names are file names
/// without directories; in a loader's module they are the first word of its string.
///
/// Invariant: texts are copies, so that the loader's memory may be overwritten.
/// Example:   module "/boot/root names=3" is called "root", its text is "root names=3".
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "failure.hpp"

namespace boot {

/// The bytes at `r`.
[[nodiscard]] inline std::span<std::byte const> bytes_at (Range r)
{
    return { reinterpret_cast<std::byte const*> (r.begin), r.size () };
}

struct Module {
    std::string_view text {};       ///< name and arguments
    Range memory {};

    [[nodiscard]] std::string_view name () const;
};

/// The last component of the path that is the first word of `text`, and all behind that word.
[[nodiscard]] std::string_view without_directories (std::string_view text);

class ModuleList {
public:
    static constexpr std::size_t capacity = 64;
    static constexpr std::size_t text_capacity = 4096;

    /// @param text  with or without directories
    Failure add (std::string_view text, Range memory);

    /// Adds the regular files of the bundle at `memory`.
    Failure add_bundle (std::string_view name, Range memory);

    /// The first module of that name, or nullptr.
    [[nodiscard]] Module const* find (std::string_view name) const;

    /// Corrects the places of all modules in `from`, which has been moved to `to`.
    void moved (Range from, Address to);

    [[nodiscard]] Module const* begin () const { return modules_.data (); }
    [[nodiscard]] Module const* end () const { return modules_.data () + count_; }
    [[nodiscard]] std::size_t size () const { return count_; }

private:
    std::array<Module, capacity> modules_ {};
    std::size_t count_ { 0 };
    std::array<char, text_capacity> text_ {};
    std::size_t text_used_ { 0 };
};

/// Which modules make the system.
struct Selection {
    Module const* kernel { nullptr };
    Module const* sigma0 { nullptr };
    Module const* root { nullptr };

    /// Whether `m` is a program that the root task starts: none of the three and no kernel.
    [[nodiscard]] bool is_program (Module const& m) const;
};

/// Finds kernel, sigma0 and root task.
Failure select_modules (ModuleList const& modules, std::string_view kernel_name,
                        Selection& selection);

}  // namespace boot
