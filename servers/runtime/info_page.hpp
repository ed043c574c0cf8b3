// SPDX-License-Identifier: BSD-2-Clause
/// @file  Info page: what the root task tells a program about itself, and the frame they share.
///
/// Mapped read-write at a fixed address before the program starts. The program writes only
/// `request`.
#pragma once

#include <string_view>

#include <l4/thread_id.hpp>

namespace rt {

using l4::Address;
using l4::Word;

struct InfoPage {
    static constexpr Address address = 0x0000F000;
    static constexpr Word magic_value = 0x4E434550;     ///< "PECN"
    static constexpr Word text_capacity = 256;

    Word magic;
    l4::ThreadId own;               ///< thread 0 of this program
    l4::ThreadId root_service;      ///< start, wait, exit: root/protocol.hpp
    l4::ThreadId console;           ///< text output; nil for the console itself
    Word first_task;                ///< task numbers handed over: this program creates them
    Word task_count;
    Word argument_length;
    Word request_length;
    Word name_length;
    char name_text[16];
    char argument_text[text_capacity];
    char request[text_capacity];    ///< command line for root's start operation

    /// The name that the program was started by.
    [[nodiscard]] std::string_view name () const
    {
        return { name_text, name_length < sizeof name_text ? name_length : sizeof name_text };
    }

    /// The words behind the program's name.
    [[nodiscard]] std::string_view arguments () const
    {
        return { argument_text, argument_length < text_capacity ? argument_length : text_capacity };
    }
};

static_assert (sizeof (InfoPage) <= 4096);

[[nodiscard]] inline InfoPage& info_page ()
{
    return *reinterpret_cast<InfoPage*> (InfoPage::address);
}

}  // namespace rt
