// SPDX-License-Identifier: BSD-2-Clause
/// @file  The memory store: blocks in the memory of this program, as long as there is some.
#include <runtime/info_page.hpp>
#include <runtime/layout.hpp>
#include <runtime/main.hpp>
#include <runtime/print.hpp>

#include <pagers/server.hpp>

#include "blocks.hpp"
#include "protocol.hpp"

namespace {

using l4::Address;
using l4::Word;

// The first page is the one through which all blocks come and go.
constexpr Address exchange_page = rt::layout::anonymous_begin;
constexpr Address blocks_begin = exchange_page + l4::page_size;
constexpr Word most_blocks = (rt::layout::anonymous_end - blocks_begin) / l4::page_size;

constinit store::Blocks<most_blocks> blocks {};

[[nodiscard]] void* page (Address address) { return reinterpret_cast<void*> (address); }
[[nodiscard]] Address address_of (Word place) { return blocks_begin + place * l4::page_size; }

/// @return whether a page goes with the answer
bool perform (rt::IpcResult const& request, rt::Error& error)
{
    bool const has_page = request.dope.strings () == 1;
    l4::ThreadId const owner = request.source;
    if (request.w0 == store::write_operation && has_page) {
        Word place = blocks.place_for (owner, request.w1);
        if (place == blocks.none) {
            blocks.collect (pagers::exists);
            place = blocks.place_for (owner, request.w1);
        }
        error = place == blocks.none ? rt::Error::no_place : rt::Error::none;
        if (error == rt::Error::none)
            __builtin_memcpy (page (address_of (place)), page (exchange_page), l4::page_size);
        return false;
    }
    if (request.w0 != store::read_operation) {
        error = rt::Error::bad_request;
        return false;
    }
    Word const place = blocks.find (owner, request.w1);
    error = place == blocks.none ? rt::Error::not_found : rt::Error::none;
    if (error == rt::Error::none)
        __builtin_memcpy (page (exchange_page), page (address_of (place)), l4::page_size);
    return error == rt::Error::none;
}

[[noreturn]] void serve ()
{
    constexpr l4::Timeouts timeouts { l4::Timeout::zero (), l4::Timeout::never (),
                                      l4::PageFaultTimeout::zero (),
                                      l4::PageFaultTimeout::zero () };
    *static_cast<Word volatile*> (page (exchange_page)) = 0;
    store::BlockMessage message { exchange_page, exchange_page };
    auto send = l4::SendDescriptor::nil ();
    l4::ThreadId client {};
    rt::Error error = rt::Error::none;
    for (;;) {
        rt::IpcResult const request = rt::ipc (send, message.receiving ().open (), client,
                                               timeouts, static_cast<Word> (error), 0);
        send = l4::SendDescriptor::nil ();
        if (!request.dope.ok ())
            continue;
        client = request.source;
        bool const with_page = perform (request, error);
        message.page.send_size = l4::page_size;
        message.page.send_address = exchange_page;
        send = message.sending (with_page);
    }
}

}  // namespace

int main (std::string_view)
{
    std::string_view const name = rt::info_page ().name ();
    if (!rt::call (root::service (), root::BindName { name }).ok ()) {
        rt::print (name, ": its name is taken\n");
        return 1;
    }
    serve ();
}
