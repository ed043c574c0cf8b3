// SPDX-License-Identifier: BSD-2-Clause
/// @file  EAX of task_new for an active task: priority bound and profile.
#pragma once

#include <l4/bitfield.hpp>
#include <l4/syscall.hpp>

namespace l4 {

class TaskParameter {
public:
    constexpr explicit TaskParameter (Word raw) : raw_ { raw } {}

    /// A task with its creator's profile.
    [[nodiscard]] static constexpr TaskParameter inherit (Word mcp)
    {
        return TaskParameter { Mcp::make (mcp) };
    }
    [[nodiscard]] static constexpr TaskParameter make (Word mcp, Profile profile)
    {
        return TaskParameter { Mcp::make (mcp)
                               | ProfileField::make (static_cast<Word> (profile)) };
    }

    [[nodiscard]] constexpr Word raw () const { return raw_; }
    [[nodiscard]] constexpr Word mcp () const { return Mcp::get (raw_); }
    [[nodiscard]] constexpr bool inherits () const { return ProfileField::get (raw_) == 0; }
    /// The profile asked for is one of the two, or the creator's.
    [[nodiscard]] constexpr bool is_valid () const { return ProfileField::get (raw_) != 3; }
    /// @pre is_valid (), not inherits ()
    [[nodiscard]] constexpr Profile profile () const
    {
        return static_cast<Profile> (ProfileField::get (raw_));
    }

private:
    using Mcp = BitField<0, 8>;
    using ProfileField = BitField<8, 2>;

    Word raw_;
};

static_assert (TaskParameter::make (0xFF, Profile::strict).raw () == 0x1FF);
static_assert (TaskParameter::make (0, Profile::l4env).raw () == 0x200);

}  // namespace l4
