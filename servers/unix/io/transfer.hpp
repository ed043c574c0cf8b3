// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a read or write moves: the caller's memory, in pieces, or the server's own.
#pragma once

#include <cstddef>
#include <span>

#include "../abi/system_call.hpp"
#include "../process/address_space.hpp"

namespace unix_server {

class Transfer {
public:
    /// Memory of a process: `vectors` stay where they are meanwhile.
    Transfer (AddressSpace& space, Frames& frames, std::span<IoVector const> vectors);
    /// Memory of the server.
    explicit Transfer (std::span<std::byte> memory);

    [[nodiscard]] Word size () const { return size_; }
    [[nodiscard]] Word done () const { return done_; }
    [[nodiscard]] Word rest () const { return size_ - done_; }

    /// Go on behind what an earlier try has done.
    void skip (Word bytes);

    /// Copy to or from the next bytes. @return how many: less than `bytes` where the process may
    ///         not write or read its memory. @pre bytes <= rest ()
    Word put (void const* from, Word bytes);
    Word take (void* to, Word bytes);
    Word put_zeros (Word bytes);

private:
    template <typename Copy>
    Word move (Word bytes, bool write, Copy copy);
    [[nodiscard]] std::span<std::byte> next (bool write);
    void advance (Word bytes);

    AddressSpace* space_ { nullptr };       ///< nullptr: the server's memory
    Frames* frames_ { nullptr };
    std::span<std::byte> memory_ {};
    std::span<IoVector const> vectors_ {};
    Word in_vector_ { 0 };                  ///< done of the first of them
    Word size_ { 0 };
    Word done_ { 0 };
};

}  // namespace unix_server
