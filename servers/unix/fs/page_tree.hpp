// SPDX-License-Identifier: BSD-2-Clause
/// @file  The pages of a file: a tree of tables that is as high as the file needs. A file of one
///        page has no table at all, and holes cost nothing.
///
/// Context: pure; host tests in tests/host/unix.
#pragma once

#include "budget.hpp"

namespace unix_server {

class PageTree {
public:
    /// Pages are numbered from 0 to below 2^20.
    static constexpr Word most_pages = 1 << 20;

    /// The frame of a page; 0: a hole
    [[nodiscard]] Address find (Word page) const;
    /// The same; a hole is filled with zeros. 0: no memory. @pre page < most_pages
    [[nodiscard]] Address make (Word page, FrameBudget& budget);
    /// Give back all pages from `page` on.
    void cut (Word page, FrameBudget& budget);

    /// How many pages are there.
    [[nodiscard]] Word count () const { return count_; }

private:
    static constexpr Word bits = 10;
    static constexpr Word entries = 1 << bits;

    [[nodiscard]] static Word* table_at (Address frame) { return reinterpret_cast<Word*> (frame); }
    [[nodiscard]] bool covers (Word page) const { return page >> height_ * bits == 0; }
    void cut (Address& entry, Word height, Word page, FrameBudget& budget);

    Address root_ { 0 };            ///< a page, or a table at `height_` levels above pages
    Word height_ { 0 };
    Word count_ { 0 };
};

}  // namespace unix_server
