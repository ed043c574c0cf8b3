// SPDX-License-Identifier: BSD-2-Clause
#include "support.hpp"

#include <runtime/words.hpp>

namespace servers {

l4::ThreadId server (std::string_view command_line)
{
    std::string_view words = command_line;
    std::string_view const name = rt::take_word (words);
    l4::ThreadId thread = root::find_name (name);
    if (!thread.is_nil ())
        return thread;
    REQUIRE (root::start (command_line).task != 0);
    thread = root::await_name (name);
    REQUIRE (!thread.is_nil ());
    return thread;
}

Word run (std::string_view command_line)
{
    root::StartResult const started = root::start (command_line);
    REQUIRE (started.task != 0);
    return root::wait (started.task);
}

void kill (std::string_view name)
{
    CHECK_EQUAL (rt::call (root::service (), root::KillByName { name }).error, rt::Error::none);
}

Attached::Attached (l4::ThreadId server, Word pages, rt::Name const& name, Word argument)
{
    auto const opened = pagers::open (server, pages, name, argument);
    REQUIRE_EQUAL (opened.error, rt::Error::none);
    object_ = opened.value;
    auto const region = rt::attach (object_, pages);
    REQUIRE_EQUAL (region.error, rt::Error::none);
    base_ = region.value;
}

Attached::Attached (rt::Object const& object, Word pages) : object_ { object }
{
    auto const region = rt::attach (object_, pages);
    REQUIRE_EQUAL (region.error, rt::Error::none);
    base_ = region.value;
}

Attached::~Attached ()
{
    rt::detach (base_);
    pagers::close (object_);
}

pagers::Statistics::Answer statistics (l4::ThreadId server)
{
    auto const answer = rt::call (server, pagers::Statistics {});
    CHECK_EQUAL (answer.error, rt::Error::none);
    return answer.value;
}

}  // namespace servers
