// SPDX-License-Identifier: BSD-2-Clause
/// @file  Signals: masks, handlers and their frames, calls that they interrupt, children that end,
///        stop and go on, and a child that computes and must be interrupted.
#include "linux.h"

using namespace linux_i386;

namespace {

int volatile count;
int volatile last;
int volatile depth;
Word volatile seen[8];

void note (int signal)
{
    count = count + 1;
    last = signal;
}

void nothing (int) {}

void nested (int signal)
{
    last = last * 100 + signal;
    depth = depth + 1;
    if (depth == 1)
        call (number_kill, static_cast<Word> (call (number_getpid)), signal_user_2);
    last = last * 10 + depth;
}

void look (int signal, Word* info, Word* context)
{
    last = signal;
    seen[0] = info[0];
    seen[1] = info[2];
    seen[2] = info[3];
    seen[3] = context[2 + 3 + 14];                      // EIP
    seen[4] = context[2 + 3 + 22];                      // the mask before
    std::uint16_t control = 0;
    asm volatile ("fnstcw %0" : "=m" (control));
    seen[5] = control;
}

/// Goes on behind the instruction that failed, which has six bytes.
void step_over (int, Word* info, Word* context)
{
    seen[0] = info[3];
    seen[1] = info[2];
    context[2 + 3 + 14] += 6;
}

void on_alternative (int)
{
    Word here;
    seen[0] = at (&here);
}

Word own () { return static_cast<Word> (call (number_getpid)); }
void send_self (Word signal) { call (number_kill, own (), signal); }

Word set_mask (Word how, Word bits)
{
    Word old = 0;
    call (number_sigprocmask, how, at (&bits), at (&old));
    return old;
}

constexpr Word block = 0, unblock = 1, set = 2;
constexpr Word bit (Word signal) { return 1u << (signal - 1); }

std::int32_t status_of_child (std::int32_t child, Word options = 0)
{
    int status = -1;
    std::int32_t const found
        = call (number_wait4, static_cast<Word> (child), at (&status), options);
    return found == child ? status : -1000 + found;
}

void test_handlers ()
{
    check ("sigaction", handle (signal_user_1, note), 0);
    send_self (signal_user_1);
    check ("a handler runs before kill returns", count * 100 + last, 110);
    check ("SIGKILL cannot be handled", handle (signal_kill, note), error_invalid);
    check ("signal 65 there is none", handle (65, note), error_invalid);
    check ("nobody has this number", call (number_kill, 30000, 0), error_no_process);
    OldAction old {};
    call (number_sigaction, signal_user_1, 0, at (&old));
    check ("sigaction tells the handler", static_cast<std::int32_t> (old.handler - at (note)), 0);

    Word number = number_kill, b = own (), c = signal_user_1, d = 22, e = 33, f = 44;
    asm volatile ("int $0x80" : "+a" (number), "+b" (b), "+c" (c), "+d" (d), "+S" (e), "+D" (f));
    check ("registers survive a handler", number == 0 && b == own () && c == signal_user_1
                                              && d == 22 && e == 33 && f == 44, 1);

    handle (signal_user_1, note, flag_reset);
    count = 0;
    std::int32_t const child = call (number_fork);
    if (child == 0) {
        send_self (signal_user_1);
        send_self (signal_user_1);
        leave (7);
    }
    check ("SA_RESETHAND: the second one ends the child", status_of_child (child), signal_user_1);
}

void test_masks ()
{
    handle (signal_user_1, note);
    count = 0;
    set_mask (block, bit (signal_user_1));
    send_self (signal_user_1);
    send_self (signal_user_1);
    check ("a blocked signal waits", count, 0);
    Word waiting[2] = {};
    call (number_rt_sigpending, at (waiting), 8);
    check ("sigpending", static_cast<std::int32_t> (waiting[0]), bit (signal_user_1));
    check ("the mask as it was", static_cast<std::int32_t> (set_mask (unblock, ~0u)),
           bit (signal_user_1));
    check ("unblocked it comes, once", count, 1);
    set_mask (set, ~0u);
    check ("SIGKILL and SIGSTOP cannot be blocked", static_cast<std::int32_t> (set_mask (set, 0)),
           static_cast<std::int32_t> (~(bit (signal_kill) | bit (signal_stop))));

    handle (signal_user_1, nested, 0, 0);
    handle (signal_user_2, nested, 0, 0);
    last = 0;
    depth = 0;
    send_self (signal_user_1);
    check ("another signal in the middle of a handler", last, 1012 * 100 + 22);
    handle (signal_user_1, nested, 0, bit (signal_user_2));
    last = 0;
    depth = 0;
    send_self (signal_user_1);
    check ("one that the handler blocks", last, (101 * 100 + 12) * 10 + 2);

    handle (signal_user_1, 1);
    send_self (signal_user_1);
    handle (signal_user_1, note);
    count = 0;
    set_mask (block, bit (signal_user_1));
    send_self (signal_user_1);
    Word const nobody[2] = {};
    check ("sigsuspend lets it in", call (number_rt_sigsuspend, at (nobody), 8),
           error_interrupted);
    check ("and its handler has run", count, 1);
    check ("with the first mask again", static_cast<std::int32_t> (set_mask (set, 0)),
           bit (signal_user_1));
}

void test_frames ()
{
    Action const action { at (look), flag_info, 0, 0, 0 };
    check ("rt_sigaction", call (number_rt_sigaction, signal_user_2, at (&action), 0, 8), 0);
    check ("rt_sigaction with another size", call (number_rt_sigaction, signal_user_2, 0, 0, 4),
           error_invalid);
    std::uint16_t const narrow = 0x027F;
    double volatile third = 1.0 / 3;
    double sum = 0;
    asm volatile ("fldcw %0" : : "m" (narrow));
    set_mask (set, bit (signal_terminate));
    Word number = number_kill;
    asm volatile ("fldl %2\n\t"
                  "int $0x80\n\t"
                  "fstpl %1"
                  : "+a" (number), "=m" (sum)
                  : "m" (third), "b" (own ()), "c" (signal_user_2)
                  : "memory");
    set_mask (set, 0);
    check ("SA_SIGINFO: the number", static_cast<std::int32_t> (seen[0]), signal_user_2);
    check ("who has sent it", static_cast<std::int32_t> (seen[2]),
           static_cast<std::int32_t> (own ()));
    check ("the mask in the frame", static_cast<std::int32_t> (seen[4]), bit (signal_terminate));
    check ("a handler has a fresh floating-point unit", static_cast<std::int32_t> (seen[5]), 0x37F);
    check ("and leaves the program's as it was", sum == third, 1);
    std::uint16_t control = 0;
    asm volatile ("fnstcw %0" : "=m" (control));
    check ("and its control word", control, narrow);

    Action const fault { at (step_over), flag_info, 0, 0, 0 };
    call (number_rt_sigaction, signal_segment, at (&fault), 0, 8);
    asm volatile ("movl %%eax, 0x1234\n\tnop" : : : "memory");
    check ("SIGSEGV has the address", static_cast<std::int32_t> (seen[0]), 0x1234);
    check ("and that nothing is there", static_cast<std::int32_t> (seen[1]), 1);
    handle (signal_segment, Word { 0 });

    static char stack[8192];
    struct { Word begin, flags, size; } const alternative { at (stack), 0, sizeof stack };
    check ("sigaltstack", call (number_sigaltstack, at (&alternative)), 0);
    handle (signal_user_1, on_alternative, flag_on_stack);
    send_self (signal_user_1);
    check ("SA_ONSTACK", seen[0] - at (stack) < sizeof stack, 1);
}

void test_children ()
{
    handle (signal_child, note);
    count = 0;
    std::int32_t child = call (number_fork);
    if (child == 0)
        leave (3);
    check ("wait4", status_of_child (child), 3 << 8);
    check ("SIGCHLD came", count * 100 + last, 117);
    check ("there is no other child", call (number_wait4, ~0u, 0, 0), error_no_child);

    handle (signal_child, Word { 1 });
    child = call (number_fork);
    if (child == 0)
        leave (3);
    check ("who ignores SIGCHLD has no zombies", call (number_wait4, ~0u, 0, 0), error_no_child);
    handle (signal_child, Word { 0 });

    child = call (number_fork);
    if (child == 0)
        for (;;)
            call (number_pause);
    check ("WNOHANG", call (number_wait4, static_cast<Word> (child), 0, 1), 0);
    call (number_kill, static_cast<Word> (child), signal_stop);
    check ("WUNTRACED", status_of_child (child, 2), signal_stop << 8 | 0x7F);
    call (number_kill, static_cast<Word> (child), signal_continue);
    check ("WCONTINUED", status_of_child (child, 8), 0xFFFF);
    call (number_kill, static_cast<Word> (child), signal_terminate);
    check ("ended by SIGTERM", status_of_child (child), signal_terminate);

    child = call (number_vfork);
    if (child == 0)
        leave (9);
    check ("vfork", status_of_child (child), 9 << 8);
}

int volatile stop_it;
void stop_computing (int) { stop_it = 1; }

/// Children that compute: nothing but a signal reaches them.
void test_computing ()
{
    handle (signal_user_1, stop_computing);
    std::int32_t child = call (number_fork);
    if (child == 0) {
        Word steps = 1;
        while (stop_it == 0)
            asm volatile ("imull $3, %0\n\taddl $1, %0" : "+r" (steps));
        leave (steps == 0 ? 1 : 5);
    }
    sleep_milliseconds (30);
    call (number_kill, static_cast<Word> (child), signal_user_1);
    check ("a handler runs in the middle of a loop", status_of_child (child), 5 << 8);

    child = call (number_fork);
    if (child == 0)
        for (;;)
            ;
    sleep_milliseconds (20);
    call (number_kill, static_cast<Word> (child), signal_stop);
    check ("a loop can be stopped", status_of_child (child, 2), signal_stop << 8 | 0x7F);
    call (number_kill, static_cast<Word> (child), signal_continue);
    check ("and go on", status_of_child (child, 8), 0xFFFF);
    call (number_kill, static_cast<Word> (child), signal_interrupt);
    check ("and end", status_of_child (child), signal_interrupt);
}

void test_interrupted_calls ()
{
    for (Word round = 0; round < 2; ++round) {
        Word const flags = round * flag_restart;
        handle (signal_user_1, nothing, flags);
        Word const parent = own ();
        std::int32_t const child = call (number_fork);
        if (child == 0) {
            sleep_milliseconds (20);
            call (number_kill, parent, signal_user_1);
            sleep_milliseconds (20);
            leave (4);
        }
        int status = 0;
        std::int32_t const found = call (number_wait4, static_cast<Word> (child), at (&status), 0);
        if (flags == 0) {
            check ("wait4 is interrupted", found, error_interrupted);
            check ("and asked again", status_of_child (child), 4 << 8);
        } else {
            check ("SA_RESTART: wait4 goes on", found == child ? status : found, 4 << 8);
        }
    }
}

}  // namespace

void run ()
{
    test_handlers ();
    test_masks ();
    test_frames ();
    test_children ();
    test_computing ();
    test_interrupted_calls ();
}
