// SPDX-License-Identifier: BSD-2-Clause
/// @file  The file system: Linux's rules about names, and random operations against a model.
#include <map>
#include <memory>
#include <set>
#include <vector>

#include <support/random.hpp>

#include <unix/fs/directory.hpp>

#include "files.hpp"

namespace {

std::int64_t seconds = 0;

}  // namespace

unix_server::FileTime unix_server::current_time () { return { ++seconds, 0 }; }

using namespace unix_server;

namespace {

class UnixFiles : public FilesTest {
protected:
    Node& root () { return files.root (); }

    Node* make (Node& directory, std::string_view name, Word kind = mode::regular)
    {
        Result const made = kind == mode::directory
                                ? files.make_directory (directory, name, 0755)
                                : files.make_node (directory, name, kind | 0644, 0);
        EXPECT_TRUE (made.ok ()) << name;
        return files.find (directory, name);
    }
    Node* make_directory (Node& in, std::string_view name)
    {
        return make (in, name, mode::directory);
    }
};

TEST_F (UnixFiles, CountLinks)
{
    EXPECT_EQ (root ().links, 2u);
    Node* const d = make_directory (root (), "d");
    EXPECT_EQ (root ().links, 3u);
    EXPECT_EQ (d->links, 2u);
    Node* const f = make (*d, "f");
    EXPECT_TRUE (files.make_link (root (), "g", *f).ok ());
    EXPECT_EQ (f->links, 2u);
    EXPECT_EQ (files.find (root (), "g"), f);
    EXPECT_TRUE (files.remove (*d, "f").ok ());
    EXPECT_EQ (f->links, 1u);
    EXPECT_TRUE (files.remove_directory (root (), "d").ok ());
    EXPECT_EQ (root ().links, 2u);
    EXPECT_EQ (files.nodes ().count (), 2u);
}

TEST_F (UnixFiles, RefuseWhatLinuxRefuses)
{
    Node* const d = make_directory (root (), "d");
    Node* const e = make_directory (*d, "e");
    Node* const f = make (root (), "f");
    EXPECT_EQ (files.make_node (root (), "f", mode::regular, 0), Errno::exists);
    EXPECT_EQ (files.make_directory (root (), "f", 0), Errno::exists);
    EXPECT_EQ (files.make_directory (*f, "x", 0), Errno::not_a_directory);
    EXPECT_EQ (files.make_node (root (), std::string (256, 'n'), mode::regular, 0),
               Errno::name_too_long);
    EXPECT_EQ (files.make_link (root (), "x", *d), Errno::not_permitted);
    EXPECT_EQ (files.make_symlink (root (), "x", ""), Errno::no_entry);
    EXPECT_EQ (files.remove (root (), "x"), Errno::no_entry);
    EXPECT_EQ (files.remove (root (), "d"), Errno::is_a_directory);
    EXPECT_EQ (files.remove_directory (root (), "f"), Errno::not_a_directory);
    EXPECT_EQ (files.remove_directory (root (), "d"), Errno::not_empty);
    EXPECT_EQ (files.rename (root (), "d", *e, "x"), Errno::invalid) << "into itself";
    EXPECT_EQ (files.rename (root (), "d", *d, "x"), Errno::invalid);
    EXPECT_EQ (files.rename (*d, "e", root (), "d"), Errno::not_empty) << "onto its parent";
    EXPECT_EQ (files.rename (root (), "f", root (), "d"), Errno::is_a_directory);
    EXPECT_EQ (files.rename (root (), "d", root (), "f"), Errno::not_a_directory);
    EXPECT_EQ (files.rename (root (), "x", root (), "y"), Errno::no_entry);
    EXPECT_EQ (files.truncate (*d, 0), Errno::is_a_directory);
    EXPECT_EQ (files.truncate (*f, std::uint64_t { 1 } << 32), Errno::file_too_big);
}

TEST_F (UnixFiles, LiveAsLongAsTheyAreUsed)
{
    Node* const f = make (root (), "f");
    EXPECT_EQ (write (*f, 0, "text"), 4u);
    FileSystem::hold (*f);
    Word const count = files.nodes ().count ();
    EXPECT_TRUE (files.remove (root (), "f").ok ());
    EXPECT_EQ (files.nodes ().count (), count);
    EXPECT_EQ (read (*f), "text");
    EXPECT_EQ (files.make_link (root (), "g", *f), Errno::no_entry) << "it has no name any more";
    files.release (*f);
    EXPECT_EQ (files.nodes ().count (), count - 1);
}

TEST_F (UnixFiles, DirectoriesOutliveWhatIsUsedInThem)
{
    Node* const d = make_directory (root (), "d");
    Node* const e = make_directory (*d, "e");
    FileSystem::hold (*e);
    EXPECT_TRUE (files.remove_directory (*d, "e").ok ());
    EXPECT_TRUE (files.remove_directory (root (), "d").ok ());
    EXPECT_EQ (&files.parent (*e), d);
    EXPECT_EQ (files.make_node (*e, "f", mode::regular, 0), Errno::no_entry);
    EXPECT_EQ (files.make_directory (*e, "f", 0), Errno::no_entry);
    make (root (), "f");
    EXPECT_EQ (files.rename (root (), "f", *e, "f"), Errno::no_entry);
    EXPECT_EQ (files.nodes ().count (), 4u);
    files.release (*e);
    EXPECT_EQ (files.nodes ().count (), 2u) << "both are gone";
}

TEST_F (UnixFiles, EntriesStayWhereTheyAre)
{
    // Read one by one while every other one goes and new ones come.
    Node* const d = make_directory (root (), "d");
    for (int i = 0; i < 600; ++i)
        make (*d, "file" + std::to_string (i));
    EXPECT_GT (d->size, l4::page_size);
    std::set<std::string> seen;
    Word position = 0;
    for (Record const* record; (record = Directory { *d }.next (position)) != nullptr;) {
        std::string const name { record->name () };
        EXPECT_TRUE (seen.insert (name).second) << name << " twice";
        position += record->size;
        if (name.starts_with ("file")) {
            if (int const number = std::stoi (name.substr (4)); number % 2 == 0) {
                EXPECT_TRUE (files.remove (*d, name).ok ());
                if (number % 3 == 0)
                    make (*d, "n" + std::to_string (number));
            }
        }
    }
    for (int i = 0; i < 600; ++i)
        EXPECT_TRUE (seen.contains ("file" + std::to_string (i))) << i;
    EXPECT_TRUE (seen.contains (".") && seen.contains (".."));
}

TEST_F (UnixFiles, HaveTimes)
{
    Node* const f = make (root (), "f");
    FileTime const made = f->modified;
    EXPECT_TRUE (files.truncate (*f, 10).ok ());
    EXPECT_GT (f->modified, made);
    EXPECT_EQ (f->modified, f->changed);
    FileTime const written = f->modified;
    FileTime const listed = root ().modified;
    EXPECT_TRUE (files.make_link (root (), "g", *f).ok ());
    EXPECT_EQ (f->modified, written);
    EXPECT_GT (f->changed, written);
    EXPECT_GT (root ().modified, listed);
}

// A model: directories are maps, and links are pointers.

struct Model {
    bool is_directory { false };
    std::string data {};
    std::map<std::string, std::shared_ptr<Model>> entries {};
    Model* parent { nullptr };
    Word links { 1 };
};

using Shared = std::shared_ptr<Model>;

class UnixFilesModel : public UnixFiles {
protected:
    static constexpr Word few_frames = 40;

    UnixFilesModel ()
    {
        EXPECT_TRUE (files.create ({ frames, few_frames }));
        top->is_directory = true;
        top->parent = top.get ();
        top->links = 2;
    }

    /// A directory that is there, in both.
    std::pair<Model*, Node*> any_directory ()
    {
        Model* model = top.get ();
        Node* node = &files.root ();
        while (!random.one_in (3)) {
            std::string const name = any_name ();
            auto const found = model->entries.find (name);
            if (found == model->entries.end () || !found->second->is_directory)
                break;
            model = found->second.get ();
            node = files.find (*node, name);
        }
        return { model, node };
    }
    std::string any_name ()
    {
        std::string const letter (1, static_cast<char> ('a' + random.below (5)));
        return random.one_in (8) ? letter + std::string (200, 'x') : letter;
    }
    static bool is_inside (Model const* at, Model const* directory)
    {
        for (;; at = at->parent) {
            if (at == directory)
                return true;
            if (at->parent == at)
                return false;
        }
    }

    static Result may_make (Model const& directory, std::string const& name)
    {
        return directory.entries.contains (name) ? Result { Errno::exists } : Result { Word { 0 } };
    }
    void make_file ();
    void make_directory ();
    void make_link ();
    void remove ();
    void remove_directory ();
    void rename ();
    void write ();

    void compare (Model const& model, Node const& node);
    void remove_all (Model& model, Node& node);

    Random random {};
    Shared top { std::make_shared<Model> () };
};

void UnixFilesModel::make_file ()
{
    auto const [model, node] = any_directory ();
    std::string const name = any_name ();
    Result const got = files.make_node (*node, name, mode::regular | 0644, 0);
    if (got == Errno::no_space)
        return;
    EXPECT_EQ (got, may_make (*model, name));
    if (got.ok ())
        model->entries[name] = std::make_shared<Model> ();
}

void UnixFilesModel::make_directory ()
{
    auto const [model, node] = any_directory ();
    std::string const name = any_name ();
    Result const got = files.make_directory (*node, name, 0755);
    if (got == Errno::no_space)
        return;
    EXPECT_EQ (got, may_make (*model, name));
    if (!got.ok ())
        return;
    auto const made = std::make_shared<Model> ();
    made->is_directory = true;
    made->parent = model;
    made->links = 2;
    model->entries[name] = made;
    ++model->links;
}

void UnixFilesModel::make_link ()
{
    auto const [model, node] = any_directory ();
    auto const [from, from_node] = any_directory ();
    std::string const old = any_name ();
    std::string const name = any_name ();
    if (!from->entries.contains (old))
        return;
    Result const got = files.make_link (*node, name, *files.find (*from_node, old));
    if (got == Errno::no_space)
        return;
    Shared const target = from->entries[old];
    Result wanted = may_make (*model, name);
    if (wanted.ok () && target->is_directory)
        wanted = Errno::not_permitted;
    EXPECT_EQ (got, wanted);
    if (got.ok ()) {
        model->entries[name] = target;
        ++target->links;
    }
}

void UnixFilesModel::remove ()
{
    auto const [model, node] = any_directory ();
    std::string const name = any_name ();
    auto const found = model->entries.find (name);
    Result wanted = Word { 0 };
    if (found == model->entries.end ())
        wanted = Errno::no_entry;
    else if (found->second->is_directory)
        wanted = Errno::is_a_directory;
    EXPECT_EQ (files.remove (*node, name), wanted);
    if (wanted.ok ()) {
        --found->second->links;
        model->entries.erase (found);
    }
}

void UnixFilesModel::remove_directory ()
{
    auto const [model, node] = any_directory ();
    std::string const name = any_name ();
    auto const found = model->entries.find (name);
    Result wanted = Word { 0 };
    if (found == model->entries.end ())
        wanted = Errno::no_entry;
    else if (!found->second->is_directory)
        wanted = Errno::not_a_directory;
    else if (!found->second->entries.empty ())
        wanted = Errno::not_empty;
    EXPECT_EQ (files.remove_directory (*node, name), wanted);
    if (wanted.ok ()) {
        --model->links;
        model->entries.erase (found);
    }
}

void UnixFilesModel::rename ()
{
    auto const [from, from_node] = any_directory ();
    auto const [to, to_node] = any_directory ();
    std::string const old = any_name ();
    std::string const name = any_name ();
    Result const got = files.rename (*from_node, old, *to_node, name);
    if (got == Errno::no_space)
        return;
    auto const found = from->entries.find (old);
    if (found == from->entries.end ()) {
        EXPECT_EQ (got, Errno::no_entry);
        return;
    }
    Shared const moved = found->second;
    auto const there = to->entries.find (name);
    Shared const replaced = there == to->entries.end () ? nullptr : there->second;
    Result wanted = Word { 0 };
    if (moved->is_directory && is_inside (to, moved.get ()))
        wanted = Errno::invalid;
    else if (replaced == moved) {
        EXPECT_EQ (got, wanted);
        return;
    } else if (replaced != nullptr && replaced->is_directory && is_inside (from, replaced.get ()))
        wanted = Errno::not_empty;
    else if (replaced != nullptr && moved->is_directory && !replaced->is_directory)
        wanted = Errno::not_a_directory;
    else if (replaced != nullptr && !moved->is_directory && replaced->is_directory)
        wanted = Errno::is_a_directory;
    else if (replaced != nullptr && !replaced->entries.empty ())
        wanted = Errno::not_empty;
    EXPECT_EQ (got, wanted);
    if (!wanted.ok ())
        return;
    if (replaced != nullptr) {
        --replaced->links;
        to->links -= replaced->is_directory ? 1 : 0;
    }
    from->entries.erase (old);
    to->entries[name] = moved;
    if (moved->is_directory) {
        moved->parent = to;
        --from->links;
        ++to->links;
    }
}

void UnixFilesModel::write ()
{
    auto const [model, node] = any_directory ();
    std::string const name = any_name ();
    auto const found = model->entries.find (name);
    if (found == model->entries.end () || found->second->is_directory)
        return;
    std::string& data = found->second->data;
    Node& file = *files.find (*node, name);
    Word const at = random.below (9000);
    if (random.one_in (3)) {
        EXPECT_TRUE (files.truncate (file, at).ok ());
        data.resize (at);
        return;
    }
    std::string const text (random.below (6000), static_cast<char> ('a' + random.below (26)));
    Word const done = UnixFiles::write (file, at, text);
    if (done == 0)
        return;
    data.resize (std::max<std::size_t> (data.size (), at + done));
    data.replace (at, done, text, 0, done);
}

void UnixFilesModel::compare (Model const& model, Node const& node)
{
    ASSERT_EQ (node.links, model.links);
    ASSERT_EQ (node.is_directory (), model.is_directory);
    if (!model.is_directory) {
        ASSERT_EQ (read (node), model.data);
        return;
    }
    std::set<std::string> names;
    Word position = 0;
    for (Record const* record; (record = Directory { node }.next (position)) != nullptr; ++position)
        ASSERT_TRUE (names.insert (std::string { record->name () }).second);
    ASSERT_EQ (names.size (), model.entries.size () + 2);
    ASSERT_EQ (Directory { node }.is_empty (), model.entries.empty ());
    ASSERT_EQ (files.find (node, "."), &node);
    for (auto const& [name, entry] : model.entries) {
        Node const* const found = files.find (node, name);
        ASSERT_NE (found, nullptr) << name;
        if (entry->is_directory) {
            ASSERT_EQ (&files.parent (*found), &node);
        }
        compare (*entry, *found);
    }
}

void UnixFilesModel::remove_all (Model& model, Node& node)
{
    for (auto const& [name, entry] : model.entries) {
        if (entry->is_directory)
            remove_all (*entry, *files.find (node, name));
        EXPECT_TRUE ((entry->is_directory ? files.remove_directory (node, name)
                                          : files.remove (node, name)).ok ());
    }
}

TEST_F (UnixFilesModel, DoWhatTheModelDoes)
{
    SCOPED_TRACE (random.replay ());
    bool was_full = false;
    for (int step = 0; step < 6000 && !HasFailure (); ++step) {
        switch (random.below (8)) {
        case 0: make_file (); break;
        case 1: make_directory (); break;
        case 2: make_link (); break;
        case 3: remove (); break;
        case 4: remove_directory (); break;
        case 5: rename (); break;
        default: write (); break;
        }
        was_full = was_full || files.budget ().available () == 0;
        if (step % 8 == 0)
            compare (*top, files.root ());
    }
    EXPECT_TRUE (was_full) << "memory has been short";
    // Everything goes, and with it all frames but those of nodes and of the root directory.
    remove_all (*top, files.root ());
    EXPECT_EQ (files.nodes ().count (), 1u);
    Word const of_nodes = files.budget ().used () - files.root ().pages.count ();
    EXPECT_LE (of_nodes, Nodes::capacity / Nodes::per_frame);
    EXPECT_LE (of_nodes, 3u);
}

}  // namespace
