// SPDX-License-Identifier: BSD-2-Clause
/// @file  The loop of a store: protocol.hpp on one side, places to put a block on the other.
///
/// `Storage` has
///     static constexpr std::size_t capacity       places
///     bool put (place, page), get (place, page)   false: it cannot be done
#pragma once

#include <pagers/server.hpp>

#include "blocks.hpp"
#include "protocol.hpp"

namespace store {

template <typename Storage>
class Server {
public:
    /// @param exchange_page  all blocks come and go through it
    Server (Storage& storage, Address exchange_page)
        : storage_ { storage }, exchange_page_ { exchange_page }
    {
    }

    [[noreturn]] void serve ()
    {
        constexpr l4::Timeouts timeouts { l4::Timeout::zero (), l4::Timeout::never (),
                                          l4::PageFaultTimeout::zero (),
                                          l4::PageFaultTimeout::zero () };
        *static_cast<Word volatile*> (exchange ()) = 0;
        BlockMessage message { exchange_page_, exchange_page_ };
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
            error = perform (request);
            bool const with_page = error == rt::Error::none && request.w0 == read_operation;
            message.page.send_size = l4::page_size;
            message.page.send_address = exchange_page_;
            send = message.sending (with_page);
        }
    }

private:
    [[nodiscard]] void* exchange () const { return reinterpret_cast<void*> (exchange_page_); }

    [[nodiscard]] rt::Error perform (rt::IpcResult const& request)
    {
        if (request.w0 == write_operation && request.dope.strings () == 1)
            return write (request.source, request.w1);
        return request.w0 == read_operation ? read (request.source, request.w1)
                                            : rt::Error::bad_request;
    }

    [[nodiscard]] rt::Error write (l4::ThreadId owner, Word block)
    {
        Word place = blocks_.place_for (owner, block);
        if (place == blocks_.none) {
            blocks_.collect (pagers::exists);
            place = blocks_.place_for (owner, block);
        }
        if (place == blocks_.none)
            return rt::Error::no_place;
        return storage_.put (place, exchange ()) ? rt::Error::none : rt::Error::device;
    }

    [[nodiscard]] rt::Error read (l4::ThreadId owner, Word block)
    {
        Word const place = blocks_.find (owner, block);
        if (place == blocks_.none)
            return rt::Error::not_found;
        return storage_.get (place, exchange ()) ? rt::Error::none : rt::Error::device;
    }

    Storage& storage_;
    Address exchange_page_;
    Blocks<Storage::capacity> blocks_ {};
};

/// Make this thread known under the program's name and serve. @return only if the name is refused
template <typename Storage>
int run (Storage& storage, Address exchange_page)
{
    std::string_view const name = rt::info_page ().name ();
    if (!rt::call (root::service (), root::BindName { name }).ok ()) {
        rt::print (name, ": its name is taken\n");
        return 1;
    }
    static Server<Storage> server { storage, exchange_page };
    server.serve ();
}

}  // namespace store
