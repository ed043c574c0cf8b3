// SPDX-License-Identifier: BSD-2-Clause
/// @file  A driver whose text is changed while it works, at random, again and again. Whatever it
///        does then: it is replaced, and nobody else is harmed.
///
/// A mutation changes a few bytes of the driver's code segment (text and constants) at a moment
/// between two instructions, while requests go on. Then come some more requests whose answers are
/// known. What has no effect stays, and the next mutation comes on top of it; a driver that has
/// survived ten of them, or has answered wrongly, is killed, so that the next one begins clean.
///
/// The disk itself is in the hands of the mutated driver. When it has destroyed the partition
/// table the case ends early.
#include <framework/check.hpp>
#include <framework/random.hpp>
#include <framework/selection.hpp>
#include <framework/time.hpp>
#include <root/protocol.hpp>
#include <runtime/print.hpp>
#include <runtime/thread.hpp>

#include "awake.hpp"
#include "data_disk.hpp"
#include "fragile.hpp"
#include "supervision.hpp"

using namespace guest;
using namespace data_disk;
using block::Extent;
using rt::Error;

namespace {

constexpr Word mutations_per_time = 5;
constexpr Microseconds a_second = 1'000'000;

enum class Effect {
    none,               ///< all answers were right
    wrong_data,         ///< sectors read were not what had been written
    wrong_answer,       ///< an error where there was none, or the other way round
    fault,              ///< the root task or the driver's own handler ended it
    exit,               ///< it ended by itself
    silence,            ///< no heartbeat
    uselessness,        ///< heartbeats, but no answers
};
constexpr std::size_t effects = 7;
constexpr std::string_view effect_names[effects] = {
    "no effect", "wrong data", "wrong answer", "fault or exception", "exit", "silence",
    "uselessness",
};

/// What to change, and when.
struct Mutation {
    Address address;
    Word value;
    Word bytes;                     ///< 1 or 2
    bool flips;                     ///< exclusive or, not replace
    Word delay;                     ///< microseconds
};

[[nodiscard]] Mutation draw (Random& random, Word text_size)
{
    enum class Kind { flip, byte, no_operation, loop, breakpoint, word };
    constexpr Kind kinds[] = { Kind::flip, Kind::byte, Kind::no_operation, Kind::loop,
                               Kind::breakpoint, Kind::word };
    constexpr Word longest_delay = 1500;
    Mutation mutation { .address = rt::layout::image_begin + random.below (text_size - 1),
                        .value = 0, .bytes = 1, .flips = false,
                        .delay = random.below (longest_delay) };
    switch (random.pick (kinds)) {
    case Kind::flip:
        mutation.value = 1u << random.below (8);
        mutation.flips = true;
        break;
    case Kind::byte: mutation.value = random.below (256); break;
    case Kind::no_operation: mutation.value = 0x90; break;
    case Kind::loop:
        mutation.value = 0xFEEB;
        mutation.bytes = 2;
        break;
    case Kind::breakpoint: mutation.value = 0xCC; break;
    case Kind::word:
        mutation.value = random.below (65536);
        mutation.bytes = 2;
        break;
    }
    return mutation;
}

alignas (l4::page_size) constinit std::uint8_t window[l4::page_size] {};

void forget_window ()
{
    rt::fpage_unmap (l4::Fpage::memory (reinterpret_cast<Address> (window), l4::page_bits),
                     l4::unmap_completely | l4::unmap_in_own_space_too);
}

/// In one page: the second byte of a mutation at the end of a page is lost.
bool apply (Mutation const& mutation)
{
    forget_window ();
    if (!root::map_page_of ("ide", mutation.address, reinterpret_cast<Address> (window)))
        return false;
    Word const offset = mutation.address % l4::page_size;
    for (Word i = 0; i < mutation.bytes && offset + i < l4::page_size; ++i) {
        auto const value = static_cast<std::uint8_t> (mutation.value >> 8 * i);
        auto& byte = *static_cast<std::uint8_t volatile*> (&window[offset + i]);
        byte = static_cast<std::uint8_t> (mutation.flips ? byte ^ value : value);
    }
    forget_window ();
    return true;
}

/// Mutates when told to, above the driver; a driver that has just died is there again soon.
struct Mutator {
    Mutation order;
    bool volatile ordered;
    bool volatile applied;
};
constinit Mutator mutator {};
rt::Stack<4096> mutator_stack;

void mutate_on_order (void*)
{
    constexpr unsigned patience = 500;
    for (;;) {
        rt::sleep_microseconds (1000);
        if (!mutator.ordered)
            continue;
        rt::sleep_microseconds (mutator.order.delay);
        mutator.applied = apply (mutator.order);
        for (unsigned i = 0; i < patience && !mutator.applied; ++i) {
            rt::sleep_microseconds (1000);
            mutator.applied = apply (mutator.order);
        }
        mutator.ordered = false;
    }
}

class Trial {
public:
    explicit Trial (Random& random) : random_ { random } {}

    /// Whether the disk still has its partitions.
    [[nodiscard]] bool ready ()
    {
        Error error = Error::unavailable;
        for (unsigned i = 0; i < 20 && error != Error::none; ++i) {
            auto const about = disk_.describe (ours);
            error = about.error;
            if (error == Error::none && about.value.sectors != partition_sectors)
                error = Error::not_found;
            if (error == Error::not_found)
                return false;
        }
        return error == Error::none;
    }

    /// Requests until the mutation is done, and some more.
    [[nodiscard]] Effect run (Mutation const& mutation)
    {
        constexpr unsigned rounds_afterwards = 3;
        mutator.order = mutation;
        mutator.applied = false;
        mutator.ordered = true;
        Effect effect = Effect::none;
        while (mutator.ordered && effect == Effect::none)
            effect = ask ();
        while (mutator.ordered)
            sleep_milliseconds (1);
        CHECK (mutator.applied);
        for (unsigned i = 0; i < rounds_afterwards && effect == Effect::none; ++i)
            effect = ask ();
        return effect;
    }

private:
    static constexpr Word partition_sectors = 2048;
    static constexpr Word count = 2;

    /// Requests of all kinds, each once.
    [[nodiscard]] Effect ask ()
    {
        Word const sector
            = random_.below (partition_sectors / count) * count;
        Extent const extent = Extent::of (ours, sector, count);
        fill (sector, count, ++version_);
        if (Effect const o = judge (disk_.write (extent, buffer), Error::none);
            o != Effect::none)
            return o;
        fill (sector, count, 0);
        if (Effect const o = judge (disk_.read (extent, buffer), Error::none); o != Effect::none)
            return o;
        if (!holds (sector, count, version_))
            return Effect::wrong_data;
        auto const about = disk_.describe (ours);
        if (Effect const o = judge (about.error, Error::none); o != Effect::none)
            return o;
        if (about.value.sectors != partition_sectors)
            return Effect::wrong_answer;
        return judge (disk_.write (Extent::of (foreign, 0, 1), buffer), Error::refused);
    }

    [[nodiscard]] static Effect judge (Error answer, Error expected)
    {
        if (answer == Error::unavailable)
            return cause_of_death ();
        return answer == expected ? Effect::none : Effect::wrong_answer;
    }

    [[nodiscard]] static Effect cause_of_death ()
    {
        // The supervisor looks at once if somebody needs the driver.
        rt::call (root::find_name (supervisor::name), supervisor::Need { "ide" });
        auto const about = describe ("ide");
        switch (about.last_reason) {
        case supervisor::Reason::silent: return Effect::silence;
        case supervisor::Reason::useless: return Effect::uselessness;
        default: break;
        }
        return about.last_status == root::status_fault ? Effect::fault : Effect::exit;
    }

    block::Disk disk_ {};
    Random& random_;
    Word version_ { 0 };
};

/// Size of the driver's code segment, from its file.
[[nodiscard]] Word text_size ()
{
    constexpr Word first_segment = 52;          // behind the file header
    constexpr Word file_size = 16;
    auto const module = rt::call (root::service (), root::FindModule { "ide" });
    REQUIRE (module.ok ());
    forget_window ();
    REQUIRE (root::map_module (module.value.index, 0, reinterpret_cast<Address> (window)));
    Word size = 0;
    __builtin_memcpy (&size, window + module.value.offset + first_segment + file_size,
                      sizeof size);
    forget_window ();
    return size;
}

[[nodiscard]] bool still_doubles (drivers::Device& bystander, l4::ThreadId life)
{
    drivers::Message message {};
    message.ask (fragile::Double { 21 });
    Word answer = 0;
    return bystander.ask (message) == Error::none && message.get (answer) && answer == 42
           && bystander.thread () == life;
}

}  // namespace

TEST_CASE ("FLT-001", "whatever becomes of a driver's text, it is replaced, and nobody is harmed",
           "")
{
    Awake const awake;
    constexpr Word above = 60;
    constexpr Word most_survived = 10;
    Word const wanted = mutations_per_time * selection.times;
    Word const size = text_size ();
    Random random { 1995 + selection.seed };
    static Word counts[effects];
    for (Word& count : counts)
        count = 0;
    drivers::Device bystander { "fragile" };
    REQUIRE (bystander.find ());
    l4::ThreadId const life = bystander.thread ();
    mutator.ordered = false;
    set_priority (rt::start_thread (9, mutator_stack.top (), mutate_on_order), above);

    Trial trial { random };
    Word done = 0;
    Word survived = 0;
    for (; done < wanted && trial.ready (); ++done) {
        Effect const effect = trial.run (draw (random, size));
        ++counts[static_cast<unsigned> (effect)];
        CHECK (still_doubles (bystander, life));
        survived = effect == Effect::none ? survived + 1 : 0;
        bool const answered_wrongly
            = effect == Effect::wrong_data || effect == Effect::wrong_answer;
        if (answered_wrongly || survived == most_survived) {
            rt::call (root::service (), root::KillByName { "ide" });
            survived = 0;
        }
    }
    CHECK (done != 0);
    CHECK (describe ("ide").longest_outage < a_second);
    rt::print ("# ", done, " mutations of ", size, " bytes, longest outage ",
               describe ("ide").longest_outage / 1000, " ms\n");
    for (std::size_t i = 0; i < effects; ++i)
        rt::print ("# effect ", effect_names[i], ": ", counts[i], "\n");
}
