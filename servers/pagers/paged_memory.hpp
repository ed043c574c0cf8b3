// SPDX-License-Identifier: BSD-2-Clause
/// @file  More pages than frames: what does not fit lies in a store.
///
/// Pages are numbered through, whosever they are; page n has block n of the store. A page is
/// mapped read-only until it is written, so that only what has changed goes to the store.
///
/// Context: pure; host tests in tests/host/servers. `Machine` does what frames need:
///     void clear (frame), revoke (frame): from all clients
///     bool read (block, frame), write (block, frame): the store
#pragma once

#include <l4/fpage.hpp>
#include <runtime/error.hpp>

#include "frame_pool.hpp"
#include "page_answer.hpp"
#include "protocol.hpp"

namespace pagers {

template <typename Machine, typename Replacement, std::size_t Frames, std::size_t Pages>
class PagedMemory {
public:
    /// @param frames  how many it may use, at most `Frames`
    constexpr PagedMemory (Machine& machine, Word frames)
        : machine_ { machine }, pool_ { frames }, replacement_ { frames }
    {
        frame_of_.fill (no_frame);
    }

    [[nodiscard]] PageAnswer request (Word page, bool write)
    {
        ++statistics_.faults;
        if (frame_of_[page] == no_frame) {
            if (rt::Error const error = bring_in (page); error != rt::Error::none)
                return { error, 0, l4::Access::read_only };
        } else {
            replacement_.rescued (frame_of_[page]);
        }
        Word const frame = frame_of_[page];
        for (Word idle = replacement_.deactivate (); idle != no_frame;
             idle = replacement_.deactivate ())
            machine_.revoke (idle);
        changed_[page] = changed_[page] || write;
        return { rt::Error::none, frame,
                 changed_[page] ? l4::Access::read_write : l4::Access::read_only };
    }

    /// The page has no content any more.
    void forget (Word page)
    {
        if (Word const frame = frame_of_[page]; frame != no_frame) {
            machine_.revoke (frame);
            replacement_.removed (frame);
            pool_.remove_user (frame);
        }
        frame_of_[page] = no_frame;
        changed_[page] = stored_[page] = false;
    }

    [[nodiscard]] Statistics::Answer const& statistics ()
    {
        statistics_.frames = pool_.used ();
        return statistics_;
    }

private:
    [[nodiscard]] rt::Error bring_in (Word page)
    {
        Word frame = pool_.allocate ();
        if (frame == no_frame && (!evict () || (frame = pool_.allocate ()) == no_frame))
            return rt::Error::unavailable;
        ++statistics_.fills;
        if (!stored_[page]) {
            machine_.clear (frame);
        } else if (!machine_.read (page, frame)) {
            pool_.remove_user (frame);
            return rt::Error::unavailable;
        }
        frame_of_[page] = frame;
        page_in_[frame] = page;
        replacement_.inserted (frame);
        return rt::Error::none;
    }

    /// @return false: the store does not take it; the page stays
    [[nodiscard]] bool evict ()
    {
        Word const frame = replacement_.victim ();
        Word const page = page_in_[frame];
        // From here on its users fault, so that the content holds still.
        machine_.revoke (frame);
        ++statistics_.evictions;
        if (changed_[page]) {
            ++statistics_.stores;
            if (!machine_.write (page, frame)) {
                replacement_.inserted (frame);
                return false;
            }
            stored_[page] = true;
        }
        changed_[page] = false;
        frame_of_[page] = no_frame;
        pool_.remove_user (frame);
        return true;
    }

    Machine& machine_;
    FramePool<Frames> pool_;
    Replacement replacement_;
    std::array<Word, Pages> frame_of_ {};
    std::array<Word, Frames> page_in_ {};
    std::array<bool, Pages> changed_ {};        ///< since it was stored, or ever
    std::array<bool, Pages> stored_ {};
    Statistics::Answer statistics_ {};
};

}  // namespace pagers
