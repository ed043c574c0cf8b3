// SPDX-License-Identifier: BSD-2-Clause
/// @file  The Unix server: `unix [--root NAME] -c 'COMMAND'` runs a command by the shell of its
///        root file system, or, if there is none, the program that the command names; the status is
///        the program's.
///
/// One thread does everything: it is the pager of its processes and answers their traps, one
/// message at a time, and waits for nobody but the console.
#include <l4/protocol/page_fault.hpp>
#include <root/protocol.hpp>
#include <runtime/exit.hpp>
#include <runtime/main.hpp>
#include <runtime/print.hpp>
#include <runtime/server.hpp>

#include "command_line.hpp"
#include "process/process_calls.hpp"
#include "trap/system_calls.hpp"

namespace unix_server {

void revoke (Address frame, Revoke what)
{
    rt::fpage_unmap (l4::Fpage::memory (frame, l4::page_bits),
                     what == Revoke::all ? l4::unmap_completely : l4::unmap_remap_read_only);
}

namespace {

constexpr Address frames_begin = 0x00400000;
constexpr Word frame_count = 1024;
constexpr Address root_begin = 0x10000000;
constexpr int status_usage = 2;
constexpr int status_not_found = 127;

/// Signals that exceptions become.
constexpr Word signal_of (Word vector)
{
    constexpr Word floating_point = 8, trap = 5, segment = 11, illegal = 4, bus = 7;
    switch (vector) {
    case 0: case 7: case 9: case 16: case 19: return floating_point;
    case 1: case 3: return trap;
    case 6: return illegal;
    case 17: return bus;
    default: return segment;
    }
}

class Server {
public:
    constexpr explicit Server (System& system) : system_ { system } {}

    [[nodiscard]] bool set_up (std::string_view root);
    [[nodiscard]] bool start (Arguments const& arguments)
    {
        return start_first (system_, arguments.values.first (), arguments);
    }
    [[nodiscard]] bool has_shell () const { return system_.root.find (shell).has_value (); }
    [[nodiscard]] rt::Answer handle (rt::Incoming const& message);

private:
    [[nodiscard]] bool map_root (std::string_view name);
    [[nodiscard]] rt::Answer handle_trap (Process& process);
    [[nodiscard]] rt::Answer handle_fault (Process& process, l4::PageFaultMessage fault);
    [[nodiscard]] rt::Answer kill (Process& process, Word signal, Address instruction);
    void retry_woken ();
    void end_with_first ();

    System& system_;
    Address emulation_frame_ { 0 };
};

bool Server::map_root (std::string_view name)
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
    system_.root = Archive { { bytes, module.size } };
    return true;
}

bool Server::set_up (std::string_view root)
{
    Address const end = frames_begin + frame_count * l4::page_size;
    if (!rt::call (root::service (), root::ReserveMemory { frames_begin, end }).ok ())
        return false;
    system_.frames = Frames { frames_begin, frame_count };
    emulation_frame_ = prepare_emulation_page (rt::myself ().low (), rt::myself ().high ());
    return map_root (root);
}

rt::Answer Server::handle (rt::Incoming const& message)
{
    Process* const process = system_.processes.find_thread (message.client);
    if (process == nullptr)
        return rt::Answer::nothing ();
    rt::Words const words = message.words ();
    if (message.client != process->thread) {
        constexpr Word bad_system_call = 31;        // threads that the server did not make
        return kill (*process, bad_system_call, words.w1);
    }
    if (words.w0 == trap_message)
        return handle_trap (*process);
    return handle_fault (*process, { words.w0, words.w1 });
}

rt::Answer Server::handle_trap (Process& process)
{
    process.trap = process.call_page ();
    process.pending = {};
    if (process.trap.vector != general_protection
        || process.trap.error != error_code_of (system_call_vector))
        return kill (process, signal_of (process.trap.vector), process.trap.eip);
    Outcome const outcome = perform (system_, process);
    retry_woken ();
    end_with_first ();
    return outcome.kind == Outcome::Kind::answer ? rt::Answer::words (outcome.flags, 0)
                                                 : rt::Answer::nothing ();
}

rt::Answer Server::handle_fault (Process& process, l4::PageFaultMessage fault)
{
    constexpr Word segmentation_fault = 11;
    Address const page = layout::page_down (fault.address ());
    if (fault.is_io ())
        return kill (process, segmentation_fault, fault.instruction ());
    if (page == layout::emulation_page && !fault.is_write ())
        return rt::Answer::mapping (page, l4::Fpage::memory (emulation_frame_, l4::page_bits,
                                                             l4::Access::read_only));
    if (page == layout::call_page)
        return rt::Answer::mapping (page, l4::Fpage::memory (process.call_frame, l4::page_bits));
    Resolved const found
        = process.space.resolve (fault.address (), fault.is_write (), system_.frames);
    if (found.kind != Resolved::Kind::mapped)
        return kill (process, segmentation_fault, fault.instruction ());
    auto const access = found.writable ? l4::Access::read_write : l4::Access::read_only;
    return rt::Answer::mapping (page, l4::Fpage::memory (found.frame, l4::page_bits, access));
}

rt::Answer Server::kill (Process& process, Word signal, Address instruction)
{
    rt::print ("unix: process ", process.pid, ": signal ", signal, " at ", rt::hex (instruction),
               "\n");
    end_process (system_, process, ended_by (signal));
    retry_woken ();
    end_with_first ();
    return rt::Answer::nothing ();
}

void Server::retry_woken ()
{
    while (!system_.woken.empty ()) {
        Process& process = system_.processes.at (system_.woken.take_first ());
        if (process.state != Process::State::waiting)
            continue;
        if (Outcome const outcome = perform (system_, process);
            outcome.kind == Outcome::Kind::answer)
            rt::send (process.thread, { outcome.flags, 0 }, rt::reply_timeouts);
    }
}

/// The status of the first process is the server's; the tasks of all others end with it.
void Server::end_with_first ()
{
    Process const* const first = system_.processes.find_if (
        [] (Process const& process) { return process.pid == first_pid; });
    if (first != nullptr && !first->is_alive ())
        rt::exit (static_cast<int> (shell_status (first->status)));
}

constinit System state {};              // all zeros: it takes no room in the file
constinit Server server { state };
constinit Arguments arguments {};

}  // namespace

}  // namespace unix_server

int main (std::string_view line)
{
    using namespace unix_server;
    if (RootName const root { line }; !server.set_up (root.module ()))
        return status_not_found;
    if (!read_command_line (line, server.has_shell (), arguments)) {
        rt::print ("usage: unix [--root NAME] -c 'COMMAND'\n");
        return status_usage;
    }
    if (!server.start (arguments))
        return status_not_found;
    rt::serve ([] (rt::Incoming const& message) { return server.handle (message); });
}
