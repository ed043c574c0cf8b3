// SPDX-License-Identifier: BSD-2-Clause
#include <core/buffer_copy.hpp>

#include <core/fault_ipc.hpp>
#include <core/scheduler.hpp>
#include <core/space.hpp>

#include <initializer_list>

namespace kernel::ipc {

using l4::IpcError;

namespace {

/// What a copy costs besides its bytes, in bytes that could be copied meanwhile.
constexpr Word lump = 384;
constexpr Word most_work = machine::copy_chunk + lump;

bool is_user_range (Address address, Word size)
{
    return address < l4::user_limit && size <= l4::user_limit - address;
}

/// Code for a page that did not come, seen from the receiver. `timeout_code` if it was too late.
IpcError fetch_error (IpcError pager_result, IpcError timeout_code)
{
    switch (pager_result) {
    case IpcError::none:
        return IpcError::none;
    case IpcError::receive_timeout:
    case IpcError::send_timeout:
        return timeout_code;
    default:
        return IpcError::receive_aborted;
    }
}

}  // namespace

Address BufferCopy::linear_of_small_sender (Address address, Word size)
{
    // Growing loads another directory, which has another window.
    machine::SmallSpace& small = sender_.space->small_space ();
    if (small.grow_for (*sender_.space, address, size))
        window_valid_ = false;
    return small.linear (address);      // which it may have left
}

Address BufferCopy::linear_of_receiver (Address address)
{
    constexpr Word region = ~(l4::superpage_size - 1);
    if (!window_valid_ || (shown_ & region) != (address & region)) {
        machine::CopyWindow::show (*receiver_.space, address);
        shown_ = address;
        window_valid_ = true;
    }
    return machine::CopyWindow::linear (address, shown_);
}

IpcError BufferCopy::fetch_for_sender (Address address, bool is_write)
{
    IpcError const result = fault_ipc::fetch_page (
        sender_, { address, is_write, receiver_.ipc.timeouts.receive_fault (), {} });
    return fetch_error (result, IpcError::receive_receive_fault_timeout);
}

/// The receiver calls its pager itself, so that the pager sees who needs the page.
IpcError BufferCopy::fetch_for_receiver (Address address, bool is_write)
{
    receiver_.page_request = { address, is_write, sender_.ipc.timeouts.send_fault (), {} };
    receiver_.continuation = Continuation::fetch_page;
    receiver_.state = ThreadState::ready;
    sender_.state = ThreadState::locked;
    scheduler::switch_to (receiver_);
    while (!sender_.is_ready ())
        scheduler::block ();
    return fetch_error (receiver_.page_request.result, IpcError::receive_send_fault_timeout);
}

IpcError BufferCopy::resolve (machine::CopyResult const& fault)
{
    using machine::CopyWindow;
    bool const is_receivers = CopyWindow::contains (fault.fault_address);
    let_others_run ();
    window_valid_ = false;
    work_ = most_work;
    if (is_receivers)
        return fetch_for_receiver (CopyWindow::user_address (fault.fault_address, shown_),
                                   fault.fault_was_write);
    return fetch_for_sender (sender_.space->small_space ().user_address (fault.fault_address),
                             fault.fault_was_write);
}

void BufferCopy::let_others_run ()
{
    work_ = 0;
    if (scheduler::serve_interrupts ())
        window_valid_ = false;
}

bool BufferCopy::is_allowed (Place place, Word size)
{
    return place.owner == Place::kernel || is_user_range (place.address, size);
}

IpcError BufferCopy::transfer (Place to, Place from, Word size)
{
    if (!is_allowed (to, size) || !is_allowed (from, size))
        return IpcError::receive_aborted;
    while (size != 0) {
        Word const chunk = size < machine::copy_chunk ? size : machine::copy_chunk;
        if (work_ + chunk + lump > most_work)
            let_others_run ();
        work_ += chunk + lump;
        Address const source = linear (from, chunk);    // first: it may make the window invalid
        machine::CopyResult const result = machine::copy_user (linear (to, chunk), source, chunk);
        to.address += result.done;
        from.address += result.done;
        size -= result.done;
        if (result.done != chunk) {
            IpcError const error = resolve (result);
            if (error != IpcError::none)
                return error;
        }
    }
    return IpcError::none;
}

IpcError BufferCopy::read_sender (void* to, Address from, Word size)
{
    return transfer ({ Place::kernel, reinterpret_cast<Address> (to) }, { Place::sender, from },
                     size);
}

IpcError BufferCopy::read_receiver (void* to, Address from, Word size)
{
    return transfer ({ Place::kernel, reinterpret_cast<Address> (to) }, { Place::receiver, from },
                     size);
}

IpcError BufferCopy::copy (Address to, Address from, Word size)
{
    return transfer ({ Place::receiver, to }, { Place::sender, from }, size);
}

IpcError BufferCopy::report_string (Address dope, Word size, l4::StringDope const& buffer)
{
    Word const forwardable[2] { size | (buffer.receive_size & l4::StringDope::continues),
                                buffer.receive_address };
    return transfer ({ Place::receiver, dope },
                     { Place::kernel, reinterpret_cast<Address> (forwardable) },
                     sizeof forwardable);
}

}  // namespace kernel::ipc
