// SPDX-License-Identifier: BSD-2-Clause
#include "file_system.hpp"

#include "content.hpp"
#include "directory.hpp"

namespace unix_server {

namespace {

constexpr Word ok = 0;

}  // namespace

void note_change (Node& node) { node.changed = current_time (); }

void note_content_change (Node& node) { node.modified = node.changed = current_time (); }

bool FileSystem::create (FrameBudget const& budget)
{
    *this = {};
    budget_ = budget;
    Node* const root = nodes_.create (mode::directory | 0755, budget_);
    if (root == nullptr)
        return false;
    root->links = 2;
    root->uses = 1;
    return add_entry (*root, ".", *root, budget_) && add_entry (*root, "..", *root, budget_);
}

Node* FileSystem::find (Node const& directory, std::string_view name) const
{
    Record const* const record = Directory { directory }.find (name);
    return record == nullptr ? nullptr : &nodes_.at (record->node);
}

// Lives.

void FileSystem::release (Node& node)
{
    --node.uses;
    free_unused (node);
}

void FileSystem::begin_mapping (Node& node)
{
    hold (node);
    ++node.mappings;
}

void FileSystem::end_mapping (Node& node)
{
    if (--node.mappings == 0)
        node.mapped.cut (0, budget_);
    release (node);
}

/// A directory that goes does not use the one above any more, which may go as well.
void FileSystem::free_unused (Node& node)
{
    for (Node* gone = &node; gone != nullptr && gone->links == 0 && gone->uses == 0;) {
        Node* const above = gone->is_directory () ? &parent (*gone) : nullptr;
        gone->pages.cut (0, budget_);
        nodes_.remove (*gone);
        gone = above;
        if (above != nullptr)
            --above->uses;
    }
}

Node* FileSystem::make_nameless (Word mode)
{
    Node* const node = nodes_.create (mode, budget_);
    if (node != nullptr)
        node->uses = 1;
    return node;
}

// New names.

Result FileSystem::check_new (Node const& directory, std::string_view name) const
{
    if (!directory.is_directory ())
        return Errno::not_a_directory;
    if (name.size () > longest_name)
        return Errno::name_too_long;
    if (Directory { directory }.find (name) != nullptr)
        return Errno::exists;
    return directory.links == 0 ? Result { Errno::no_entry } : Result { ok };
}

Result FileSystem::make_node (Node& directory, std::string_view name, Word mode, Word device,
                              Node** made)
{
    if (Result const checked = check_new (directory, name); !checked.ok ())
        return checked;
    Node* const node = nodes_.create (mode, budget_);
    if (node == nullptr)
        return Errno::no_space;
    node->device = device;
    if (!add_entry (directory, name, *node, budget_)) {
        free_unused (*node);
        return Errno::no_space;
    }
    node->links = 1;
    note_content_change (directory);
    if (made != nullptr)
        *made = node;
    return ok;
}

Result FileSystem::make_directory (Node& directory, std::string_view name, Word mode)
{
    if (Result const checked = check_new (directory, name); !checked.ok ())
        return checked;
    if (directory.links >= most_links)
        return Errno::too_many_links;
    Node* const node = nodes_.create (mode::directory | (mode & mode::permissions), budget_);
    if (node == nullptr)
        return Errno::no_space;
    if (!add_entry (*node, ".", *node, budget_) || !add_entry (*node, "..", directory, budget_)
        || !add_entry (directory, name, *node, budget_)) {
        node->pages.cut (0, budget_);
        nodes_.remove (*node);
        return Errno::no_space;
    }
    node->links = 2;
    ++directory.links;
    hold (directory);
    note_content_change (directory);
    return ok;
}

Result FileSystem::make_symlink (Node& directory, std::string_view name, std::string_view target)
{
    if (target.empty ())
        return Errno::no_entry;
    if (target.size () >= longest_path)
        return Errno::name_too_long;
    Node* node = nullptr;
    if (Result const made = make_node (directory, name, mode::symlink | 0777, 0, &node);
        !made.ok ())
        return made;
    Word const size = static_cast<Word> (target.size ());
    if (write_content (*node, 0, target.data (), size, budget_) == size)
        return ok;
    drop_name (directory, name, *node);
    return Errno::no_space;
}

Result FileSystem::make_link (Node& directory, std::string_view name, Node& node)
{
    if (Result const checked = check_new (directory, name); !checked.ok ())
        return checked;
    if (node.is_directory ())
        return Errno::not_permitted;
    if (node.links == 0)
        return Errno::no_entry;
    if (node.links >= most_links)
        return Errno::too_many_links;
    if (!add_entry (directory, name, node, budget_))
        return Errno::no_space;
    ++node.links;
    note_change (node);
    note_content_change (directory);
    return ok;
}

// Names go away.

void FileSystem::drop_name (Node& directory, std::string_view name, Node& node)
{
    remove_entry (*Directory { directory }.find (name));
    note_content_change (directory);
    if (node.is_directory ()) {
        --directory.links;
        node.links = 0;
    } else {
        --node.links;
    }
    note_change (node);
    free_unused (node);
}

Result FileSystem::remove (Node& directory, std::string_view name)
{
    if (!directory.is_directory ())
        return Errno::not_a_directory;
    Node* const node = find (directory, name);
    if (node == nullptr)
        return Errno::no_entry;
    if (node->is_directory ())
        return Errno::is_a_directory;
    drop_name (directory, name, *node);
    return ok;
}

Result FileSystem::remove_directory (Node& directory, std::string_view name)
{
    if (!directory.is_directory ())
        return Errno::not_a_directory;
    Node* const node = find (directory, name);
    if (node == nullptr)
        return Errno::no_entry;
    if (!node->is_directory ())
        return Errno::not_a_directory;
    if (!Directory { *node }.is_empty ())
        return Errno::not_empty;
    drop_name (directory, name, *node);
    return ok;
}

/// Whether `node` is `directory`, or somewhere below it.
bool FileSystem::is_inside (Node const& node, Node const& directory) const
{
    for (Node const* at = &node;; at = &parent (*at)) {
        if (at == &directory)
            return true;
        if (at->number == root_number || at->links == 0)
            return false;
    }
}

Result FileSystem::rename (Node& from, std::string_view name, Node& to, std::string_view new_name)
{
    if (!from.is_directory () || !to.is_directory ())
        return Errno::not_a_directory;
    Node* const node = find (from, name);
    if (node == nullptr)
        return Errno::no_entry;
    if (new_name.size () > longest_name)
        return Errno::name_too_long;
    if (node->is_directory () && is_inside (to, *node))
        return Errno::invalid;
    if (to.links == 0)
        return Errno::no_entry;
    if (Node* const old = find (to, new_name); old != nullptr) {
        if (old == node)
            return ok;
        if (old->is_directory () && is_inside (from, *old))
            return Errno::not_empty;
        if (node->is_directory () && !old->is_directory ())
            return Errno::not_a_directory;
        if (!node->is_directory () && old->is_directory ())
            return Errno::is_a_directory;
        if (old->is_directory () && !Directory { *old }.is_empty ())
            return Errno::not_empty;
        // Its entry is the new one's: nothing can fail from here on.
        Record& entry = *Directory { to }.find (new_name);
        entry.node = node->number;
        entry.type = node->entry_type ();
        if (old->is_directory ())
            --to.links;
        old->links = old->is_directory () ? 0 : old->links - 1;
        note_change (*old);
        free_unused (*old);
    } else if (!add_entry (to, new_name, *node, budget_)) {
        return Errno::no_space;
    }
    remove_entry (*Directory { from }.find (name));
    if (node->is_directory () && &from != &to) {
        Directory { *node }.find ("..")->node = to.number;
        --from.links;
        ++to.links;
        hold (to);
        release (from);
    }
    note_content_change (from);
    note_content_change (to);
    note_change (*node);
    return ok;
}

Result FileSystem::truncate (Node& node, std::uint64_t size)
{
    if (node.is_directory ())
        return Errno::is_a_directory;
    if (!node.is_regular ())
        return Errno::invalid;
    if (size > largest_file)
        return Errno::file_too_big;
    resize (node, static_cast<Word> (size), budget_);
    note_content_change (node);
    return ok;
}

}  // namespace unix_server
