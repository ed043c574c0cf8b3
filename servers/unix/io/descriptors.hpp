// SPDX-License-Identifier: BSD-2-Clause
/// @file  The descriptors of a process: small numbers for open files.
///
/// Context: pure; host tests in tests/host/unix.
#pragma once

#include <array>

#include "../abi/error.hpp"
#include "open_file.hpp"

namespace unix_server {

class Descriptors {
public:
    static constexpr Word capacity = 256;

    /// nullptr: not open
    [[nodiscard]] OpenFile* find (Word descriptor) const
    {
        return descriptor < capacity ? files_[descriptor] : nullptr;
    }

    /// The lowest that is not in use from `lowest` on. @return it, or EINVAL, EMFILE
    [[nodiscard]] Result find_free (Word lowest) const
    {
        if (lowest >= capacity)
            return Errno::invalid;
        for (Word descriptor = lowest; descriptor < capacity; ++descriptor)
            if (files_[descriptor] == nullptr)
                return descriptor;
        return Errno::too_many_files;
    }

    /// Let it be a file whose use is counted already.
    /// @return what it was before; the caller gives that back. @pre descriptor < capacity
    OpenFile* set (Word descriptor, OpenFile* file, bool close_on_exec)
    {
        OpenFile* const before = files_[descriptor];
        files_[descriptor] = file;
        set_close_on_exec (descriptor, close_on_exec);
        return before;
    }

    [[nodiscard]] bool close_on_exec (Word descriptor) const
    {
        return (close_on_exec_[descriptor / bits] >> descriptor % bits & 1) != 0;
    }
    void set_close_on_exec (Word descriptor, bool wanted)
    {
        Word const bit = Word { 1 } << descriptor % bits;
        Word& word = close_on_exec_[descriptor / bits];
        word = wanted ? word | bit : word & ~bit;
    }

    /// A copy for a child: all files have one more use.
    [[nodiscard]] Descriptors share () const
    {
        for (OpenFile* const file : files_)
            if (file != nullptr)
                ++file->uses;
        return *this;
    }

private:
    static constexpr Word bits = 32;

    std::array<OpenFile*, capacity> files_ {};
    std::array<Word, capacity / bits> close_on_exec_ {};
};

}  // namespace unix_server
