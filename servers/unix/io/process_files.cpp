// SPDX-License-Identifier: BSD-2-Clause
#include "process_files.hpp"

#include "terminal_device.hpp"

namespace unix_server {

namespace {

/// Close those descriptors that fulfil the condition.
template <typename Condition>
void close_if (System& system, Process& process, Condition is_wanted)
{
    for (Word descriptor = 0; descriptor < Descriptors::capacity; ++descriptor) {
        if (process.descriptors.find (descriptor) == nullptr || !is_wanted (descriptor))
            continue;
        OpenFile* const file = process.descriptors.set (descriptor, nullptr, false);
        release_file (system, *file);
    }
}

Node* find_console (FileSystem& files)
{
    Node* const devices = files.find (files.root (), "dev");
    return devices == nullptr ? nullptr : files.find (*devices, "console");
}

}  // namespace

void release_file (System& system, OpenFile& file)
{
    if (--file.uses != 0)
        return;
    file.operations->close (system, file);
    system.files.release (*file.node);
    file = {};
}

Result open_standard_files (System& system, Process& process)
{
    process.directory = &system.files.root ();
    FileSystem::hold (*process.directory);
    process.creation_mask = 022;
    Node* const console = find_console (system.files);
    OpenFile* const file = console == nullptr
                               ? nullptr
                               : system.open_files.create (terminal_operations, *console,
                                                           open_flag::read_write);
    if (file == nullptr)
        return Errno::table_full;
    FileSystem::hold (*console);
    file->uses = 3;
    for (Word descriptor = 0; descriptor < file->uses; ++descriptor)
        process.descriptors.set (descriptor, file, false);
    return Word { 0 };
}

void inherit_files (Process const& parent, Process& child)
{
    child.descriptors = parent.descriptors.share ();
    child.directory = parent.directory;
    FileSystem::hold (*child.directory);
    child.creation_mask = parent.creation_mask;
}

void close_for_exec (System& system, Process& process)
{
    close_if (system, process, [&process] (Word descriptor) {
        return process.descriptors.close_on_exec (descriptor);
    });
}

void forget_pending (System& system, Process& process)
{
    if (process.pending.file != nullptr)
        release_file (system, *process.pending.file);
    process.pending = {};
}

void close_files (System& system, Process& process)
{
    forget_pending (system, process);
    close_if (system, process, [] (Word) { return true; });
    if (process.directory != nullptr)
        system.files.release (*process.directory);
    process.directory = nullptr;
}

}  // namespace unix_server
