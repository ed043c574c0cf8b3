// SPDX-License-Identifier: BSD-2-Clause
/// @file  An observer that does to the model what is done to the database, and compares answers.
#pragma once

#include "mapdb_world.hpp"

#include <gtest/gtest.h>

class ModelMirror : public toy::Observer {
public:
    MapModel model;

    void mapped (Where from, Where to, bool writable) override { model.map (from, to, writable); }
    void upgraded (Where where) override { model.upgrade (where); }
    void granted (Where from, Where to, bool writable) override
    {
        model.grant (from, to, writable);
    }
    void taken_back (std::vector<Where> const& pages, kernel::MapAction action,
                     kernel::MapScope scope) override
    {
        bool const self_too = scope == kernel::MapScope::self_too;
        for (Where const where : pages)
            action == kernel::MapAction::remove ? model.unmap (where, self_too)
                                                : model.make_read_only (where, self_too);
    }
    void answered_above (Where above, Where below, bool answer) override
    {
        EXPECT_EQ (answer, model.is_above (above, below));
    }
    void answered_child (Where child, Where parent, bool answer) override
    {
        EXPECT_EQ (answer, model.is_child (child, parent));
    }
};

/// A world and its model.
struct MirroredWorld {
    explicit MirroredWorld (unsigned spaces, unsigned slots, l4::Word frames = 64)
        : world { mirror, spaces, slots, frames }
    {
    }

    /// Whether both agree.
    [[nodiscard]] bool agrees () { return world.consistent () && world.pages () == pages (); }
    [[nodiscard]] MapModel::Pages const& pages () const { return mirror.model.pages (); }

    ModelMirror mirror;
    toy::World world;
};
