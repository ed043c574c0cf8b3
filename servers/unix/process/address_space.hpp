// SPDX-License-Identifier: BSD-2-Clause
/// @file  The memory of a process: regions say what may be there, pages what is.
///
/// Pages come as they are touched, full of zeros. A fork shares all pages; a frame with more than
/// one use is mapped read-only, and the first write gets a copy. Whenever a page that a process
/// may have mapped changes, `revoke` takes it back from all processes; they fault again.
///
/// A region can show a file: its pages are the file's own until they are written, so that all
/// processes that execute a program have it once.
///
/// Invariant: regions are in ascending order, apart from each other, and whole pages below
/// layout::user_end.
/// Context: pure but for `revoke`; host tests in tests/host/servers.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "../abi/error.hpp"
#include "../fs/node.hpp"
#include "frames.hpp"
#include "layout.hpp"

namespace unix_server {

/// Take back what processes have mapped of a frame: everything, or the right to write.
enum class Revoke { all, write };
void revoke (Address frame, Revoke what);

/// What an address space wants of files. The server defines it by its file system.
/// A region begins, or ceases, to show a file.
void begin_mapping (Node& file);
void end_mapping (Node& file);
/// The frame of a page of a file, with one more use; 0: no memory, or beyond the end
[[nodiscard]] Address share_file_page (Node& file, Word page);

struct Region {
    Address begin { 0 };
    Address end { 0 };
    bool readable { false };
    bool writable { false };
    Node* file { nullptr };         ///< that is shown; nullptr: none
    Word file_offset { 0 };         ///< of `begin`, a multiple of the page size
    Word file_bytes { 0 };          ///< how much of the region shows it; the rest is zeros
};

/// What a page fault gets.
struct Resolved {
    enum class Kind { mapped, forbidden, no_memory, beyond_file };
    Kind kind;
    Address frame { 0 };
    bool writable { false };
};

class AddressSpace {
public:
    static constexpr std::size_t most_regions = 48;

    /// Empty. @return false: no memory
    [[nodiscard]] bool create (Frames& frames);
    /// Give everything back.
    void destroy (Frames& frames);

    /// Demand-zero memory instead of whatever is there. @pre whole pages
    [[nodiscard]] bool map (Region const& region, Frames& frames);
    [[nodiscard]] bool unmap (Address begin, Address end, Frames& frames);
    /// @return false: no room, or there are holes
    [[nodiscard]] bool protect (Region const& wanted);

    /// The highest free place for `bytes` below layout::mappings_end; 0: there is none
    [[nodiscard]] Address find_place (Word bytes) const;
    [[nodiscard]] bool is_free (Address begin, Address end) const;

    [[nodiscard]] Resolved resolve (Address address, bool write, Frames& frames);

    /// Make `child`, which is empty, a copy of this. @return false: no memory; destroy it then
    [[nodiscard]] bool copy_to (AddressSpace& child, Frames& frames);

    /// Copy between server and process. @return false: it may not be read, or written, there
    [[nodiscard]] bool read (void* to, Address from, Word bytes, Frames& frames);
    [[nodiscard]] bool write (Address to, void const* from, Word bytes, Frames& frames);
    /// The same without asking whether the process may write: the loader does.
    [[nodiscard]] bool fill (Address to, void const* from, Word bytes, Frames& frames);

    /// The bytes from `address` to the end of its page; empty: they may not be read, or written
    [[nodiscard]] std::span<std::byte> reach (Address address, bool write, Frames& frames);

    template <typename T>
    [[nodiscard]] bool read (T& value, Address from, Frames& frames)
    {
        return read (&value, from, sizeof value, frames);
    }
    template <typename T>
    [[nodiscard]] bool write (Address to, T const& value, Frames& frames)
    {
        return write (to, &value, sizeof value, frames);
    }

private:
    static constexpr Word table_bits = l4::superpage_bits;
    static constexpr Word entries = l4::page_size / sizeof (Word);

    [[nodiscard]] Region const* find (Address address) const;
    [[nodiscard]] bool split (Address at);
    void remove (std::size_t index);
    [[nodiscard]] bool insert (Region const& region);
    [[nodiscard]] Word* find_entry (Address page) const;
    [[nodiscard]] Word* make_entry (Address page, Frames& frames);
    [[nodiscard]] Resolved page_for (Region const& region, Address page, bool write,
                                     Frames& frames);
    [[nodiscard]] Resolved first_page (Region const& region, Address page, Frames& frames);
    [[nodiscard]] bool make_own (Word& entry, Frames& frames);
    void drop (Word& entry, Frames& frames);

    Word* directory_ { nullptr };       ///< tables of 4 MB each, by their addresses
    std::size_t count_ { 0 };
    std::array<Region, most_regions> regions_ {};
};

}  // namespace unix_server
