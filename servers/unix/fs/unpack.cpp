// SPDX-License-Identifier: BSD-2-Clause
#include "unpack.hpp"

#include <algorithm>

namespace unix_server {

namespace {

using Member = ArchiveReader::Member;

constexpr Word ok = 0;

/// The next component of a name that has no "." in the result; empty: the end.
std::string_view take_component (std::string_view& name)
{
    for (;;) {
        name.remove_prefix (std::min (name.find_first_not_of ('/'), name.size ()));
        std::string_view const component = name.substr (0, name.find ('/'));
        name.remove_prefix (component.size ());
        if (component != ".")
            return component;
    }
}

bool has_more (std::string_view name) { return !take_component (name).empty (); }

class Unpacker {
public:
    explicit Unpacker (FileSystem& files) : files_ { files } {}

    /// @return false: no memory
    [[nodiscard]] bool add (Member const& member)
    {
        Node* directory = &files_.root ();
        std::string_view rest = member.name;
        std::string_view name = take_component (rest);
        for (; has_more (rest); name = take_component (rest)) {
            if (name == "..")
                return true;
            if (files_.find (*directory, name) == nullptr
                && files_.make_directory (*directory, name, 0755) == Errno::no_space)
                return false;
            directory = files_.find (*directory, name);
            if (directory == nullptr || !directory->is_directory ())
                return true;
        }
        if (name == "..")
            return true;
        if (name.empty ())
            describe (*directory, member);
        else
            return make (*directory, name, member);
        return true;
    }

    /// Numbers of the archive have served their purpose.
    void finish ()
    {
        while (Node* const node = files_.nodes ().find_if (
                   [] (Node const& each) { return each.is_regular () && each.device != 0; }))
            node->device = 0;
    }

private:
    static void describe (Node& node, Member const& member)
    {
        node.mode = node.kind () | (member.mode & mode::permissions);
        node.user = member.user;
        node.group = member.group;
        node.accessed = node.modified = node.changed = { member.time, 0 };
    }

    [[nodiscard]] bool make (Node& directory, std::string_view name, Member const& member)
    {
        Word const kind = member.mode & mode::type;
        Node* const old = files_.find (directory, name);
        if (old != nullptr && old->is_directory () && kind == mode::directory) {
            describe (*old, member);
            return true;
        }
        if (old != nullptr && !files_.remove (directory, name).ok ())
            return true;
        Result const made = make_new (directory, name, kind, member);
        if (made.ok ())
            describe (*files_.find (directory, name), member);
        return made != Errno::no_space;
    }

    [[nodiscard]] Result make_new (Node& directory, std::string_view name, Word kind,
                                   Member const& member)
    {
        Word const device = device_number (member.device_major, member.device_minor);
        switch (kind) {
        case mode::directory: return files_.make_directory (directory, name, member.mode);
        case mode::symlink:
            return files_.make_symlink (directory, name,
                                        { reinterpret_cast<char const*> (member.data.data ()),
                                          member.data.size () });
        case mode::character:
        case mode::block: return files_.make_node (directory, name, kind, device);
        case mode::fifo: return files_.make_node (directory, name, kind, 0);
        case mode::regular: return make_file (directory, name, member);
        default: return Errno::invalid;         // a kind that there is not
        }
    }

    /// Until all are there, the node keeps its number in the archive as its device.
    [[nodiscard]] Result make_file (Node& directory, std::string_view name, Member const& member)
    {
        Word const number = member.links > 1 ? member.number : 0;
        Node* node = number == 0 ? nullptr
                                 : files_.nodes ().find_if ([number] (Node const& each) {
                                       return each.is_regular () && each.device == number;
                                   });
        Result const made = node != nullptr
                                ? files_.make_link (directory, name, *node)
                                : files_.make_node (directory, name, mode::regular, number, &node);
        if (!made.ok () || member.data.size () > largest_member)
            return made;
        if (!member.data.empty ()) {
            node->origin = member.data;
            node->size = static_cast<Word> (member.data.size ());
        }
        return ok;
    }

    static constexpr Word largest_member = 0x7FFFF000;

    FileSystem& files_;
};

struct Device {
    std::string_view name;
    Word number;
};

constexpr Device devices[] = {
    { "null", device_number (1, 3) },    { "zero", device_number (1, 5) },
    { "full", device_number (1, 7) },    { "tty", device_number (5, 0) },
    { "console", device_number (5, 1) },
};

}  // namespace

bool unpack (ArchiveReader::Bytes archive, FileSystem& files)
{
    ArchiveReader reader { archive };
    Unpacker unpacker { files };
    Member member;
    bool has_memory = true;
    while (has_memory && reader.next (member))
        has_memory = unpacker.add (member);
    unpacker.finish ();
    return has_memory && reader.is_complete ();
}

bool make_devices (FileSystem& files)
{
    if (files.find (files.root (), "dev") == nullptr
        && !files.make_directory (files.root (), "dev", 0755).ok ())
        return false;
    Node& directory = *files.find (files.root (), "dev");
    if (!directory.is_directory ())
        return true;
    for (Device const& device : devices)
        if (files.find (directory, device.name) == nullptr
            && !files.make_node (directory, device.name, mode::character | 0666, device.number)
                    .ok ())
            return false;
    return true;
}

}  // namespace unix_server
