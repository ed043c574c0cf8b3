// SPDX-License-Identifier: BSD-2-Clause
/// @file  sigma0: ownership of frames, device memory and ports, and the requests about them.
#include <algorithm>
#include <iterator>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include <sigma0/requests.hpp>

namespace {

using l4::Address;
using l4::Fpage;
using l4::MemoryRange;
using l4::Word;
using sigma0::Answer;
using sigma0::MemoryOwners;

constexpr Word root = l4::root_task;
constexpr Word task_a = 9;
constexpr Word task_b = 2047;
constexpr Address kip_address = 0x0011F000;

std::unique_ptr<l4::KernelInfoPage> make_kip (Address memory_end)
{
    auto page = std::make_unique<l4::KernelInfoPage> ();
    page->version = l4::kip_version_classic;
    page->sigma0 = { 0x1C3000, 0x1C0000, 0x1C0000, 0x1C3000 };
    page->root = { 0, 0x1D0000, 0x1D0000, 0x1E0000 };
    page->classic = {};
    page->classic.main = { 0x1000, memory_end };
    page->classic.reserved0 = { 0x100000, 0x140000 };
    page->classic.reserved1 = { memory_end - 0x40000, memory_end };
    page->classic.semi_reserved = { 0xA0000, 0x100000 };
    page->classic.dedicated[0] = { 0x200000, 0x234567 };
    return page;
}

/// A machine with its sigma0. The table has a size as in the real one, but lies elsewhere.
struct Machine {
    explicit Machine (Address memory_end)
        : Machine { make_kip (memory_end) }
    {
    }

    explicit Machine (std::unique_ptr<l4::KernelInfoPage> page)
        : kip { std::move (page) }, map { *kip },
          table (MemoryOwners::entries (map.ram_end (), map.limit ())),
          place { map.find_free (table.size () * sizeof table[0]) }
    {
        requests->start (map, kip_address, table, place);
    }

    Answer ask (Word task, Word w0, Word w1 = 0) { return requests->answer (task, { w0, w1 }); }

    std::unique_ptr<l4::KernelInfoPage> kip;
    sigma0::MemoryMap map;
    std::vector<MemoryOwners::Owner> table;
    MemoryRange place;
    std::unique_ptr<sigma0::Requests> requests { std::make_unique<sigma0::Requests> () };
};

void expect_mapping (Answer answer, Word send_base, Fpage fpage)
{
    EXPECT_EQ (answer.kind, Answer::Kind::mapping);
    EXPECT_EQ (answer.words.w0, send_base);
    EXPECT_EQ (answer.words.w1, fpage.raw ());
}

void expect_no (Answer answer)
{
    EXPECT_EQ (answer.kind, Answer::Kind::words);
    EXPECT_EQ (answer.words.w0, 0u);
    EXPECT_EQ (answer.words.w1, 0u);
}

TEST (Sigma0, PageFaultOnFreeMemoryMapsThatFrameWritable)
{
    Machine machine { 0x400000 };
    expect_mapping (machine.ask (root, 0x00300A56, 0x1D0123), 0x300000,
                    Fpage::memory (0x300000, 12));
}

TEST (Sigma0, OwnersMayAskAgainAndOthersAreRefused)
{
    Machine machine { 0x400000 };
    machine.ask (task_a, 0x300000);
    expect_mapping (machine.ask (task_a, 0x300000), 0x300000, Fpage::memory (0x300000, 12));
    expect_no (machine.ask (task_b, 0x300000));
    expect_no (machine.ask (root, 0x300FFC));
}

TEST (Sigma0, ImageAndModulesBelongToTheRootTask)
{
    Machine machine { 0x400000 };
    expect_no (machine.ask (task_a, 0x1D0000));
    expect_no (machine.ask (task_a, 0x234000));
    expect_mapping (machine.ask (root, 0x1D0000), 0x1D0000, Fpage::memory (0x1D0000, 12));
    expect_mapping (machine.ask (root, 0x234000), 0x234000, Fpage::memory (0x234000, 12));
    expect_mapping (machine.ask (task_a, 0x235000), 0x235000, Fpage::memory (0x235000, 12));
}

TEST (Sigma0, NobodyGetsTheKernelSigma0OrTheFirstPage)
{
    Machine machine { 0x400000 };
    for (Address const address : { 0x0u, 0x100000u, 0x13FFFCu, 0x1C0000u, 0x1C2000u, 0x3C0000u })
        expect_no (machine.ask (root, address));
}

TEST (Sigma0, NobodyGetsTheTableOfOwners)
{
    Machine machine { 0x400000 };
    EXPECT_EQ (machine.place.low, 0x3BF000u);
    EXPECT_EQ (machine.place.high, 0x3C0000u);
    expect_no (machine.ask (root, machine.place.low));
}

TEST (Sigma0, AdapterMemoryIsGivenByAddressOnly)
{
    Machine machine { 0x400000 };
    expect_mapping (machine.ask (root, 0xB8000), 0xB8000, Fpage::memory (0xB8000, 12));
    expect_no (machine.ask (task_a, 0xB8000));
}

TEST (Sigma0, AddressesBehindTheMemoryAreRefused)
{
    Machine machine { 0x400000 };
    expect_no (machine.ask (root, 0x400000));
    expect_no (machine.ask (root, 0x3FFFFFFC));
}

TEST (Sigma0, AnyPageGivesDistinctFreePagesFromTheTopUntilNoneIsLeft)
{
    Machine machine { 0x400000 };
    Address previous = 0x3BF000;
    unsigned pages = 0;
    for (;;) {
        Answer const answer = machine.ask (task_a, 0xFFFFFFFC, 7);
        if (answer.kind == Answer::Kind::words) {
            expect_no (answer);
            break;
        }
        Address const address = answer.words.w0;
        expect_mapping (answer, address, Fpage::memory (address, 12));
        EXPECT_LT (address, previous);
        EXPECT_TRUE (address < 0xA0000 || address >= 0x140000) << address;
        EXPECT_FALSE (address >= 0x1C0000 && address < 0x1C3000) << address;
        EXPECT_FALSE (address >= 0x1D0000 && address < 0x1E0000) << address;
        EXPECT_FALSE (address >= 0x200000 && address < 0x235000) << address;
        previous = address;
        ++pages;
    }
    // 1 MB to 4 MB without kernel, kernel memory, sigma0, root, modules, table; and low memory.
    EXPECT_EQ (pages, 768u - 64 - 64 - 3 - 16 - 53 - 1 + 159);
}

TEST (Sigma0, AnyPageSkipsWhatWasTakenByAddress)
{
    Machine machine { 0x400000 };
    machine.ask (task_b, 0x3BE000);
    EXPECT_EQ (machine.ask (task_a, 0xFFFFFFFC).words.w0, 0x3BD000u);
}

TEST (Sigma0, AnyPageIgnoresTheWriteBit)
{
    Machine machine { 0x400000 };
    EXPECT_EQ (machine.ask (task_a, 0xFFFFFFFE).words.w0, 0x3BE000u);
}

TEST (Sigma0, FreeSuperpageIsGivenWhole)
{
    Machine machine { 0x2000000 };
    Answer const answer = machine.ask (task_a, 0x0080A001, 22 << 2);
    expect_mapping (answer, 0x800000, Fpage::memory (0x800000, 22));
    EXPECT_EQ (answer.take_back, Fpage::memory (0x800000, 22));
    expect_no (machine.ask (task_b, 0xBFF000));
}

TEST (Sigma0, SuperpageWithAForeignPageFallsBackToOnePage)
{
    Machine machine { 0x2000000 };
    machine.ask (task_b, 0x9FF000);
    expect_mapping (machine.ask (task_a, 0x0080A001, 22 << 2), 0x80A000,
                    Fpage::memory (0x80A000, 12));
    // The other pages were not taken.
    expect_mapping (machine.ask (task_b, 0x80B000), 0x80B000, Fpage::memory (0x80B000, 12));
    expect_no (machine.ask (task_a, 0x009FF001, 22 << 2));
}

TEST (Sigma0, SuperpageAboveTheMemoryIsDeviceMemory)
{
    Machine machine { 0x2000000 };
    expect_mapping (machine.ask (task_a, 0x08000001, 22 << 2), 0x8000000,
                    Fpage::memory (0x8000000, 22));
    expect_no (machine.ask (task_b, 0x08001001, 22 << 2));
}

TEST (Sigma0, OddAddressWithAnotherSizeIsNoRequest)
{
    Machine machine { 0x2000000 };
    expect_no (machine.ask (task_a, 0x00800001, 12 << 2));
    expect_no (machine.ask (task_a, 0x00800003, 2));
}

TEST (Sigma0, DeviceWindowNamesPhysicalMemoryOneGigabyteAbove)
{
    Machine machine { 0x2000000 };
    expect_mapping (machine.ask (task_a, 0xA0123458), 0xA0000000,
                    Fpage::memory (0xA0000000, 22));
    expect_no (machine.ask (task_b, 0xA0000000));
    expect_mapping (machine.ask (task_a, 0xA03FFFFC), 0xA0000000,
                    Fpage::memory (0xA0000000, 22));
    expect_no (machine.ask (task_a, 0xA0000001));
    expect_no (machine.ask (task_a, 0xC0000000));
}

TEST (Sigma0, MemoryIsNoDevice)
{
    Machine machine { 0xC0000000 };
    expect_no (machine.ask (root, 0x40000000));
    expect_no (machine.ask (root, 0x7FFFFFFC));
    expect_mapping (machine.ask (root, 0x80000000), 0x80000000, Fpage::memory (0x80000000, 22));
}

TEST (Sigma0, ThreeGigabytesOfMemoryAreServedUpToTheFirst)
{
    Machine machine { 0xC0000000 };
    EXPECT_EQ (machine.table.size (), 0x40000u);
    EXPECT_EQ (machine.place.high, 0x40000000u);
    EXPECT_EQ (machine.ask (root, 0xFFFFFFFC).words.w0, 0x40000000u - 0x80000 - 0x1000);
}

TEST (Sigma0, TheTableAvoidsEverythingThatIsTaken)
{
    auto const kip = make_kip (0x400000);
    kip->classic.dedicated[1] = { 0x3A0000, 0x3BFF00 };
    MemoryRange const place = sigma0::MemoryMap { *kip }.find_free (0x3000);
    EXPECT_EQ (place.low, 0x39D000u);
    EXPECT_EQ (place.high, 0x3A0000u);
}

TEST (Sigma0, NoPlaceForTheTableIsReported)
{
    auto const kip = make_kip (0x400000);
    kip->classic.dedicated[1] = { 0x1000, 0x400000 };
    EXPECT_TRUE (sigma0::MemoryMap { *kip }.find_free (0x1000).is_empty ());
}

TEST (Sigma0, AnybodyGetsTheKernelInfoPageReadOnly)
{
    Machine machine { 0x400000 };
    for (Word const task : { root, task_a, task_b, task_a })
        expect_mapping (machine.ask (task, 1, 1), kip_address,
                        Fpage::memory (kip_address, 12, l4::Access::read_only));
}

TEST (Sigma0, NobodyIsToldTheKernelsShareOfMemory)
{
    Machine machine { 0x400000 };
    expect_no (machine.ask (0, 1, 0));
    expect_no (machine.ask (task_a, 1, 0xFF));
}

TEST (Sigma0, PortsGoToTheFirstTask)
{
    Machine machine { 0x400000 };
    Word const com1 = Fpage::io (0x3F8, 3).raw ();
    expect_mapping (machine.ask (root, com1, 0x1234), 0, Fpage::io (0x3F8, 3));
    expect_no (machine.ask (task_a, Fpage::io (0x3FF, 0).raw ()));
    expect_mapping (machine.ask (task_a, Fpage::io (0x400, 0).raw ()), 0, Fpage::io (0x400, 0));
    expect_no (machine.ask (task_a, Fpage::whole_io ().raw ()));
}

TEST (Sigma0, AnIoFaultWithItsWriteBitIsARequestForPorts)
{
    Machine machine { 0x400000 };
    expect_mapping (machine.ask (root, Fpage::io (0xF4, 2).raw () | 2, 0x10000), 0,
                    Fpage::io (0xF4, 2));
}

TEST (Sigma0, AllPortsAreOneRequest)
{
    Machine machine { 0x400000 };
    machine.ask (task_a, Fpage::io (0x60, 0).raw ());
    expect_mapping (machine.ask (task_a, Fpage::whole_io ().raw ()), 0, Fpage::whole_io ());
    expect_no (machine.ask (task_b, Fpage::io (0x61, 0).raw ()));
}

TEST (Sigma0, WordsThatLookLikePortsButAreNotAreRefused)
{
    Machine machine { 0x400000 };
    expect_no (machine.ask (root, 0xF03F830C));
    for (Word const w0 : { 0xFFFFFF00u, 0xFFFFFFB0u, 0xFFFFFFC0u, 0xFFFFFF61u, 0xFFFFFFFDu })
        expect_no (machine.ask (root, w0, 0x300030));
}

TEST (Sigma0, LaterRequestsForMemoryGiveOnePageOrFourMegabytes)
{
    Machine machine { 0x2000000 };
    Word const one = Fpage::memory (0x801000, 12).raw ();
    expect_mapping (machine.ask (task_a, 0xFFFFFF60, one), 0x801000,
                    Fpage::memory (0x801000, 12));
    expect_no (machine.ask (task_b, 0xFFFFFF60, one));
    Word const large = Fpage::memory (0x800000, 22).raw ();
    expect_no (machine.ask (task_b, 0xFFFFFF60, large));
    Answer const answer = machine.ask (task_a, 0xFFFFFF60, large);
    expect_mapping (answer, 0x800000, Fpage::memory (0x800000, 22));
    EXPECT_EQ (answer.take_back, Fpage::memory (0x800000, 22));
    expect_no (machine.ask (task_a, 0xFFFFFF60, 0x801004));
}

TEST (Sigma0, LaterRequestsForAnyMemoryHaveASize)
{
    Machine machine { 0x2000000 };
    expect_mapping (machine.ask (task_a, 0xFFFFFF90, 12 << 2), 0x1FBB000,
                    Fpage::memory (0x1FBB000, 12));
    expect_mapping (machine.ask (task_a, 0xFFFFFF90, 22 << 2), 0x1800000,
                    Fpage::memory (0x1800000, 22));
    expect_no (machine.ask (task_a, 0xFFFFFF90, 13 << 2));
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ (machine.ask (task_a, 0xFFFFFF90, 22 << 2).kind, Answer::Kind::mapping);
    expect_no (machine.ask (task_a, 0xFFFFFF90, 22 << 2));
    EXPECT_EQ (machine.ask (task_a, 0xFFFFFF90, 12 << 2).words.w0, 0x1FBA000u);
}

TEST (Sigma0, LaterRequestsForDevicesGiveNoMemory)
{
    Machine machine { 0x2000000 };
    for (Word const w0 : { 0xFFFFFF70u, 0xFFFFFF80u }) {
        expect_no (machine.ask (task_a, w0, Fpage::memory (0x800000, 12).raw ()));
        expect_no (machine.ask (task_a, w0, Fpage::memory (0x800000, 22).raw ()));
        expect_no (machine.ask (task_a, w0, Fpage::memory (0x40000000, 22).raw ()));
        expect_mapping (machine.ask (task_a, w0, Fpage::memory (0xB8000, 12).raw ()), 0xB8000,
                        Fpage::memory (0xB8000, 12));
        expect_mapping (machine.ask (task_a, w0, Fpage::memory (0xFEE00000, 12).raw ()),
                        0xBEE00000, Fpage::memory (0xBEE00000, 12));
        expect_mapping (machine.ask (task_a, w0, 0xFFC00000 | 22 << 2), 0xBFC00000,
                        Fpage::memory (0xBFC00000, 22));
        expect_mapping (machine.ask (task_a, w0, Fpage::memory (0x8001000, 12).raw ()),
                        0x8001000, Fpage::memory (0x8001000, 12));
    }
    expect_no (machine.ask (task_b, 0xFFFFFF70, Fpage::memory (0xFEE01000, 12).raw ()));
    expect_no (machine.ask (task_b, 0xFFFFFF70, Fpage::memory (0xB8000, 12).raw ()));
}

TEST (Sigma0, TheLaterRequestForTheKernelInfoPageIsTheSame)
{
    Machine machine { 0x400000 };
    expect_mapping (machine.ask (task_b, 0xFFFFFFA0, 0), kip_address,
                    Fpage::memory (kip_address, 12, l4::Access::read_only));
}

TEST (Sigma0, TooManyPortRangesAreRefusedNotForgotten)
{
    Machine machine { 0x400000 };
    unsigned given = 0;
    for (Word port = 0; port < 1024; port += 2)
        if (machine.ask (task_a, Fpage::io (port, 0).raw ()).kind == Answer::Kind::mapping)
            ++given;
    EXPECT_EQ (given, 256u);
    expect_no (machine.ask (task_b, Fpage::io (0, 0).raw ()));
    expect_mapping (machine.ask (task_a, Fpage::io (0, 0).raw ()), 0, Fpage::io (0, 0));
}

/// 32 MB in the 2007 form, with a hole for an adapter from 15 to 16 MB.
std::unique_ptr<l4::KernelInfoPage> make_2007_kip ()
{
    using Type = l4::MemoryDescriptor::Type;
    auto page = make_kip (0);
    page->version = l4::kip_version_2007;
    page->form_2007 = {};
    l4::MemoryDescriptor const all[] = {
        { Type::conventional, 0, 0x9FC00 },         { Type::conventional, 0x100000, 0xF00000 },
        { Type::conventional, 0x1000000, 0x2000000 }, { Type::architecture, 0xA0000, 0x100000 },
        { Type::reserved, 0x100000, 0x140000 },     { Type::boot_loader, 0x200000, 0x234400 },
        { Type::dedicated, 0xF00000, 0xF80000 },    { Type::reserved, 0x1F00000, 0x2000000 },
        { Type::shared, 0xFEC00000, 0xFEC01000 },
    };
    std::copy (std::begin (all), std::end (all), page->descriptors);
    page->memory_info = l4::KernelInfoPage::descriptors_offset << 16 | std::size (all);
    return page;
}

TEST (Sigma0, The2007FormSaysWhoseMemoryIs)
{
    Machine machine { make_2007_kip () };
    EXPECT_EQ (machine.map.ram_end (), 0x2000000u);
    EXPECT_EQ (machine.place.high, 0x1F00000u);
    // RAM, also behind a hole, and the root task's own.
    for (Address const address : { 0x1000u, 0x9E000u, 0x300000u, 0x1000000u })
        expect_mapping (machine.ask (task_a, address), address, Fpage::memory (address, 12));
    expect_mapping (machine.ask (root, 0x1D0000), 0x1D0000, Fpage::memory (0x1D0000, 12));
    expect_mapping (machine.ask (root, 0x234000), 0x234000, Fpage::memory (0x234000, 12));
    expect_no (machine.ask (task_a, 0x1DF000));
    expect_no (machine.ask (task_a, 0x233000));
    // A page that is RAM in part, the kernel's, sigma0's, a hole.
    for (Address const address : { 0x0u, 0x9F000u, 0x100000u, 0x1C0000u, 0x1F00000u, 0xF90000u })
        expect_no (machine.ask (root, address));
    // Device memory below the end of RAM.
    expect_mapping (machine.ask (root, 0xB8000), 0xB8000, Fpage::memory (0xB8000, 12));
    expect_mapping (machine.ask (root, 0xF00000), 0xF00000, Fpage::memory (0xF00000, 12));
}

TEST (Sigma0, The2007FormHasNoDeviceWindow)
{
    Machine machine { make_2007_kip () };
    expect_no (machine.ask (root, 0x40000000));
    expect_no (machine.ask (root, 0xA0000000));
}

TEST (Sigma0, The2007FormNamesDeviceMemoryByItsPhysicalAddress)
{
    Machine machine { make_2007_kip () };
    Word const uncached = Fpage::memory (0x80000000, 22).raw () | 0x200;
    expect_mapping (machine.ask (root, 0xFFFFFF70, Fpage::memory (0x80123000, 22).raw ()),
                    0x80000000, Fpage { uncached });
    expect_mapping (machine.ask (root, 0xFFFFFF80, Fpage::memory (0x80123000, 12).raw ()),
                    0x80123000, Fpage::memory (0x80123000, 12));
    expect_no (machine.ask (task_a, 0xFFFFFF80, Fpage::memory (0x80123000, 12).raw ()));
    // Where an fpage of memory looks like one of ports.
    Answer const high = machine.ask (task_a, 0xFFFFFF70, 0xFEC00000 | 12 << 2);
    EXPECT_EQ (high.words.w0, 0xFEC00000u);
    EXPECT_EQ (high.words.w1, 0xFEC00000u | 12 << 2 | 2 | 0x200);
}

TEST (Sigma0, The2007FormGivesMemoryAboveOneGigabyte)
{
    auto kip = make_2007_kip ();
    kip->descriptors[2] = { l4::MemoryDescriptor::Type::conventional, 0x1000000, 0x80000000 };
    Machine machine { std::move (kip) };
    expect_mapping (machine.ask (root, 0x60000000), 0x60000000, Fpage::memory (0x60000000, 12));
    EXPECT_GT (machine.place.low, 0x7F000000u);
}

TEST (Sigma0, The2007FormMayDescribeTheEndOfTheAddressSpace)
{
    auto kip = make_2007_kip ();
    kip->descriptors[8] = { l4::MemoryDescriptor::Type::architecture, 0xFFF00000, 0 };
    Machine machine { std::move (kip) };
    EXPECT_EQ (machine.map.ram_end (), 0x2000000u);
    expect_mapping (machine.ask (root, 0x300000), 0x300000, Fpage::memory (0x300000, 12));
}

}  // namespace
