// SPDX-License-Identifier: BSD-2-Clause
#include "path.hpp"

#include <algorithm>

#include "content.hpp"
#include "directory.hpp"

namespace unix_server {

namespace {

constexpr Word ok = 0;

}  // namespace

bool Path::set (std::string_view text)
{
    if (text.size () >= longest_path)
        return false;
    length_ = static_cast<Word> (text.copy (text_.data (), text.size ()));
    return true;
}

/// The text goes to the end.
void Path::begin ()
{
    position_ = static_cast<Word> (text_.size ()) - length_;
    std::copy_backward (text_.begin (), text_.begin () + length_, text_.end ());
}

/// The next component. Slashes before it go, those after it stay: after a link they count.
Path::Component Path::take ()
{
    std::string_view const all = rest ();
    std::size_t const first = std::min (all.find_first_not_of ('/'), all.size ());
    std::size_t const end = std::min (all.find ('/', first), all.size ());
    position_ += static_cast<Word> (end);
    return { all.substr (first, end - first), end != all.size (),
             all.find_first_not_of ('/', end) == all.npos };
}

Result Path::expand (Node const& link)
{
    if (link.size > position_)
        return Errno::name_too_long;
    position_ -= link.size;
    read_content (link, 0, text_.data () + position_, link.size);
    return ok;
}

Result Path::walk (FileSystem const& files, Node& start, LastLink last, Place& place)
{
    if (length_ == 0)
        return Errno::no_entry;
    begin ();
    Node* at = rest ().front () == '/' ? &files.root () : &start;
    for (Word links = 0;;) {
        Component const component = take ();
        if (component.name.empty ()) {          // nothing but slashes
            place = { at, "/", at, true };
            return ok;
        }
        if (!at->is_directory ())
            return Errno::not_a_directory;
        if (component.name.size () > longest_name)
            return Errno::name_too_long;
        Node* const found = files.find (*at, component.name);
        bool const follow = !component.is_last || last == LastLink::follow
                            || (last == LastLink::keep && component.has_slash);
        if (found != nullptr && found->is_symlink () && follow) {
            if (++links > most_symlinks)
                return Errno::too_many_symlinks;
            if (Result const expanded = expand (*found); !expanded.ok ())
                return expanded;
            if (rest ().front () == '/')
                at = &files.root ();
        } else if (component.is_last) {
            place = { at, component.name, found, component.has_slash };
            bool const must_be_directory = component.has_slash && last != LastLink::name;
            return must_be_directory && found != nullptr && !found->is_directory ()
                       ? Result { Errno::not_a_directory }
                       : Result { ok };
        } else if (found == nullptr) {
            return Errno::no_entry;
        } else {
            at = found;
        }
    }
}

Result path_of (FileSystem const& files, Node const& directory, std::span<char> buffer)
{
    std::size_t begin = buffer.size ();
    auto const put = [&] (std::string_view text) {
        if (text.size () > begin)
            return false;
        begin -= text.size ();
        text.copy (buffer.data () + begin, text.size ());
        return true;
    };
    if (!put ({ "", 1 }))
        return Errno::range;
    for (Node const* at = &directory; at != &files.root ();) {
        if (at->links == 0)
            return Errno::no_entry;
        Node const& above = files.parent (*at);
        if (!put (Directory { above }.find_node (at->number)->name ()) || !put ("/"))
            return Errno::range;
        at = &above;
    }
    if (&directory == &files.root () && !put ("/"))
        return Errno::range;
    return static_cast<Word> (buffer.size () - begin);
}

}  // namespace unix_server
