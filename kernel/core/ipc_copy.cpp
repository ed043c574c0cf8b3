// SPDX-License-Identifier: BSD-2-Clause
/// @file  Long messages: words, mappings and strings, copied by the sender from its space
/// straight into the receiver's.
///
/// The order is words, mappings, strings. What does not fit ends the transfer with `cut`; what
/// was transferred by then stays. Nothing in either side's memory is trusted: each word is read
/// once, into the kernel, and judged there. A page that is missing is fetched by its owner's
/// pager under the other side's page-fault timeout.
#include <core/ipc_transfer.hpp>

#include <core/buffer_copy.hpp>
#include <core/map.hpp>

namespace kernel::ipc {

using l4::IpcError;
using l4::MessageDope;
using l4::MessageHeader;
using l4::StringDope;

namespace {

constexpr Word string_bytes (Word size)
{
    Word const bytes = size & ~StringDope::continues;
    return bytes < StringDope::max_size ? bytes : StringDope::max_size;
}

bool continues (Word size) { return (size & StringDope::continues) != 0; }

class LongTransfer {
public:
    LongTransfer (Tcb& sender, Tcb& receiver)
        : sender_ { sender }, receiver_ { receiver }, copy_ { sender, receiver }
    {
    }

    IpcError run ();

    /// What the receiver gets to see of the result.
    [[nodiscard]] MessageDope dope () const
    {
        return MessageDope { MessageDope { dwords_, strings_ }.raw ()
                             | (mapped_ ? MessageDope::mapped_bit : 0) };
    }

private:
    IpcError read_headers ();
    IpcError copy_words ();
    IpcError map_items ();
    IpcError map_one (Word send_base, Word fpage, bool& valid);
    IpcError copy_strings ();
    IpcError copy_string (Word& from, Word& to);

    [[nodiscard]] l4::Address send_dope (Word i) const
    {
        return sender_.ipc.send.address () + 12 + 4 * out_.size.dwords () + 16 * i;
    }
    [[nodiscard]] l4::Address receive_dope (Word i) const
    {
        return receiver_.ipc.receive.address () + 12 + 4 * in_.size.dwords () + 16 * i;
    }

    Tcb& sender_;
    Tcb& receiver_;
    BufferCopy copy_;
    MessageHeader out_ {};      ///< the sender's; only registers: two words, no strings
    MessageHeader in_ {};       ///< the receiver's; the same
    Word dwords_ { l4::register_dwords };
    Word strings_ { 0 };
    bool mapped_ { false };
};

IpcError LongTransfer::read_headers ()
{
    constexpr Word used = sizeof (MessageHeader) - 2 * sizeof (Word);   // without w0, w1
    if (sender_.ipc.send.address () != 0) {
        IpcError const error = copy_.read_sender (&out_, sender_.ipc.send.address (), used);
        if (error != IpcError::none)
            return error;
    }
    l4::ReceiveDescriptor const receive = receiver_.ipc.receive;
    if (receive.has_window ())
        in_.window = receive.window ();
    else if (receive.address () != 0)
        return copy_.read_receiver (&in_, receive.address (), used);
    return IpcError::none;
}

IpcError LongTransfer::copy_words ()
{
    Word const sent = out_.send.dwords () < l4::register_dwords ? l4::register_dwords
                                                                : out_.send.dwords ();
    Word const room = in_.size.dwords () < l4::register_dwords ? l4::register_dwords
                                                               : in_.size.dwords ();
    Word const count = sent < room ? sent : room;
    constexpr Word begin = sizeof (MessageHeader);
    if (count > l4::register_dwords) {          // only then both have buffers
        IpcError const error
            = copy_.copy (receiver_.ipc.receive.address () + begin,
                          sender_.ipc.send.address () + begin,
                          (count - l4::register_dwords) * static_cast<Word> (sizeof (Word)));
        if (error != IpcError::none)
            return error;
    }
    dwords_ = count;
    return sent > room ? IpcError::receive_cut : IpcError::none;
}

IpcError LongTransfer::map_one (Word send_base, Word fpage, bool& valid)
{
    MapItem const item { .send_base = send_base,
                         .fpage = l4::Fpage { fpage },
                         .window = in_.window,
                         .everything = receiver_.in_kernel_rpc == page_fault_rpc };
    valid = item.fpage.is_io () || item.fpage.is_valid_memory ();
    if (!valid)
        return IpcError::none;
    if (!item.window.is_io () && !item.window.is_valid_memory ())
        return IpcError::receive_cut;
    MapOperation operation { *sender_.space, *receiver_.space, item };
    copy_.let_others_run ();
    while (!operation.is_finished ()) {
        if (prepare_zeroed_frames ())
            operation.step ();
        copy_.let_others_run ();
    }
    mapped_ |= operation.outcome ().mapped;
    return operation.outcome ().out_of_memory ? IpcError::receive_map_failed : IpcError::none;
}

/// Pairs (send base, fpage), the first in registers; the first invalid one ends the list.
IpcError LongTransfer::map_items ()
{
    bool valid = false;
    IpcError error = map_one (sender_.ipc.w0, sender_.ipc.w1, valid);
    for (Word i = l4::register_dwords; error == IpcError::none && valid && i + 1 < dwords_;
         i += 2) {
        Word pair[2] {};
        error = copy_.read_sender (pair, sender_.ipc.send.address () + 12 + 4 * i, sizeof pair);
        if (error == IpcError::none)
            error = map_one (pair[0], pair[1], valid);
    }
    return error;
}

/// One logical string: parts of the sender from dope `from` on, chained by the continuation bit,
/// into the chain of buffers from dope `to` on. Both are left behind their chains.
IpcError LongTransfer::copy_string (Word& from, Word& to)
{
    StringDope part {}, buffer {};
    IpcError error = copy_.read_sender (&part, send_dope (from++), sizeof part);
    if (error == IpcError::none)
        error = copy_.read_receiver (&buffer, receive_dope (to++), sizeof buffer);
    Word part_done = 0, buffer_done = 0;
    bool cut = false;
    while (error == IpcError::none) {
        copy_.let_others_run ();
        Word const part_left = string_bytes (part.send_size) - part_done;
        Word const room = string_bytes (buffer.receive_size) - buffer_done;
        if (part_left == 0) {
            StringDope next {};
            if (from == out_.send.strings ())
                break;
            error = copy_.read_sender (&next, send_dope (from), sizeof next);
            if (error != IpcError::none || !continues (next.send_size))
                break;
            part = next;
            part_done = 0;
            ++from;
        } else if (room == 0) {
            StringDope next {};
            if (to < in_.size.strings ())
                error = copy_.read_receiver (&next, receive_dope (to), sizeof next);
            cut = error == IpcError::none && !continues (next.receive_size);
            if (error != IpcError::none || cut)
                break;
            error = copy_.report_string (receive_dope (to - 1), buffer_done, buffer);
            buffer = next;
            buffer_done = 0;
            ++to;
        } else {
            Word const size = part_left < room ? part_left : room;
            error = copy_.copy (buffer.receive_address + buffer_done,
                                part.send_address + part_done, size);
            part_done += size;
            buffer_done += size;
        }
    }
    if (error == IpcError::none)
        error = copy_.report_string (receive_dope (to - 1), buffer_done, buffer);
    if (error == IpcError::none && cut)
        return IpcError::receive_cut;
    return error;
}

/// Unused buffers at the end of a chain are reported as empty.
IpcError LongTransfer::copy_strings ()
{
    Word from = 0, to = 0;
    while (from < out_.send.strings ()) {
        if (to == in_.size.strings ())
            return IpcError::receive_cut;
        IpcError error = copy_string (from, to);
        strings_ = to;
        while (error == IpcError::none && to < in_.size.strings ()) {
            StringDope buffer {};
            error = copy_.read_receiver (&buffer, receive_dope (to), sizeof buffer);
            if (error != IpcError::none || !continues (buffer.receive_size))
                break;
            error = copy_.report_string (receive_dope (to++), 0, buffer);
            strings_ = to;
        }
        if (error != IpcError::none)
            return error;
    }
    return IpcError::none;
}

IpcError LongTransfer::run ()
{
    IpcError error = read_headers ();
    if (error != IpcError::none)
        return error;
    IpcError const words = copy_words ();
    if (words != IpcError::none && words != IpcError::receive_cut)
        return words;
    if (sender_.ipc.send.maps ())
        error = map_items ();
    if (error == IpcError::none)
        error = words;
    if (error == IpcError::none)
        error = copy_strings ();
    return error;
}

}  // namespace

IpcError transfer_long (Tcb& sender, Tcb& receiver)
{
    LongTransfer transfer { sender, receiver };
    IpcError const error = transfer.run ();
    report_message (sender, receiver, transfer.dope (), error);
    return error;
}

}  // namespace kernel::ipc
