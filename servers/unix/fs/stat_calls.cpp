// SPDX-License-Identifier: BSD-2-Clause
#include "stat_calls.hpp"

#include "../abi/time.hpp"
#include "path_argument.hpp"

namespace unix_server::calls {

namespace {

constexpr Word block_size = 512;            // in which stat counts
constexpr Word blocks_per_page = l4::page_size / block_size;

Result find_open (Call& call, Word descriptor, Node*& node)
{
    OpenFile const* const file = call.process.descriptors.find (descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    node = file->node;
    return ok;
}

LastLink last_of (Word flags)
{
    return (flags & at_flag::no_follow) != 0 ? LastLink::keep : LastLink::follow;
}

/// The node of an `...at` call. @param known  flags that the call may have
Result find_at (Call& call, Word directory, Address path, Word flags, Word known, Node*& node)
{
    if ((flags & ~known) != 0)
        return Errno::invalid;
    return find_node (call, { path, directory, (flags & at_flag::empty_path) != 0 },
                      last_of (flags), node);
}

template <typename T>
Result give (Call& call, Address to, T const& value)
{
    return call.write (to, value) ? Result { ok } : Result { Errno::fault };
}

}  // namespace

// What there is to tell.

namespace {

/// Content in the archive counts as if it were in pages.
Word blocks_of (Node const& node)
{
    Word const in_archive
        = (static_cast<Word> (node.origin.size ()) + l4::page_size - 1) / l4::page_size;
    Word const pages = node.pages.count () > in_archive ? node.pages.count () : in_archive;
    return pages * blocks_per_page;
}

Word low_word (std::int64_t seconds) { return static_cast<Word> (seconds); }

Stat describe (Node const& node)
{
    Stat stat {};
    stat.device = FileSystem::own_device;
    stat.number = node.number;
    stat.mode = static_cast<std::uint16_t> (node.mode);
    stat.links = static_cast<std::uint16_t> (node.links);
    stat.user = static_cast<std::uint16_t> (node.user);
    stat.group = static_cast<std::uint16_t> (node.group);
    stat.special_device = node.device;
    stat.size = node.size;
    stat.block_size = l4::page_size;
    stat.blocks = blocks_of (node);
    stat.accessed = low_word (node.accessed.seconds);
    stat.accessed_nanoseconds = node.accessed.nanoseconds;
    stat.modified = low_word (node.modified.seconds);
    stat.modified_nanoseconds = node.modified.nanoseconds;
    stat.changed = low_word (node.changed.seconds);
    stat.changed_nanoseconds = node.changed.nanoseconds;
    return stat;
}

Stat64 describe64 (Node const& node)
{
    Stat64 stat {};
    stat.device = FileSystem::own_device;
    stat.short_number = node.number;
    stat.number = node.number;
    stat.mode = node.mode;
    stat.links = node.links;
    stat.user = node.user;
    stat.group = node.group;
    stat.special_device = node.device;
    stat.size = node.size;
    stat.block_size = l4::page_size;
    stat.blocks = blocks_of (node);
    stat.accessed = low_word (node.accessed.seconds);
    stat.accessed_nanoseconds = node.accessed.nanoseconds;
    stat.modified = low_word (node.modified.seconds);
    stat.modified_nanoseconds = node.modified.nanoseconds;
    stat.changed = low_word (node.changed.seconds);
    stat.changed_nanoseconds = node.changed.nanoseconds;
    return stat;
}

StatxTime extended (FileTime const& time) { return { time.seconds, time.nanoseconds, 0 }; }

Statx describe_extended (Node const& node)
{
    Statx stat {};
    stat.mask = Statx::basic;
    stat.block_size = l4::page_size;
    stat.links = node.links;
    stat.user = node.user;
    stat.group = node.group;
    stat.mode = static_cast<std::uint16_t> (node.mode);
    stat.number = node.number;
    stat.size = node.size;
    stat.blocks = blocks_of (node);
    stat.accessed = extended (node.accessed);
    stat.changed = extended (node.changed);
    stat.modified = extended (node.modified);
    stat.special_major = device_major (node.device);
    stat.special_minor = device_minor (node.device);
    stat.device_major = device_major (FileSystem::own_device);
    stat.device_minor = device_minor (FileSystem::own_device);
    return stat;
}

/// What `describe` says of the file at a path, or of an open one.
template <typename Description>
Result stat_path (Call& call, Address path, LastLink last, Address to,
                  Description (*describe) (Node const&))
{
    Node* node = nullptr;
    Result const found = find_node (call, { path }, last, node);
    return found.ok () ? give (call, to, describe (*node)) : found;
}

template <typename Description>
Result stat_open (Call& call, Word descriptor, Address to, Description (*describe) (Node const&))
{
    Node* node = nullptr;
    Result const found = find_open (call, descriptor, node);
    return found.ok () ? give (call, to, describe (*node)) : found;
}

}  // namespace

Result stat (Call& call, Address path, Address to)
{
    return stat_path (call, path, LastLink::follow, to, describe);
}

Result lstat (Call& call, Address path, Address to)
{
    return stat_path (call, path, LastLink::keep, to, describe);
}

Result fstat (Call& call, Word descriptor, Address to)
{
    return stat_open (call, descriptor, to, describe);
}

Result stat64 (Call& call, Address path, Address to)
{
    return stat_path (call, path, LastLink::follow, to, describe64);
}

Result lstat64 (Call& call, Address path, Address to)
{
    return stat_path (call, path, LastLink::keep, to, describe64);
}

Result fstat64 (Call& call, Word descriptor, Address to)
{
    return stat_open (call, descriptor, to, describe64);
}

Result fstatat64 (Call& call, Word directory, Address path, Address to, Word flags)
{
    constexpr Word known = at_flag::no_follow | at_flag::no_automount | at_flag::empty_path;
    Node* node = nullptr;
    Result const found = find_at (call, directory, path, flags, known, node);
    return found.ok () ? give (call, to, describe64 (*node)) : found;
}

Result statx (Call& call, Word directory, Address path, Word flags, Word mask, Address to)
{
    constexpr Word known = at_flag::no_follow | at_flag::no_automount | at_flag::empty_path
                           | at_flag::statx_sync;
    constexpr Word reserved = 0x80000000;
    if ((mask & reserved) != 0 || (flags & at_flag::statx_sync) == at_flag::statx_sync)
        return Errno::invalid;
    Node* node = nullptr;
    Result const found = find_at (call, directory, path, flags, known, node);
    return found.ok () ? give (call, to, describe_extended (*node)) : found;
}

// The file system.

namespace {

constexpr Word type_of_memory = 0x01021994;

template <typename T>
Result give_file_system (Call& call, Address to)
{
    FrameBudget const& budget = call.system.files.budget ();
    T stat {};
    stat.type = type_of_memory;
    stat.block_size = l4::page_size;
    stat.blocks = budget.most ();
    stat.free_blocks = stat.available_blocks = budget.available ();
    stat.nodes = Nodes::capacity;
    stat.free_nodes = Nodes::capacity - call.system.files.nodes ().count ();
    stat.longest_name = longest_name;
    stat.fragment_size = l4::page_size;
    return give (call, to, stat);
}

}  // namespace

Result statfs (Call& call, Address path, Address to)
{
    Node* node = nullptr;
    Result const found = find_node (call, { path }, LastLink::follow, node);
    return found.ok () ? give_file_system<StatFs> (call, to) : found;
}

Result fstatfs (Call& call, Word descriptor, Address to)
{
    Node* node = nullptr;
    Result const found = find_open (call, descriptor, node);
    return found.ok () ? give_file_system<StatFs> (call, to) : found;
}

Result statfs64 (Call& call, Address path, Word size, Address to)
{
    Node* node = nullptr;
    if (size != sizeof (StatFs64))
        return Errno::invalid;
    Result const found = find_node (call, { path }, LastLink::follow, node);
    return found.ok () ? give_file_system<StatFs64> (call, to) : found;
}

Result fstatfs64 (Call& call, Word descriptor, Word size, Address to)
{
    Node* node = nullptr;
    if (size != sizeof (StatFs64))
        return Errno::invalid;
    Result const found = find_open (call, descriptor, node);
    return found.ok () ? give_file_system<StatFs64> (call, to) : found;
}

// Rights: everybody is root, who cannot execute what nobody can.

namespace {

Result check_access (Call& call, PathArgument const& path, LastLink last, Word mode)
{
    constexpr Word execute = 1;
    constexpr Word all = 7;
    if ((mode & ~all) != 0)
        return Errno::invalid;
    Node* node = nullptr;
    if (Result const found = find_node (call, path, last, node); !found.ok ())
        return found;
    bool const refused
        = (mode & execute) != 0 && !node->is_directory () && (node->mode & mode::execute) == 0;
    return refused ? Result { Errno::access } : Result { ok };
}

Result change_mode (Node& node, Word mode)
{
    node.mode = node.kind () | (mode & mode::permissions);
    note_change (node);
    return ok;
}

Result change_owner (Node& node, Word user, Word group)
{
    constexpr Word as_it_is = ~Word { 0 };
    constexpr Word set_ids = 06000;
    if (user != as_it_is)
        node.user = user;
    if (group != as_it_is)
        node.group = group;
    if (!node.is_directory ())
        node.mode &= ~set_ids;
    note_change (node);
    return ok;
}

}  // namespace

Result access (Call& call, Address path, Word mode)
{
    return check_access (call, { path }, LastLink::follow, mode);
}

Result faccessat (Call& call, Word directory, Address path, Word mode)
{
    return check_access (call, { path, directory }, LastLink::follow, mode);
}

Result faccessat2 (Call& call, Word directory, Address path, Word mode, Word flags)
{
    if ((flags & ~(at_flag::effective_access | at_flag::no_follow | at_flag::empty_path)) != 0)
        return Errno::invalid;
    return check_access (call, { path, directory, (flags & at_flag::empty_path) != 0 },
                         last_of (flags), mode);
}

Result chmod (Call& call, Address path, Word mode)
{
    return fchmodat (call, at_flag::working_directory, path, mode);
}

Result fchmod (Call& call, Word descriptor, Word mode)
{
    Node* node = nullptr;
    Result const found = find_open (call, descriptor, node);
    return found.ok () ? change_mode (*node, mode) : found;
}

Result fchmodat (Call& call, Word directory, Address path, Word mode)
{
    Node* node = nullptr;
    Result const found = find_at (call, directory, path, 0, 0, node);
    return found.ok () ? change_mode (*node, mode) : found;
}

Result chown32 (Call& call, Address path, Word user, Word group)
{
    return fchownat (call, at_flag::working_directory, path, user, group, 0);
}

Result lchown32 (Call& call, Address path, Word user, Word group)
{
    return fchownat (call, at_flag::working_directory, path, user, group, at_flag::no_follow);
}

Result fchown32 (Call& call, Word descriptor, Word user, Word group)
{
    Node* node = nullptr;
    Result const found = find_open (call, descriptor, node);
    return found.ok () ? change_owner (*node, user, group) : found;
}

Result fchownat (Call& call, Word directory, Address path, Word user, Word group, Word flags)
{
    Node* node = nullptr;
    Result const found = find_at (call, directory, path, flags,
                                  at_flag::no_follow | at_flag::empty_path, node);
    return found.ok () ? change_owner (*node, user, group) : found;
}

Result umask (Call& call, Word mask)
{
    Word const before = call.process.creation_mask;
    call.process.creation_mask = mask & 0777;
    return before;
}

// Times.

namespace {

constexpr Word as_now = 0x3FFFFFFF;         // in place of nanoseconds
constexpr Word as_it_is = 0x3FFFFFFE;
constexpr Word nanoseconds_per_second = 1000000000;
constexpr Word nanoseconds_per_microsecond = 1000;

template <typename Spec>
FileTime as_file_time (Spec const& time)
{
    return { time.seconds, static_cast<Word> (time.nanoseconds) };
}

FileTime as_file_time (TimeValue const& time)
{
    return { time.seconds, static_cast<Word> (time.microseconds) * nanoseconds_per_microsecond };
}

bool is_valid (FileTime const& time)
{
    return time.nanoseconds < nanoseconds_per_second || time.nanoseconds == as_now
           || time.nanoseconds == as_it_is;
}

void set_time (FileTime& time, FileTime const& wanted, FileTime const& now)
{
    if (wanted.nanoseconds == as_now)
        time = now;
    else if (wanted.nanoseconds != as_it_is)
        time = wanted;
}

struct Times {
    FileTime accessed { 0, as_now };
    FileTime modified { 0, as_now };
};

Result set_times (Node& node, Times const& times)
{
    if (times.accessed.nanoseconds == as_it_is && times.modified.nanoseconds == as_it_is)
        return ok;
    FileTime const now = current_time ();
    set_time (node.accessed, times.accessed, now);
    set_time (node.modified, times.modified, now);
    node.changed = now;
    return ok;
}

/// Without a path it is the descriptor that is meant.
Result set_times_at (Call& call, Word directory, Address path, Times const& times, Word flags)
{
    if (!is_valid (times.accessed) || !is_valid (times.modified))
        return Errno::invalid;
    Node* node = nullptr;
    Result const found
        = path == 0 && directory != at_flag::working_directory
              ? (flags != 0 ? Result { Errno::invalid } : find_open (call, directory, node))
              : find_at (call, directory, path, flags, at_flag::no_follow | at_flag::empty_path,
                         node);
    return found.ok () ? set_times (*node, times) : found;
}

template <typename Spec>
Result set_times_from (Call& call, Word directory, Address path, Address from, Word flags)
{
    Spec specs[2] {};
    if (from == 0)
        return set_times_at (call, directory, path, {}, flags);
    if (!call.read (specs, from))
        return Errno::fault;
    return set_times_at (call, directory, path,
                         { as_file_time (specs[0]), as_file_time (specs[1]) }, flags);
}

}  // namespace

Result utime (Call& call, Address path, Address times)
{
    std::int32_t seconds[2] {};
    if (times == 0)
        return set_times_at (call, at_flag::working_directory, path, {}, 0);
    if (!call.read (seconds, times))
        return Errno::fault;
    return set_times_at (call, at_flag::working_directory, path,
                         { { seconds[0], 0 }, { seconds[1], 0 } }, 0);
}

Result utimes (Call& call, Address path, Address times)
{
    constexpr Word microseconds_per_second = 1000000;
    TimeValue values[2] {};
    if (times == 0)
        return set_times_at (call, at_flag::working_directory, path, {}, 0);
    if (!call.read (values, times))
        return Errno::fault;
    for (TimeValue const& value : values)
        if (static_cast<Word> (value.microseconds) >= microseconds_per_second)
            return Errno::invalid;
    return set_times_at (
        call, at_flag::working_directory, path,
        { as_file_time (values[0]), as_file_time (values[1]) }, 0);
}

Result utimensat (Call& call, Word directory, Address path, Address times, Word flags)
{
    return set_times_from<TimeSpec> (call, directory, path, times, flags);
}

Result utimensat_time64 (Call& call, Word directory, Address path, Address times, Word flags)
{
    return set_times_from<TimeSpec64> (call, directory, path, times, flags);
}

// Sizes.

namespace {

Result truncate_path (Call& call, Address path, std::int64_t size)
{
    if (size < 0)
        return Errno::invalid;
    Node* node = nullptr;
    Result const found = find_node (call, { path }, LastLink::follow, node);
    return found.ok () ? call.system.files.truncate (*node, static_cast<std::uint64_t> (size))
                       : found;
}

}  // namespace

Result truncate (Call& call, Address path, Word size)
{
    return truncate_path (call, path, static_cast<std::int32_t> (size));
}

Result truncate64 (Call& call, Address path, Word low, Word high)
{
    return truncate_path (call, path,
                          static_cast<std::int64_t> (std::uint64_t { high } << 32 | low));
}

}  // namespace unix_server::calls
