// SPDX-License-Identifier: BSD-2-Clause
/// @file  The driver of the first IDE channel: its drives and their partitions, by
///        drivers/block/protocol.hpp.
#include <runtime/main.hpp>
#include <runtime/print.hpp>

#include <drivers/block/protocol.hpp>
#include <drivers/driver.hpp>

#include "channel.hpp"
#include "partitions.hpp"

namespace {

using block::Extent;
using drivers::Message;
using l4::Word;
using rt::Error;

constinit drivers::Line line { ide::primary.line };
constinit drivers::Heartbeat heartbeat {};
alignas (l4::page_size) constinit std::byte exchange[Message::most_bytes] {};

/// Waits for a drive, in pieces.
struct Waiting {
    static constexpr Word patience = 2'000'000;         // microseconds

    static bool interrupt ()
    {
        for (Word waited = 0; waited < patience; waited += supervisor::beat_period) {
            if (line.wait (drivers::Heartbeat::period))
                return true;
            heartbeat.beat (true);
        }
        return false;
    }

    static void pause ()
    {
        constexpr Word millisecond = 1000;
        rt::sleep_microseconds (millisecond);
        heartbeat.beat_if_due (true);
    }
};

/// What is asked of the drive has been checked before: if it refuses, that is its own failure.
[[nodiscard]] Error error_of (ide::Failure failure)
{
    switch (failure) {
    case ide::Failure::none: return Error::none;
    case ide::Failure::absent: return Error::not_found;
    case ide::Failure::refused:
    case ide::Failure::timeout:
    case ide::Failure::medium: break;
    }
    return Error::device;
}

class IdeDriver {
public:
    /// @return whether there is a drive
    [[nodiscard]] bool open ()
    {
        if (!channel_.open ())
            return false;
        for (Word n = 0; n < block::most_drives; ++n)
            if (channel_.drive (n).present)
                partitions_[n].find (channel_.drive (n).sectors, first_sector (), [&] (Word at) {
                    return channel_.read (n, at, 1, exchange) == ide::Failure::none;
                });
        return true;
    }

    void interrupt () { channel_.take_interrupt (); }

    [[nodiscard]] bool handle (l4::ThreadId, Message& message)
    {
        ++counts_.requests;
        switch (message.first ()) {
        case block::Describe::operation: dispatch<block::Describe> (message); break;
        case block::Identify::operation: dispatch<block::Identify> (message); break;
        case block::Read::operation: dispatch<block::Read> (message); break;
        case block::Write::operation: dispatch<block::Write> (message); break;
        case block::Flush::operation: dispatch<block::Flush> (message); break;
        case block::Statistics::operation: dispatch<block::Statistics> (message); break;
        default: message.answer (Error::bad_request);
        }
        return true;
    }

private:
    static ide::Partitions::Sector first_sector ()
    {
        return ide::Partitions::Sector { exchange, ide::Partitions::sector_size };
    }

    template <typename Request>
    void dispatch (Message& message)
    {
        Request request;
        if (message.get (request))
            serve (request, message);
        else
            message.answer (Error::bad_request);
    }

    [[nodiscard]] ide::Partition find (Word unit) const
    {
        Word const drive = block::drive_of (unit);
        return drive < block::most_drives ? partitions_[drive][block::partition_of (unit)]
                                          : ide::Partition {};
    }

    void serve (block::Describe const& request, Message& message)
    {
        ide::Partition const found = find (request.unit);
        if (found.sectors == 0)
            return message.answer (Error::not_found);
        message.answer (block::Describe::Answer { found.first, found.sectors, found.type });
    }

    void serve (block::Identify const& request, Message& message)
    {
        if (request.drive >= block::most_drives || !channel_.drive (request.drive).present)
            return message.answer (Error::not_found);
        ide::Drive const& drive = channel_.drive (request.drive);
        block::DriveText text;
        __builtin_memcpy (text.model, drive.model, sizeof text.model);
        __builtin_memcpy (text.serial, drive.serial, sizeof text.serial);
        __builtin_memcpy (text.firmware, drive.firmware, sizeof text.firmware);
        __builtin_memcpy (exchange, &text, sizeof text);
        message.answer (block::Identify::Answer { drive.sectors, drive.geometry.cylinders,
                                                  drive.geometry.heads, drive.geometry.sectors,
                                                  drive.linear ? Word { 1 } : 0 });
        message.attach (exchange, sizeof text);
    }

    /// Where a request's sectors are on their drive. @return not none: the request is wrong
    [[nodiscard]] Error locate (Extent const& extent, bool write, Word& sector) const
    {
        ide::Partition const partition = find (extent.unit ());
        if (partition.sectors == 0)
            return Error::not_found;
        if (extent.count () == 0 || extent.count () > block::most_sectors
            || extent.sector >= partition.sectors
            || extent.count () > partition.sectors - extent.sector)
            return Error::bad_request;
        if (write && partition.type != block::own_type)
            return Error::refused;
        sector = partition.first + extent.sector;
        return Error::none;
    }

    void serve (block::Read const& request, Message& message)
    {
        Extent const extent = request.extent;
        Word sector = 0;
        Error error = locate (extent, false, sector);
        if (error == Error::none)
            error = error_of (channel_.read (block::drive_of (extent.unit ()), sector,
                                             extent.count (), exchange, extent.uses_geometry ()));
        message.answer (error);
        if (error != Error::none)
            return;
        counts_.sectors_read += extent.count ();
        message.attach (exchange, extent.count () * block::sector_size);
    }

    void serve (block::Write const& request, Message& message)
    {
        Extent const extent = request.extent;
        Word sector = 0;
        Error error = locate (extent, true, sector);
        if (error == Error::none && message.byte_count () != extent.count () * block::sector_size)
            error = Error::bad_request;
        if (error == Error::none)
            error = error_of (channel_.write (block::drive_of (extent.unit ()), sector,
                                              extent.count (), exchange, extent.uses_geometry ()));
        if (error == Error::none)
            counts_.sectors_written += extent.count ();
        message.answer (error);
    }

    void serve (block::Flush const& request, Message& message)
    {
        message.answer (request.drive < block::most_drives
                            ? error_of (channel_.flush (request.drive))
                            : Error::not_found);
    }

    void serve (block::Statistics const&, Message& message)
    {
        ide::Counters const& channel = channel_.counters ();
        counts_.retries = channel.retries;
        counts_.resets = channel.resets;
        counts_.lost_interrupts = channel.lost_interrupts;
        message.answer (counts_);
    }

    drivers::MachinePorts ports_ {};
    Waiting waiting_ {};
    ide::Channel<drivers::MachinePorts, Waiting> channel_ { ide::primary, ports_, waiting_ };
    ide::Partitions partitions_[block::most_drives] {};
    block::Statistics::Answer counts_ {};
};

}  // namespace

int main (std::string_view)
{
    if (!drivers::begin (heartbeat) || !line.attach ()) {
        rt::print ("ide: its name or its line is somebody else's\n");
        return drivers::status_not_mine;
    }
    static IdeDriver driver {};
    exchange[0] = {};                   // the page is there before the kernel copies into it
    if (!driver.open ()) {
        rt::print ("ide: no drive\n");
        return drivers::status_no_device;
    }
    static Message message { exchange, sizeof exchange };
    drivers::serve (driver, message, line, heartbeat);
}
