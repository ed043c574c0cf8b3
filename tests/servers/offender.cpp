// SPDX-License-Identifier: BSD-2-Clause
/// @file  Does what it may not: `offender port|memory|line|task|family|exception|thread|
///        deaf`. What has to end it ends
///        it; otherwise the status is 0 if it was refused, 1 if not.
#include <l4/exception.hpp>
#include <l4/ipc.hpp>
#include <root/protocol.hpp>
#include <runtime/ia32/ports.hpp>
#include <runtime/layout.hpp>
#include <runtime/main.hpp>
#include <runtime/task.hpp>
#include <runtime/thread.hpp>

namespace {

using l4::Word;

int read_foreign_port ()
{
    constexpr Word serial_line = 0x3F8;
    static_cast<void> (rt::in8 (serial_line + 7));
    return 1;
}

/// More than its limit, far above what the layout gives.
int use_too_much_memory ()
{
    constexpr l4::Address begin = 0x01000000;
    constexpr Word bytes = 4 * 1024 * 1024;
    if (!rt::call (root::service (), root::ReserveMemory { begin, begin + bytes }).ok ())
        return 2;
    for (l4::Address page = begin; page < begin + bytes; page += l4::page_size)
        *reinterpret_cast<Word volatile*> (page) = page;
    return 1;
}

int attach_foreign_line ()
{
    constexpr Word line = 4;
    constexpr l4::Timeouts at_once { l4::Timeout::never (), l4::Timeout::zero () };
    auto const dope = rt::receive (l4::interrupt_id (line), at_once).dope;
    return dope.error () == static_cast<Word> (l4::IpcError::not_existent) ? 0 : 1;
}

int create_foreign_task ()
{
    Word const behind = rt::info_page ().first_task + rt::info_page ().task_count;
    auto const id = l4::ThreadId::make ({ .task = behind, .lthread = 0, .version = 0, .chief = 0,
                                          .nest = 0, .site = 0 });
    bool const refused = rt::task_new (id, 0, 0, 0, l4::root_id).is_nil ();
    return refused && rt::start_task (rt::info_page ().task_count, nullptr, nullptr, nullptr,
                                      l4::root_id).is_nil () ? 0 : 1;
}

[[noreturn]] void execute_nothing (void*)
{
    asm volatile ("ud2");
    __builtin_unreachable ();
}

/// In a thread that is not the first.
int fail_elsewhere ()
{
    static rt::Stack<2048> stack;
    rt::start_thread (1, stack.top (), execute_nothing);
    rt::sleep_forever ();
}

/// Without the table that the runtime gave it: the kernel shuts the thread down.
int fail_unheard ()
{
    l4::PseudoDescriptor const none { 0, ~l4::Address { 0 } };
    asm volatile ("lidt (%%eax)" : : "a" (&none), "m" (none));
    execute_nothing (nullptr);
}

/// It ends before its child.
int leave_a_child ()
{
    if (root::start ("colour_memory").task == 0)
        return 1;
    return root::await_name ("colour_memory").is_nil () ? 1 : 0;
}

}  // namespace

int main (std::string_view arguments)
{
    if (arguments == "port")
        return read_foreign_port ();
    if (arguments == "memory")
        return use_too_much_memory ();
    if (arguments == "line")
        return attach_foreign_line ();
    if (arguments == "task")
        return create_foreign_task ();
    if (arguments == "exception")
        execute_nothing (nullptr);
    if (arguments == "thread")
        return fail_elsewhere ();
    if (arguments == "deaf")
        return fail_unheard ();
    if (arguments == "family")
        return leave_a_child ();
    return 2;
}
