// SPDX-License-Identifier: BSD-2-Clause
/// @file  Account of kernel memory: how much somebody uses and may use.
///
/// In bytes, so that frames and the small nodes carved from them share one account.
#pragma once

#include <lib/assert.hpp>
#include <l4/word.hpp>

namespace kernel {

class Quota {
public:
    static constexpr l4::Word unlimited = ~l4::Word { 0 };

    constexpr Quota () = default;
    constexpr explicit Quota (l4::Word limit) : limit_ { limit } {}
    // Whoever is charged is remembered by address.
    Quota (Quota const&) = delete;
    Quota& operator= (Quota const&) = delete;

    [[nodiscard]] l4::Word used () const { return used_; }
    [[nodiscard]] l4::Word limit () const { return limit_; }

    /// May lie below what is used: then nothing more is granted until enough came back.
    void set_limit (l4::Word bytes) { limit_ = bytes; }

    /// @return whether `bytes` were still allowed; if not, nothing changed
    [[nodiscard]] bool charge (l4::Word bytes)
    {
        if (used_ > limit_ || bytes > limit_ - used_)
            return false;
        used_ += bytes;
        return true;
    }

    void release (l4::Word bytes)
    {
        ASSERT (bytes <= used_);
        used_ -= bytes;
    }

private:
    l4::Word used_ { 0 };
    l4::Word limit_ { 0 };
};

}  // namespace kernel
