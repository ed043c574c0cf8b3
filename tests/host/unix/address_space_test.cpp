// SPDX-License-Identifier: BSD-2-Clause
/// @file  Memory of processes: regions, copy on write, and random operations against a model.
///
/// The frames are the test's own memory. `revoke` keeps count of what processes would still have
/// mapped, so that no frame is ever changed or used again behind their backs.
#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <vector>

#include <sys/mman.h>

#include <gtest/gtest.h>

#include <unix/fs/content.hpp>
#include <unix/process/address_space.hpp>

namespace {

using namespace unix_server;
using l4::page_size;

/// Frames that some process may have mapped, and those that it could write to.
std::set<Address> mapped;
std::set<Address> writable;

}  // namespace

void unix_server::revoke (Address frame, Revoke what)
{
    writable.erase (frame);
    if (what == Revoke::all)
        mapped.erase (frame);
}

// Regions that show files, and the file's pages: a file system's work, in short.

int mappings = 0;
FrameBudget file_budget;

void unix_server::begin_mapping (Node&) { ++mappings; }

void unix_server::end_mapping (Node&) { --mappings; }

Address unix_server::share_file_page (Node& file, Word page)
{
    return frame_to_map (file, page, file_budget);
}

namespace {

class Memory : public testing::Test {
protected:
    static constexpr Word count = 64;

    Memory ()
    {
        mapped.clear ();
        writable.clear ();
        area_ = mmap (nullptr, count * page_size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        frames = Frames { reinterpret_cast<Address> (area_), count };
    }
    ~Memory () override { munmap (area_, count * page_size); }

    /// A page fault of a process, answered. @return whether it goes on
    bool touch (AddressSpace& space, Address at, bool write)
    {
        Resolved const found = space.resolve (at, write, frames);
        if (found.kind != Resolved::Kind::mapped)
            return false;
        EXPECT_TRUE (found.writable || !write);
        EXPECT_TRUE (frames.uses (found.frame) == 1 || !found.writable);
        mapped.insert (found.frame);
        if (found.writable)
            writable.insert (found.frame);
        return true;
    }
    unsigned value_at (AddressSpace& space, Address at)
    {
        unsigned value = 0xDEAD;
        EXPECT_TRUE (space.read (value, at, frames));
        return value;
    }

    Frames frames {};

private:
    void* area_;
};

constexpr Region heap { 0x08000000, 0x08004000, true, true };

TEST_F (Memory, ComesWhenItIsTouched)
{
    AddressSpace space;
    ASSERT_TRUE (space.create (frames));
    EXPECT_FALSE (touch (space, heap.begin, false));
    ASSERT_TRUE (space.map (heap, frames));
    EXPECT_EQ (frames.free_count (), count - 1);
    EXPECT_EQ (value_at (space, heap.end - 4), 0u);
    unsigned const crossing = 0x01020304;
    EXPECT_TRUE (space.write (heap.begin + page_size - 2, crossing, frames));
    EXPECT_EQ (value_at (space, heap.begin + page_size - 2), crossing);
    EXPECT_FALSE (space.write (heap.end - 2, crossing, frames)) << "half of it is outside";
    EXPECT_FALSE (space.write (0xFFFFFFFE, crossing, frames)) << "wraps around";
    EXPECT_FALSE (touch (space, heap.end, true));
    space.destroy (frames);
    EXPECT_EQ (frames.free_count (), count);
}

TEST_F (Memory, IsCopiedByTheFirstWrite)
{
    AddressSpace parent;
    AddressSpace child;
    ASSERT_TRUE (parent.create (frames) && child.create (frames) && parent.map (heap, frames));
    ASSERT_TRUE (parent.write (heap.begin, 1u, frames));
    ASSERT_TRUE (touch (parent, heap.begin, true));
    ASSERT_TRUE (parent.copy_to (child, frames));
    EXPECT_TRUE (writable.empty ()) << "the parent must fault before it writes";
    ASSERT_TRUE (child.write (heap.begin, 2u, frames));
    EXPECT_EQ (value_at (parent, heap.begin), 1u);
    EXPECT_EQ (value_at (child, heap.begin), 2u);
    EXPECT_TRUE (touch (parent, heap.begin, true)) << "it is alone again";
    parent.destroy (frames);
    child.destroy (frames);
    EXPECT_EQ (frames.free_count (), count);
}

TEST_F (Memory, HasRightsByThePage)
{
    AddressSpace space;
    ASSERT_TRUE (space.create (frames) && space.map (heap, frames));
    ASSERT_TRUE (touch (space, heap.begin + page_size, true));
    Region const middle { heap.begin + page_size, heap.begin + 2 * page_size, true, false };
    ASSERT_TRUE (space.protect (middle));
    EXPECT_TRUE (mapped.empty ());
    EXPECT_FALSE (touch (space, middle.begin, true));
    EXPECT_TRUE (touch (space, middle.begin, false));
    EXPECT_TRUE (touch (space, heap.begin, true));
    EXPECT_TRUE (touch (space, middle.end, true));
    EXPECT_FALSE (space.protect ({ heap.begin, heap.end + page_size, true, true })) << "a hole";
    EXPECT_FALSE (space.map ({ layout::user_end, layout::user_end + page_size, true, true },
                             frames)) << "the emulation page";
    space.destroy (frames);
}

TEST_F (Memory, EndsWithAnErrorWhenThereIsNone)
{
    AddressSpace space;
    AddressSpace child;
    Region const large { 0x08000000, 0x08000000 + count * page_size, true, true };
    ASSERT_TRUE (space.create (frames) && child.create (frames) && space.map (large, frames));
    Address at = large.begin;
    while (touch (space, at, true))
        at += page_size;
    EXPECT_EQ (frames.free_count (), 0u);
    EXPECT_EQ (space.resolve (at, true, frames).kind, Resolved::Kind::no_memory);
    EXPECT_FALSE (space.copy_to (child, frames));
    child.destroy (frames);
    space.destroy (frames);
    EXPECT_EQ (frames.free_count (), count);
}

TEST_F (Memory, FindsThePlaceBelowTheHighest)
{
    AddressSpace space;
    ASSERT_TRUE (space.create (frames));
    Address const first = space.find_place (1);
    EXPECT_EQ (first, layout::mappings_end - page_size);
    ASSERT_TRUE (space.map ({ first, first + page_size, true, true }, frames));
    EXPECT_EQ (space.find_place (2 * page_size), first - 2 * page_size);
    EXPECT_EQ (space.find_place (0xFFFFFFFF), 0u);
    EXPECT_EQ (space.find_place (0), 0u);
    space.destroy (frames);
}

class MappedFile : public Memory {
protected:
    static constexpr Address begin = 0x08000000;
    static constexpr Word whole_pages = 2;

    MappedFile ()
    {
        for (Word i = 0; i < content.size (); ++i)
            content[i] = std::byte (i / page_size + 1);
        file.mode = mode::regular;
        file.origin = content;
        file.size = static_cast<Word> (content.size ());
        file_budget = { frames, 4 };
        mappings = 0;
        EXPECT_TRUE (space.create (frames));
    }
    ~MappedFile () override
    {
        space.destroy (frames);
        EXPECT_EQ (mappings, 0);
        file.pages.cut (0, file_budget);
        file.mapped.cut (0, file_budget);
        EXPECT_EQ (frames.free_count (), count);
    }
    Region region (Word pages, Word bytes, bool is_writable = true)
    {
        return { begin, begin + pages * page_size, true, is_writable, &file, 0, bytes };
    }
    unsigned byte_at (AddressSpace& in, Address at)
    {
        std::byte value { 0xEE };
        EXPECT_TRUE (in.read (value, at, frames));
        return static_cast<unsigned> (value);
    }

    std::vector<std::byte> content { std::vector<std::byte> (whole_pages * page_size + 100) };
    Node file {};
    AddressSpace space {};
};

TEST_F (MappedFile, IsThereOnceForAllWhoReadIt)
{
    AddressSpace other;
    ASSERT_TRUE (other.create (frames));
    ASSERT_TRUE (space.map (region (2, 2 * page_size), frames));
    ASSERT_TRUE (other.map (region (2, 2 * page_size), frames));
    EXPECT_EQ (byte_at (space, begin + page_size), 2u);
    EXPECT_EQ (byte_at (other, begin + page_size), 2u);
    EXPECT_EQ (space.resolve (begin + page_size, false, frames).frame,
               other.resolve (begin + page_size, false, frames).frame);
    EXPECT_FALSE (space.resolve (begin + page_size, false, frames).writable);
    EXPECT_TRUE (space.write (begin + page_size, 0xFFu, frames));
    EXPECT_EQ (byte_at (space, begin + page_size), 0xFFu);
    EXPECT_EQ (byte_at (other, begin + page_size), 2u);
    EXPECT_EQ (content[page_size], std::byte { 2 });
    EXPECT_EQ (mappings, 2);
    other.destroy (frames);
    EXPECT_EQ (mappings, 1);
}

TEST_F (MappedFile, EndsInZerosAndThenInNothing)
{
    ASSERT_TRUE (space.map (region (5, page_size + 50), frames));
    EXPECT_EQ (byte_at (space, begin + page_size + 49), 2u);
    EXPECT_EQ (byte_at (space, begin + page_size + 50), 0u) << "as a program's data end";
    EXPECT_EQ (byte_at (space, begin + 4 * page_size), 0u);
    ASSERT_TRUE (space.map (region (5, 5 * page_size), frames));
    EXPECT_EQ (byte_at (space, begin + 2 * page_size + 99), 3u);
    EXPECT_EQ (byte_at (space, begin + 2 * page_size + 100), 0u);
    EXPECT_EQ (space.resolve (begin + 3 * page_size, false, frames).kind,
               Resolved::Kind::beyond_file);
}

TEST_F (MappedFile, CanBeCutAndCopied)
{
    ASSERT_TRUE (space.map (region (3, 3 * page_size), frames));
    ASSERT_TRUE (space.unmap (begin + page_size, begin + 2 * page_size, frames));
    EXPECT_EQ (mappings, 2);
    EXPECT_EQ (byte_at (space, begin + 2 * page_size), 3u);
    ASSERT_TRUE (space.protect ({ begin, begin + page_size, true, false }));
    EXPECT_EQ (byte_at (space, begin), 1u);
    AddressSpace child;
    ASSERT_TRUE (child.create (frames) && space.copy_to (child, frames));
    EXPECT_EQ (mappings, 4);
    EXPECT_EQ (byte_at (child, begin), 1u);
    EXPECT_EQ (byte_at (child, begin + 2 * page_size), 3u);
    child.destroy (frames);
}

TEST_F (MappedFile, IsCopiedWhereItsPagesAreTooMany)
{
    file_budget = { frames, 0 };
    ASSERT_TRUE (space.map (region (2, 2 * page_size), frames));
    EXPECT_EQ (byte_at (space, begin), 1u);
    EXPECT_TRUE (space.resolve (begin, false, frames).writable);
}

TEST_F (MappedFile, FollowsTheFile)
{
    ASSERT_TRUE (space.map (region (3, 3 * page_size, false), frames));
    EXPECT_EQ (write_content (file, 0, "x", 1, file_budget), 1u);
    EXPECT_EQ (byte_at (space, begin), 'x') << "a page that is touched later";
    EXPECT_EQ (write_content (file, 1, "y", 1, file_budget), 1u);
    EXPECT_EQ (byte_at (space, begin + 1), 'y') << "a page that is the file's own";
    resize (file, 10, file_budget);
    EXPECT_EQ (byte_at (space, begin), 'x');
    EXPECT_EQ (space.resolve (begin + page_size, false, frames).kind,
               Resolved::Kind::beyond_file);
}

/// One word per page, as a process would see it.
struct Page {
    unsigned value { 0 };
    bool writable { true };
};
using Model = std::map<Address, Page>;

TEST_F (Memory, DoesWhatTheModelDoes)
{
    constexpr Word pages = 10;
    std::mt19937 random { 3 };
    std::vector<AddressSpace> spaces (2);
    std::vector<Model> models (2);
    ASSERT_TRUE (spaces[0].create (frames) && spaces[1].create (frames));
    for (unsigned round = 1; round < 40'000; ++round) {
        unsigned const who = random () % 2;
        AddressSpace& space = spaces[who];
        Model& model = models[who];
        Address const begin = heap.begin + random () % pages * page_size;
        Address const end = begin + (1 + random () % 3) * page_size;
        bool const right = random () % 2 == 0;
        switch (random () % 6) {
        case 0:
            ASSERT_TRUE (space.map ({ begin, end, true, right }, frames));
            for (Address at = begin; at < end; at += page_size)
                model[at] = { 0, right };
            break;
        case 1:
            ASSERT_TRUE (space.unmap (begin, end, frames));
            model.erase (model.lower_bound (begin), model.lower_bound (end));
            break;
        case 2: {
            bool whole = true;
            for (Address at = begin; at < end; at += page_size)
                whole = whole && model.contains (at);
            ASSERT_EQ (space.protect ({ begin, end, true, right }), whole);
            for (Address at = begin; whole && at < end; at += page_size)
                model[at].writable = right;
            break;
        }
        case 3:
            if (round % 16 == 0) {
                spaces[1 - who].destroy (frames);
                ASSERT_TRUE (spaces[1 - who].create (frames));
                ASSERT_TRUE (space.copy_to (spaces[1 - who], frames));
                ASSERT_TRUE (writable.empty ());
                models[1 - who] = model;
            }
            break;
        default: {
            auto const page = model.find (begin);
            bool const allowed = page != model.end () && page->second.writable;
            ASSERT_EQ (space.write (begin, round, frames), allowed);
            if (allowed)
                page->second.value = round;
            ASSERT_EQ (touch (space, begin, right),
                       page != model.end () && (!right || page->second.writable));
        }
        }
        for (unsigned n = 0; n < 2; ++n)
            for (auto const& [at, page] : models[n])
                ASSERT_EQ (value_at (spaces[n], at), page.value) << round;
    }
    for (AddressSpace& space : spaces)
        space.destroy (frames);
    EXPECT_EQ (frames.free_count (), count);
}

TEST_F (Memory, TheLowestFreeFrameIsUsed)
{
    std::vector<Address> all;
    for (Word i = 0; i < count; ++i)
        all.push_back (frames.allocate ());
    EXPECT_TRUE (std::is_sorted (all.begin (), all.end ()));
    EXPECT_EQ (frames.allocate (), 0u);
    for (Word const i : { 40u, 3u, 17u })
        EXPECT_TRUE (frames.release (all[i]));
    for (Word const i : { 3u, 17u, 40u })
        EXPECT_EQ (frames.allocate (), all[i]);
    EXPECT_EQ (frames.allocate (), 0u);
    EXPECT_EQ (frames.free_count (), 0u);
}

}  // namespace
