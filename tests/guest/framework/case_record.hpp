// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the running case has reported so far.
///
/// The case and its partners write, the supervisor reads once the case has ended. Partner threads
/// and the case may report at the same time: a slot is claimed by one atomic addition.
#pragma once

#include "tap.hpp"

namespace guest {

class CaseRecord {
public:
    static constexpr unsigned capacity = 8;

    void clear ();
    void add (Failure const& failure);
    void skip (char const* reason)
    {
        skip_reason_ = reason;
        skipped_ = true;
    }

    [[nodiscard]] Outcome outcome () const;
    /// Empty unless the outcome is `skipped`.
    [[nodiscard]] std::string_view skip_reason () const { return skip_reason_; }
    /// Failures kept; there may have been more.
    [[nodiscard]] unsigned kept () const { return failures_ < capacity ? failures_ : capacity; }
    [[nodiscard]] unsigned failures () const { return failures_; }
    [[nodiscard]] Failure const& failure (unsigned i) const { return kept_[i]; }

private:
    Failure kept_[capacity] {};
    unsigned volatile failures_ { 0 };
    std::string_view skip_reason_ {};
    bool skipped_ { false };
};

extern CaseRecord case_record;

}  // namespace guest
