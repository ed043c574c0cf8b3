// SPDX-License-Identifier: BSD-2-Clause
/// @file  The Unix server: `unix [--root NAME] -c 'COMMAND'` runs a command by the shell of its
///        root file system, or, if there is none, the program that the command names; the status is
///        the program's.
#include <new>

#include <root/protocol.hpp>
#include <runtime/main.hpp>
#include <runtime/print.hpp>

#include "command_line.hpp"
#include "fs/content.hpp"
#include "fs/unpack.hpp"
#include "process/process_calls.hpp"
#include "server.hpp"

namespace unix_server {

void revoke (Address frame, Revoke what)
{
    rt::fpage_unmap (l4::Fpage::memory (frame, l4::page_bits),
                     what == Revoke::all ? l4::unmap_completely : l4::unmap_remap_read_only);
}

namespace {

constexpr Address frames_begin = 0x00400000;
constexpr Word frame_count = 1024;
constexpr Word most_file_frames = frame_count / 2;
constexpr Address root_begin = 0x10000000;
constexpr int status_usage = 2;
constexpr int status_not_found = 127;

/// Made by main: before that all zeros, which take no room in the file.
union StatePlace {
    constexpr StatePlace () : nothing {} {}

    char nothing;
    System system;
};

constinit StatePlace place;
constinit System& state = place.system;
constinit Server server { state };
constinit Arguments arguments {};

}  // namespace

void begin_mapping (Node& file) { FileSystem::begin_mapping (file); }

void end_mapping (Node& file) { state.files.end_mapping (file); }

Address share_file_page (Node& file, Word page)
{
    return frame_to_map (file, page, state.files.budget ());
}

FileTime current_time ()
{
    auto const now = from_time<TimeSpec64> (state.boot_time + rt::clock ());
    return { now.seconds, static_cast<Word> (now.nanoseconds) };
}

namespace {

bool map_root (std::string_view name)
{
    auto const found = rt::call (root::service (), root::FindModule { name });
    if (!found.ok ()) {
        rt::print ("unix: no root file system ", name, ": ", text (found.error), "\n");
        return false;
    }
    auto const& module = found.value;
    for (Word page = 0; page * l4::page_size < module.offset + module.size; ++page)
        if (!root::map_module (module.index, page, root_begin + page * l4::page_size))
            return false;
    auto const* const bytes = reinterpret_cast<std::byte const*> (root_begin + module.offset);
    if (!unpack ({ bytes, module.size }, state.files))
        rt::print ("unix: the root file system is damaged, or there is no room for it\n");
    return make_devices (state.files);
}

bool set_up (std::string_view root)
{
    Address const end = frames_begin + frame_count * l4::page_size;
    if (!rt::call (root::service (), root::ReserveMemory { frames_begin, end }).ok ())
        return false;
    state.frames = Frames { frames_begin, frame_count };
    if (!state.files.create ({ state.frames, most_file_frames }))
        return false;
    return map_root (root);
}

bool has_shell ()
{
    Place found;
    Node& root = state.files.root ();
    return state.paths[0].set (shell)
           && state.paths[0].walk (state.files, root, LastLink::follow, found).ok ()
           && found.node != nullptr;
}

}  // namespace

}  // namespace unix_server

/// What the server itself has to say goes the same way as what processes write.
void rt::write (std::string_view text) { unix_server::state.printer.print (text); }

int main (std::string_view line)
{
    using namespace unix_server;
    new (&state) System {};
    if (RootName const root { line }; !set_up (root.module ()))
        return status_not_found;
    if (!read_command_line (line, has_shell (), arguments)) {
        rt::print ("usage: unix [--root NAME] [-c 'COMMAND']\n");
        return status_usage;
    }
    Address const emulation_frame
        = prepare_emulation_page (rt::myself ().low (), rt::myself ().high ());
    if (!start_first (state, arguments.values.first (), arguments))
        return status_not_found;
    server.run (emulation_frame);
}
