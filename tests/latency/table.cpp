// SPDX-License-Identifier: BSD-2-Clause
/// @file  Prints what a latency image has measured: for each way into the kernel the longest span
/// with interrupts off, in instructions. In the bundle of these images it is called `bench`.
#include <l4/syscall.hpp>
#include <runtime/main.hpp>
#include <runtime/print.hpp>

namespace {

using l4::Word;

constexpr Word start_up = 256;
constexpr Word first_interrupt = 0x20;
constexpr Word interrupts = 16;
constexpr Word report_key = 0x4E415053;

struct Row {
    Word longest;
    Word spans;
    Word began_at;          ///< 0: at the gate
    Word ended_at;
};

/// arch/ia32/latency/spans.asm
[[nodiscard]] Row read_row (Word number)
{
    Row row {};
    asm volatile ("int $0xFE"
                  : "=a"(row.longest), "=c"(row.spans), "=d"(row.began_at), "=b"(row.ended_at)
                  : "0"(number), "1"(report_key));
    return row;
}

struct Name {
    Word vector;
    std::string_view text;
};

constexpr Name names[] = {
    { 7, "device-not-available" },
    { 13, "general-protection" },
    { 14, "page-fault" },
    { first_interrupt, "clock-tick" },
    { static_cast<Word> (l4::SystemCall::ipc), "ipc" },
    { static_cast<Word> (l4::SystemCall::id_nearest), "id_nearest" },
    { static_cast<Word> (l4::SystemCall::fpage_unmap), "fpage_unmap" },
    { static_cast<Word> (l4::SystemCall::thread_switch), "thread_switch" },
    { static_cast<Word> (l4::SystemCall::thread_schedule), "thread_schedule" },
    { static_cast<Word> (l4::SystemCall::lthread_ex_regs), "lthread_ex_regs" },
    { static_cast<Word> (l4::SystemCall::task_new), "task_new" },
    { start_up, "start-up" },
};

void print_name (Word vector)
{
    for (Name const& name : names)
        if (name.vector == vector)
            return rt::print (name.text);
    bool const line = vector >= first_interrupt;
    rt::print (line ? "interrupt-" : "exception-", line ? vector - first_interrupt : vector);
}

void print_figures (Row const& row)
{
    rt::print (",", row.longest, ",", row.spans, ",", rt::hex (row.began_at), ",",
               rt::hex (row.ended_at), "\n");
}

[[nodiscard]] bool is_unused (Word vector)
{
    if (vector == start_up || vector < first_interrupt + interrupts)
        return false;
    for (Name const& name : names)
        if (name.vector == vector)
            return false;
    return true;
}

}  // namespace

int main (std::string_view)
{
    rt::print ("entry,longest,spans,from,to\n");
    Row unused {};
    for (Word vector = 0; vector <= start_up; ++vector) {
        Row const row = read_row (vector);
        if (row.spans == 0)
            continue;
        if (is_unused (vector)) {
            Word const spans = unused.spans + row.spans;
            unused = row.longest > unused.longest ? row : unused;
            unused.spans = spans;
            continue;
        }
        print_name (vector);
        print_figures (row);
    }
    if (unused.spans != 0) {
        rt::print ("unused-vectors");
        print_figures (unused);
    }
    return 0;
}
