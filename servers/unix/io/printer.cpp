// SPDX-License-Identifier: BSD-2-Clause
#include "printer.hpp"

#include <runtime/info_page.hpp>
#include <runtime/service.hpp>
#include <runtime/thread.hpp>

namespace unix_server {

namespace {

constinit rt::Stack<1024> stack {};

/// @param pack  with or without a carriage return before each newline
void print_now (std::string_view text, rt::Words (*pack) (std::string_view))
{
    while (!text.empty ()) {
        std::string_view const piece = text.substr (0, rt::text_message_capacity);
        rt::call (rt::info_page ().console, pack (piece));
        text.remove_prefix (piece.size ());
    }
}

void work (void*)
{
    l4::ThreadId const server = rt::myself ().with_lthread (0);
    Word printed = 0;
    for (;;) {
        rt::IpcResult const order = rt::call (server, { printed, 0 });
        printed = 0;
        if (!order.dope.ok ())
            continue;
        print_now ({ reinterpret_cast<char const*> (order.w0), order.w1 }, rt::pack_exact_text);
        printed = order.w1;
    }
}

}  // namespace

Word Printer::put (std::string_view text)
{
    Word const count = text.size () < room () ? static_cast<Word> (text.size ()) : room ();
    for (Word i = 0; i < count; ++i)
        text_[(first_ + count_ + i) % capacity] = text[i];
    count_ += count;
    return count;
}

void Printer::print (std::string_view message)
{
    for (std::size_t at = 0; is_started_ && at < message.size (); ++at)
        put (message[at] == '\n' ? std::string_view { "\r\n" } : message.substr (at, 1));
    if (!is_started_)
        print_now (message, rt::pack_text);
}

void Printer::start ()
{
    is_started_ = true;
    rt::start_thread (thread, stack.top (), work);
}

void Printer::has_printed (Word printed)
{
    first_ = (first_ + printed) % capacity;
    count_ -= printed;
    is_waiting_ = true;
}

void Printer::go_on ()
{
    if (!is_waiting_ || count_ == 0)
        return;
    Word const to_end = capacity - first_;
    Word const part = count_ < to_end ? count_ : to_end;
    Word const at = reinterpret_cast<Word> (text_.data () + first_);
    is_waiting_
        = !rt::send (rt::myself ().with_lthread (thread), { at, part }, rt::reply_timeouts).ok ();
}

}  // namespace unix_server
