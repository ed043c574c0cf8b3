// SPDX-License-Identifier: BSD-2-Clause
/// @file  A frame allocator over ordinary memory, for tests.
#pragma once

#include <core/frame_allocator.hpp>

#include <cstdlib>
#include <memory>

/// "Physical" addresses lie 10000000h below the addresses at which the memory really is.
class MemoryPool {
public:
    static constexpr l4::Word offset = 0x10000000;

    explicit MemoryPool (l4::Word frames)
        : memory_ { std::aligned_alloc (l4::page_size, frames * l4::page_size), std::free }
    {
        auto const begin = reinterpret_cast<l4::Address> (memory_.get ()) - offset;
        allocator.initialise (begin, begin + frames * l4::page_size, offset);
    }

    kernel::FrameAllocator allocator;

private:
    std::unique_ptr<void, decltype (&std::free)> memory_;
};
