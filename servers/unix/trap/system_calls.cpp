// SPDX-License-Identifier: BSD-2-Clause
#include "system_calls.hpp"

#include <runtime/ipc.hpp>
#include <runtime/print.hpp>

#include "../process/tls.hpp"

namespace unix_server {

namespace {

constexpr Word ok = 0;

bool is_terminal (Word file) { return file <= 2; }

/// i386 cannot tell execution from reading, and cannot write without reading.
Region region_of (Address begin, Address end, Word protection)
{
    return { begin, end, protection != 0, (protection & mapping::write) != 0 };
}

/// Whether [begin, begin + size) can be a part of a space; `end` is rounded up then.
bool is_range (Address begin, Word size, Address& end)
{
    if (layout::page_down (begin) != begin || size == 0 || begin > layout::user_end
        || size > layout::user_end - begin)
        return false;
    end = layout::page_up (begin + size);
    return true;
}

}  // namespace

Outcome SystemCalls::answer (Process& process, Result result, Word flags)
{
    process.state = Process::State::running;
    process.call_page ().eax = result.raw ();
    return { Kind::answer, flags };
}

Outcome SystemCalls::perform (Process& process)
{
    CallPage const& in = process.trap;
    process.call_page ().eip = in.eip + int_instruction_size;
    switch (static_cast<SystemCall> (in.eax)) {
    case SystemCall::exit:
    case SystemCall::exit_group: end (process, exited (in.ebx)); return { Kind::ended };
    case SystemCall::execve: return execve (process);
    case SystemCall::waitpid: return wait (process, in.ebx, in.ecx, in.edx);
    case SystemCall::wait4: return wait (process, in.ebx, in.ecx, in.edx);
    case SystemCall::set_thread_area: return set_thread_area (process, in.ebx);
    case SystemCall::fork:
    case SystemCall::vfork: return answer (process, fork (process));
    case SystemCall::write: return answer (process, write (process, in.ebx, in.ecx, in.edx));
    case SystemCall::writev: return answer (process, writev (process, in.ebx, in.ecx, in.edx));
    case SystemCall::getpid:
    case SystemCall::gettid:
    case SystemCall::set_tid_address: return answer (process, process.pid);
    case SystemCall::getppid: return answer (process, process.parent);
    case SystemCall::getuid:
    case SystemCall::getgid:
    case SystemCall::geteuid:
    case SystemCall::getegid:
    case SystemCall::getuid32:
    case SystemCall::getgid32:
    case SystemCall::geteuid32:
    case SystemCall::getegid32: return answer (process, ok);        // everybody is root
    case SystemCall::brk: return answer (process, brk (process, in.ebx));
    case SystemCall::mmap2: return answer (process, mmap2 (process));
    case SystemCall::munmap: return answer (process, munmap (process, in.ebx, in.ecx));
    case SystemCall::mprotect:
        return answer (process, mprotect (process, in.ebx, in.ecx, in.edx));
    case SystemCall::uname: return answer (process, uname (process, in.ebx));
    case SystemCall::read:
    case SystemCall::open:
    case SystemCall::close:
    case SystemCall::ioctl: break;                                  // there are no files yet
    }
    return answer (process, unknown (process));
}

Result SystemCalls::unknown (Process& process)
{
    rt::print ("unix: process ", process.pid, ": unknown system call ", process.trap.eax, " at ",
               rt::hex (process.trap.eip), "\n");
    return Errno::no_system_call;
}

// Processes.

void SystemCalls::end (Process& process, Word status)
{
    Word const parent = process.parent;
    system_.processes.end (process, status, system_.frames);
    Process* const waiter = system_.processes.find_alive (parent);
    if (waiter == nullptr || waiter->state != Process::State::waiting)
        return;
    if (Outcome const outcome = perform (*waiter); outcome.kind == Kind::answer)
        rt::send (waiter->thread, { outcome.flags, 0 }, rt::reply_timeouts);
}

Outcome SystemCalls::wait (Process& process, Word pid, Address status, Word options)
{
    auto const is_wanted = [&] (Process const& child) {
        bool const any = static_cast<std::int32_t> (pid) <= 0;
        return child.parent == process.pid && (any || child.pid == pid);
    };
    Process* const zombie = system_.processes.find_if ([&] (Process const& child) {
        return child.state == Process::State::zombie && is_wanted (child);
    });
    if (zombie != nullptr) {
        if (status != 0 && !process.space.write (status, zombie->status, system_.frames))
            return answer (process, Errno::fault);
        Word const ended = zombie->pid;
        system_.processes.forget (*zombie);
        return answer (process, ended);
    }
    if (system_.processes.find_if (is_wanted) == nullptr)
        return answer (process, Errno::no_child);
    if ((options & waiting::no_hang) != 0)
        return answer (process, ok);
    process.state = Process::State::waiting;
    return { Kind::wait };
}

Result SystemCalls::fork (Process& process)
{
    Process* const child = system_.processes.create (process.pid, system_.frames);
    if (child == nullptr)
        return Errno::again;
    child->heap_begin = process.heap_begin;
    child->heap_end = process.heap_end;
    child->call_page () = process.call_page ();
    child->call_page ().eax = 0;
    if (process.space.copy_to (child->space, system_.frames)
        && system_.processes.start (*child))
        return child->pid;
    system_.processes.end (*child, 0, system_.frames);
    system_.processes.forget (*child);
    return Errno::no_memory;
}

// Programs.

Result SystemCalls::read_path (Process& process, Address from)
{
    constexpr Word longest = 255;
    system_.path.clear ();
    char text[longest];
    for (Word length = 0; length < longest; ++length) {
        if (!process.space.read (text[length], from + length, system_.frames))
            return Errno::fault;
        if (text[length] == '\0')
            return system_.path.add ({ text, length }) ? Result { ok }
                                                       : Result { Errno::name_too_long };
    }
    return Errno::name_too_long;
}

/// A vector of strings, which a zero ends. What is too long ends in EFAULT as well.
bool SystemCalls::read_strings (Process& process, Address vector, StringList& list)
{
    constexpr Word longest = 1024;
    static constinit char text[longest] {};
    list.clear ();
    if (vector == 0)
        return true;
    for (;; vector += sizeof (Address)) {
        Address string = 0;
        if (!process.space.read (string, vector, system_.frames))
            return false;
        if (string == 0)
            return true;
        Word length = 0;
        do {
            if (length == longest
                || !process.space.read (text[length], string + length, system_.frames))
                return false;
        } while (text[length++] != '\0');
        if (!list.add ({ text, length - 1 }))
            return false;
    }
}

Outcome SystemCalls::execve (Process& process)
{
    CallPage const& in = process.trap;
    if (Result const path = read_path (process, in.ebx); !path.ok ())
        return answer (process, path);
    if (!read_strings (process, in.ecx, system_.arguments.values)
        || !read_strings (process, in.edx, system_.arguments.environment))
        return answer (process, Errno::fault);
    LoadOrder order;
    if (Result const found = find_program (system_.root, system_.path.first (), order);
        !found.ok ())
        return answer (process, found);
    process.space.destroy (system_.frames);
    if (!process.space.create (system_.frames)
        || !load_program (process, order, system_.arguments, system_.frames)) {
        constexpr Word killed = 9;
        end (process, ended_by (killed));
        return { Kind::ended };
    }
    __builtin_memset (process.call_page ().descriptors, 0, sizeof (CallPage::descriptors));
    return { Kind::answer, answer_with_segments };
}

bool SystemCalls::start_first (std::string_view path, Arguments const& arguments)
{
    LoadOrder order;
    if (Result const found = find_program (system_.root, path, order); !found.ok ()) {
        rt::print ("unix: ", path,
                   found == Errno::no_entry ? std::string_view { ": not found\n" }
                                            : std::string_view { ": not a program\n" });
        return false;
    }
    Process* const process = system_.processes.create (0, system_.frames);
    if (process == nullptr || !load_program (*process, order, arguments, system_.frames)
        || !system_.processes.start (*process)) {
        rt::print ("unix: ", path, ": no memory or no task for it\n");
        return false;
    }
    return true;
}

// Memory.

/// As Linux has it: what cannot be leaves everything as it is, and the result is the end.
Result SystemCalls::brk (Process& process, Address end)
{
    if (end < process.heap_begin || end >= layout::mappings_end)
        return process.heap_end;
    Address const before = layout::page_up (process.heap_end);
    Address const after = layout::page_up (end);
    if (after > before
        && (!process.space.is_free (before, after)
            || !process.space.map ({ before, after, true, true }, system_.frames)))
        return process.heap_end;
    if (after < before && !process.space.unmap (after, before, system_.frames))
        return process.heap_end;
    process.heap_end = end;
    return end;
}

Result SystemCalls::mmap2 (Process& process)
{
    CallPage const& in = process.trap;
    Word const flags = in.esi;
    if ((flags & mapping::anonymous) == 0)
        return Errno::bad_descriptor;
    if ((flags & mapping::is_private) == 0 || in.ecx == 0)
        return Errno::invalid;
    Address begin = in.ebx;
    Address end = 0;
    if ((flags & mapping::fixed) == 0
        && (begin < layout::lowest || !is_range (begin, in.ecx, end)
            || !process.space.is_free (begin, end)))
        begin = process.space.find_place (in.ecx);
    if (begin == 0)
        return Errno::no_memory;
    if (!is_range (begin, in.ecx, end))
        return Errno::invalid;
    return process.space.map (region_of (begin, end, in.edx), system_.frames)
               ? Result { begin }
               : Result { Errno::no_memory };
}

Result SystemCalls::munmap (Process& process, Address begin, Word size)
{
    Address end = 0;
    if (!is_range (begin, size, end))
        return Errno::invalid;
    return process.space.unmap (begin, end, system_.frames) ? Result { ok }
                                                            : Result { Errno::no_memory };
}

Result SystemCalls::mprotect (Process& process, Address begin, Word size, Word protection)
{
    Address end = 0;
    if (size == 0 && layout::page_down (begin) == begin)
        return ok;
    if (!is_range (begin, size, end))
        return Errno::invalid;
    return process.space.protect (region_of (begin, end, protection)) ? Result { ok }
                                                                      : Result { Errno::no_memory };
}

// Output.

Result SystemCalls::write (Process& process, Word file, Address from, Word size)
{
    if (!is_terminal (file))
        return Errno::bad_descriptor;
    for (Word done = 0; done < size;) {
        char text[64];
        Word const part = size - done < sizeof text ? size - done : sizeof text;
        if (!process.space.read (text, from + done, part, system_.frames))
            return done != 0 ? Result { done } : Result { Errno::fault };
        rt::write ({ text, part });
        done += part;
    }
    return size;
}

Result SystemCalls::writev (Process& process, Word file, Address vectors, Word count)
{
    constexpr Word most_vectors = 1024;
    constexpr Word most_bytes = 0x7FFFFFFF;
    if (count > most_vectors)
        return Errno::invalid;
    Word done = 0;
    for (Word i = 0; i < count; ++i) {
        IoVector part {};
        Result written = Errno::fault;
        if (process.space.read (part, vectors + i * sizeof part, system_.frames))
            written = part.size > most_bytes - done ? Result { Errno::invalid }
                                                    : write (process, file, part.base, part.size);
        if (!written.ok ())
            return done != 0 ? Result { done } : written;
        done += written.raw ();
        if (written.raw () != part.size)
            break;
    }
    return done;
}

// The rest.

Result SystemCalls::uname (Process& process, Address to)
{
    static constexpr SystemName name { "Linux", "pecan", "2.6.39", "Pecan", "i486", "(none)" };
    return process.space.write (to, name, system_.frames) ? Result { ok }
                                                          : Result { Errno::fault };
}

Outcome SystemCalls::set_thread_area (Process& process, Address user)
{
    UserDescriptor wanted {};
    if (!process.space.read (wanted, user, system_.frames))
        return answer (process, Errno::fault);
    auto* const words = process.call_page ().descriptors;
    if (wanted.entry == choose_entry) {
        wanted.entry = first_tls_entry;
        while (wanted.entry < first_tls_entry + l4::tls_descriptors
               && (words[2 * (wanted.entry - first_tls_entry)]
                   | words[2 * (wanted.entry - first_tls_entry) + 1]) != 0)
            ++wanted.entry;
    }
    Word const index = wanted.entry - first_tls_entry;
    if (index >= l4::tls_descriptors || (!is_empty (wanted) && !can_encode (wanted)))
        return answer (process, Errno::invalid);
    if (!process.space.write (user, wanted.entry, system_.frames))
        return answer (process, Errno::fault);
    Descriptor const descriptor = is_empty (wanted) ? Descriptor {} : encode (wanted);
    words[2 * index] = descriptor.low;
    words[2 * index + 1] = descriptor.high;
    return answer (process, ok, answer_with_segments);
}

}  // namespace unix_server
