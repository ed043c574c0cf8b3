// SPDX-License-Identifier: BSD-2-Clause
/// @file  Servers for cases: started when first asked for, they live as long as the suite.
#pragma once

#include <pagers/protocol.hpp>
#include <root/protocol.hpp>
#include <runtime/region.hpp>

#include <framework/check.hpp>
#include <framework/memory.hpp>

namespace servers {

using guest::word_at;
using l4::Address;
using l4::Word;

/// The server that `command_line` starts, known by the program's name. Ends the case without it.
[[nodiscard]] l4::ThreadId server (std::string_view command_line);

/// Run a program to its end. @return its status
[[nodiscard]] Word run (std::string_view command_line);

/// End a program, which must be there.
void kill (std::string_view name);

/// An object of a server, attached; it is detached and closed when this dies.
class Attached {
public:
    Attached (l4::ThreadId server, Word pages, rt::Name const& name = {}, Word argument = 0);
    explicit Attached (rt::Object const& object, Word pages);
    ~Attached ();
    Attached (Attached const&) = delete;
    Attached& operator= (Attached const&) = delete;

    [[nodiscard]] Address base () const { return base_; }
    [[nodiscard]] rt::Object const& object () const { return object_; }
    /// The first word of a page.
    [[nodiscard]] Word volatile& word (Word page) const
    {
        return word_at (base_ + page * l4::page_size);
    }

private:
    rt::Object object_ {};
    Address base_ { 0 };
};

[[nodiscard]] pagers::Statistics::Answer statistics (l4::ThreadId server);

}  // namespace servers
