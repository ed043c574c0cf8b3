// SPDX-License-Identifier: BSD-2-Clause
/// @file  The boot modules: kernel, sigma0, root task, then the programs, by name.
#pragma once

#include <span>
#include <string_view>

#include <l4/multiboot.hpp>

namespace root {

constexpr std::size_t first_program_module = 3;

struct CommandLine {
    std::string_view name;
    std::string_view arguments;
};

/// Split at the first blanks; the name is the last component of a path.
[[nodiscard]] constexpr CommandLine split_command_line (std::string_view line)
{
    constexpr std::string_view blanks = " \t";
    std::size_t const begin = line.find_first_not_of (blanks);
    if (begin == line.npos)
        return {};
    line.remove_prefix (begin);
    std::size_t const end = line.find_first_of (blanks);
    std::string_view name = line.substr (0, end);
    name.remove_prefix (name.find_last_of ('/') + 1);
    std::string_view arguments = end == line.npos ? std::string_view {} : line.substr (end);
    std::size_t const start = arguments.find_first_not_of (blanks);
    arguments.remove_prefix (start == arguments.npos ? arguments.size () : start);
    arguments = arguments.substr (0, arguments.find_last_not_of (blanks) + 1);
    return { name, arguments };
}

/// A program's name is that of its module, and perhaps an instance behind a colon: several of one
/// program can be told apart.
[[nodiscard]] constexpr std::string_view module_of (std::string_view program)
{
    return program.substr (0, program.find (':'));
}

static_assert (module_of ("unix:b") == "unix" && module_of ("unix") == "unix");
static_assert (split_command_line ("/boot/console a b ").name == "console");
static_assert (split_command_line ("/boot/console  a b ").arguments == "a b");
static_assert (split_command_line ("bench").arguments.empty ());

/// A module of the running system. Its memory belongs to the root task.
struct Module {
    std::span<std::byte const> data;
    std::string_view string;            ///< name and arguments
};

[[nodiscard]] inline Module to_module (l4::multiboot::Module const& raw)
{
    if (raw.end < raw.begin)
        return {};
    auto const* const string = reinterpret_cast<char const*> (raw.string);
    return { { reinterpret_cast<std::byte const*> (raw.begin), raw.end - raw.begin },
             string == nullptr ? std::string_view {} : std::string_view { string } };
}

/// The program module with this name; nullptr if there is none.
[[nodiscard]] inline l4::multiboot::Module const*
find_program (std::span<l4::multiboot::Module const> modules, std::string_view name)
{
    for (std::size_t i = first_program_module; i < modules.size (); ++i)
        if (split_command_line (to_module (modules[i]).string).name == name)
            return &modules[i];
    return nullptr;
}

}  // namespace root
