// SPDX-License-Identifier: BSD-2-Clause
/// @file  The disk store: blocks on a partition, by memory_store/protocol.hpp. What it holds is
///        good as long as its owner lives: nothing on the disk says whose a block is.
///
///     disk_store [UNIT]           the first partition of our own
///
/// If the driver dies, it waits for the next one: requests are repeated.
#include <runtime/layout.hpp>
#include <runtime/main.hpp>
#include <runtime/words.hpp>

#include <drivers/block/protocol.hpp>
#include <memory_store/server.hpp>

namespace {

using block::Extent;
using l4::Word;

constexpr Word sectors_per_page = l4::page_size / block::sector_size;
static_assert (sectors_per_page <= block::most_sectors);

class Partition {
public:
    static constexpr std::size_t capacity = 2048;

    /// @return false: there is no such partition, or it is not ours
    [[nodiscard]] bool open (Word unit)
    {
        auto const about = disk_.describe (unit);
        unit_ = unit;
        pages_ = about.value.sectors / sectors_per_page;
        return about.ok () && about.value.type == block::own_type && pages_ != 0;
    }

    [[nodiscard]] bool put (Word place, void const* page)
    {
        return place < pages_ && drivers::persist ([&] {
                   return disk_.write (extent (place), page);
               }) == rt::Error::none;
    }

    [[nodiscard]] bool get (Word place, void* page)
    {
        return place < pages_ && drivers::persist ([&] {
                   return disk_.read (extent (place), page);
               }) == rt::Error::none;
    }

private:
    [[nodiscard]] Extent extent (Word place) const
    {
        return Extent::of (unit_, place * sectors_per_page, sectors_per_page);
    }

    block::Disk disk_ {};
    Word unit_ { 0 };
    Word pages_ { 0 };
};

constinit Partition partition {};

[[nodiscard]] bool open_first ()
{
    for (Word drive = 0; drive < block::most_drives; ++drive)
        for (Word number = 1; number < block::unit (1, 0); ++number)
            if (partition.open (block::unit (drive, number)))
                return true;
    return false;
}

}  // namespace

int main (std::string_view arguments)
{
    std::string_view const unit = rt::take_word (arguments);
    if (unit.empty () ? !open_first () : !partition.open (rt::parse_decimal (unit))) {
        rt::print ("disk_store: there is no such partition of our own\n");
        return 1;
    }
    return store::run (partition, rt::layout::anonymous_begin);
}
