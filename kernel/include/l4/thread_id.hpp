// SPDX-License-Identifier: BSD-2-Clause
/// @file  Unique identifiers: 64 bits, in two registers.
///
///     low   31..28 version high | 27..17 task | 16..10 lthread | 9..0 version low
///     high  31..28 nest         | 27..17 chief                 | 16..0 site
///
/// The fields of the low word sit where a 1 KB thread control block wants them: one AND and
/// one OR turn an id into the block's address (SOSP'95, 5.1).
#pragma once

#include <l4/bitfield.hpp>

namespace l4 {

class ThreadId {
public:
    static constexpr unsigned tasks = 2048;             ///< task numbers 0..2047
    static constexpr unsigned threads_per_task = 128;   ///< lthread numbers 0..127
    static constexpr Word index_mask = 0x0FFFFC00;      ///< task and lthread, in place
    static constexpr Word task_id_mask = 0xFFFE03FF;    ///< everything but the lthread

    constexpr ThreadId () = default;
    constexpr ThreadId (Word low, Word high) : low_ { low }, high_ { high } {}

    /// A complete id. Values that exceed their field are truncated.
    struct Fields { Word task, lthread, version, chief, nest, site; };
    [[nodiscard]] static constexpr ThreadId make (Fields f)
    {
        return { VersionLow::make (f.version) | Lthread::make (f.lthread) | Task::make (f.task)
                     | VersionHigh::make (f.version >> 10),
                 Site::make (f.site) | Chief::make (f.chief) | Nest::make (f.nest) };
    }

    [[nodiscard]] static constexpr ThreadId nil () { return { 0, 0 }; }
    [[nodiscard]] static constexpr ThreadId invalid () { return { ~Word { 0 }, ~Word { 0 } }; }

    [[nodiscard]] constexpr Word low () const { return low_; }
    [[nodiscard]] constexpr Word high () const { return high_; }

    [[nodiscard]] constexpr Word task () const { return Task::get (low_); }
    [[nodiscard]] constexpr Word lthread () const { return Lthread::get (low_); }
    [[nodiscard]] constexpr Word version () const
    {
        return VersionLow::get (low_) | VersionHigh::get (low_) << 10;
    }
    [[nodiscard]] constexpr Word chief () const { return Chief::get (high_); }
    [[nodiscard]] constexpr Word nest () const { return Nest::get (high_); }
    [[nodiscard]] constexpr Word site () const { return Site::get (high_); }

    /// Nil and invalid are recognised by the low word alone: user bindings leave the other
    /// register undefined.
    [[nodiscard]] constexpr bool is_nil () const { return low_ == 0; }
    [[nodiscard]] constexpr bool is_invalid () const { return low_ == ~Word { 0 }; }

    /// The same id with another lthread number.
    [[nodiscard]] constexpr ThreadId with_lthread (Word n) const
    {
        return { Lthread::set (low_, n), high_ };
    }

    /// Same task in the same incarnation: everything but the lthread agrees.
    [[nodiscard]] constexpr bool same_task (ThreadId other) const
    {
        return (low_ & task_id_mask) == (other.low_ & task_id_mask) && high_ == other.high_;
    }

    friend constexpr bool operator== (ThreadId, ThreadId) = default;

    using VersionLow = BitField<0, 10>;
    using Lthread = BitField<10, 7>;
    using Task = BitField<17, 11>;
    using VersionHigh = BitField<28, 4>;
    using Site = BitField<0, 17>;
    using Chief = BitField<17, 11>;
    using Nest = BitField<28, 4>;

private:
    Word low_ { 0 };
    Word high_ { 0 };
};

/// Id of hardware interrupt line `line` (0..15): line + 1 in the low word, 0 in the high word.
constexpr unsigned interrupt_lines = 16;
[[nodiscard]] constexpr ThreadId interrupt_id (unsigned line) { return { line + 1, 0 }; }
[[nodiscard]] constexpr bool is_interrupt_id (ThreadId id)
{
    return id.low () - 1 < interrupt_lines;
}

constexpr Word sigma0_task = 2;
constexpr Word sigma1_task = 3;
constexpr Word root_task = 4;
constexpr Word first_free_task = 5;

constexpr ThreadId sigma0_id = ThreadId::make ({ .task = sigma0_task, .lthread = 0, .version = 0,
                                                 .chief = root_task, .nest = 0, .site = 0 });
constexpr ThreadId root_id = ThreadId::make ({ .task = root_task, .lthread = 0, .version = 0,
                                               .chief = 0, .nest = 0, .site = 0 });

static_assert (sizeof (ThreadId) == 8);
static_assert (sigma0_id == ThreadId { 0x00040000, 0x00080000 });
static_assert (root_id == ThreadId { 0x00080000, 0 });
static_assert (root_id.with_lthread (1) == ThreadId { 0x00080400, 0 });
static_assert (ThreadId::make ({ 5, 3, 0, 4, 0, 0 }) == ThreadId { 0x000A0C00, 0x00080000 });
static_assert (ThreadId::make ({ 1, 0, 0x3C01, 0, 0, 0 }).version () == 0x3C01);
static_assert (interrupt_id (1) == ThreadId { 2, 0 });

}  // namespace l4
