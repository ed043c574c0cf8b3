// SPDX-License-Identifier: BSD-2-Clause
/// @file  Small address spaces: no instruction reaches beyond the end, no selector leads out.
///
/// A neighbour lies just behind the task, or just before it, and has a page at its address 0 that
/// tells when it is touched. What reaches beyond the end makes the task large and faults there;
/// what lies before the beginning is beyond 3 GB of the large task, and ends the thread.
#include <framework/check.hpp>
#include <framework/exceptions.hpp>
#include <framework/small_spaces.hpp>

using namespace guest;

/// Of forms with two operands in memory, the other one; and six bytes to load a selector from.
extern "C" Word guest_scratch[2];
Word guest_scratch[2];

namespace {

/// Where the instruction at hand accesses memory.
Address target;

/// An instruction that accesses `width` bytes at `target`.
struct Form {
    char const* name;
    Word width;
    bool returns;               ///< it can be tried where it succeeds
    void (*run) (void*);
};

#define FORM_2(width, returns, text)                                                               \
    Form { text, width, returns, [] (void*) {                                                      \
        asm volatile (text : : "b" (target), "a" (0)                                               \
                      : "ecx", "edx", "esi", "edi", "memory", "cc");                               \
    } }
/// It goes on behind the instruction.
#define FORM(width, text) FORM_2 (width, true, text)
/// It would go astray with what it reads, or with its stack: only where it must not succeed.
#define STRAY(width, text) FORM_2 (width, false, text)
/// With the stack pointer `offset` bytes behind the target, and back.
#define ON_STACK(width, offset, text)                                                              \
    FORM (width, "movl %%esp, %%ecx; leal " #offset "(%%ebx), %%esp; " text "; movl %%ecx, %%esp")
#define STRAY_ON_STACK(width, offset, text)                                                        \
    STRAY (width, "leal " #offset "(%%ebx), %%esp; " text)

constexpr Form forms[] {
    FORM (1, "movb (%%ebx), %%cl"),
    FORM (2, "movw (%%ebx), %%cx"),
    FORM (4, "movl (%%ebx), %%ecx"),
    FORM (1, "movb %%al, (%%ebx)"),
    FORM (2, "movw %%ax, (%%ebx)"),
    FORM (4, "movl %%eax, (%%ebx)"),
    FORM (4, "movl $0, (%%ebx)"),
    FORM (1, "movzbl (%%ebx), %%ecx"),
    FORM (2, "movswl (%%ebx), %%ecx"),
    FORM (4, "addl (%%ebx), %%ecx"),
    FORM (4, "addl %%eax, (%%ebx)"),
    FORM (4, "cmpl $0, (%%ebx)"),
    FORM (4, "incl (%%ebx)"),
    FORM (4, "negl (%%ebx)"),
    FORM (1, "testb $1, (%%ebx)"),
    FORM (4, "imull (%%ebx), %%ecx"),
    FORM (4, "mull (%%ebx)"),
    FORM (4, "shldl $3, %%eax, (%%ebx)"),
    FORM (1, "setc (%%ebx)"),
    FORM (4, "btl $5, (%%ebx)"),
    FORM (4, "xchgl %%eax, (%%ebx)"),
    FORM (4, "lock; addl %%eax, (%%ebx)"),
    FORM (1, "lock; incb (%%ebx)"),
    FORM (4, "lock; btsl $3, (%%ebx)"),
    FORM (4, "lock; xaddl %%eax, (%%ebx)"),
    FORM (4, "lock; cmpxchgl %%eax, (%%ebx)"),
    FORM (8, "movl %%ebx, %%esi; cmpxchg8b (%%esi)"),
    FORM (8, "boundl %%eax, (%%ebx)"),
    FORM (1, "xlatb"),
    FORM (2, "arpl %%ax, (%%ebx)"),
    FORM (2, "verr (%%ebx)"),
    FORM (2, "larl (%%ebx), %%ecx"),
    FORM (2, "sldt (%%ebx)"),
    FORM (2, "str (%%ebx)"),
    FORM (2, "smsw (%%ebx)"),
    FORM (6, "sgdt (%%ebx)"),
    FORM (6, "sidt (%%ebx)"),
    FORM (1, "cld; movl %%ebx, %%esi; lodsb"),
    FORM (4, "cld; movl %%ebx, %%esi; lodsl"),
    FORM (1, "cld; movl %%ebx, %%edi; stosb"),
    FORM (2, "cld; movl %%ebx, %%edi; stosw"),
    FORM (4, "cld; movl %%ebx, %%edi; stosl"),
    FORM (4, "cld; movl %%ebx, %%edi; scasl"),
    FORM (4, "cld; movl %%ebx, %%edi; movl $guest_scratch, %%esi; movsl"),
    FORM (4, "cld; movl %%ebx, %%esi; movl $guest_scratch, %%edi; cmpsl"),
    FORM (32, "cld; movl $8, %%ecx; movl %%ebx, %%esi; rep lodsl"),
    FORM (32, "cld; movl $32, %%ecx; movl %%ebx, %%edi; rep stosb"),
    FORM (64, "cld; movl $8, %%ecx; movl %%ebx, %%esi; leal 32(%%ebx), %%edi; rep movsl"),
    FORM (4, "movl %%es:(%%ebx), %%ecx"),
    FORM (4, "movl %%ss:(%%ebx), %%ecx"),
    FORM (4, "movl %%cs:(%%ebx), %%ecx"),
    FORM (4, "movl $0x23, %%ecx; movw %%cx, %%fs; movl %%fs:(%%ebx), %%ecx"),
    FORM (4, "movl $0x23, %%ecx; movw %%cx, %%gs; movl %%eax, %%gs:(%%ebx)"),
    FORM (4, "movl %%ebp, %%ecx; movl %%ebx, %%ebp; movl (%%ebp), %%edx; movl %%ecx, %%ebp"),
    FORM (6, "lesl (%%ebx), %%ecx"),
    FORM (6, "ldsl (%%ebx), %%ecx"),
    FORM (6, "lfsl (%%ebx), %%ecx"),
    FORM (6, "lgsl (%%ebx), %%ecx"),
    STRAY (6, "lssl (%%ebx), %%esp"),
    FORM (2, "movw (%%ebx), %%fs"),
    STRAY (4, "divl (%%ebx)"),
    ON_STACK (4, 4, "pushl %%eax"),
    ON_STACK (4, 4, "pushl $5"),
    ON_STACK (4, 4, "pushfl"),
    ON_STACK (2, 2, "pushw %%ax"),
    ON_STACK (4, 0, "popl %%eax"),
    ON_STACK (32, 32, "pushal"),
    ON_STACK (4, 4, "call 1f; 1:"),
    ON_STACK (4, 4, "enter $0, $0; popl %%ebp"),
    ON_STACK (4, 0, "popl guest_scratch"),
    FORM (4, "pushl (%%ebx); popl %%ecx"),
    FORM (4, "pushl $0; popl (%%ebx)"),
    STRAY_ON_STACK (32, 0, "popal"),
    STRAY_ON_STACK (4, 0, "popfl"),
    STRAY_ON_STACK (4, 0, "ret"),
    STRAY_ON_STACK (8, 0, "lret"),
    STRAY_ON_STACK (12, 0, "iret"),
    // Some processors move four bytes here, some two.
    STRAY_ON_STACK (1, 4, "pushl %%ds"),
    STRAY_ON_STACK (1, 0, "popl %%ds"),
    STRAY (4, "movl %%ebx, %%ebp; leave"),
    STRAY (4, "jmp *(%%ebx)"),
    STRAY (4, "call *(%%ebx)"),
    STRAY (6, "ljmp *(%%ebx)"),
    STRAY (6, "lcall *(%%ebx)"),
    STRAY (1, "jmp *%%ebx"),
    STRAY (1, "call *%%ebx"),
    STRAY (1, "pushl %%ebx; ret"),
    FORM (2, "fnstcw (%%ebx)"),
    FORM (2, "fnstsw (%%ebx)"),
    FORM (2, "fldcw (%%ebx); fninit"),
    FORM (4, "flds (%%ebx); fninit"),
    FORM (8, "fldl (%%ebx); fninit"),
    FORM (10, "fldt (%%ebx); fninit"),
    FORM (4, "fninit; fldz; fstps (%%ebx)"),
    FORM (8, "fninit; fldz; fstpl (%%ebx)"),
    FORM (10, "fninit; fldz; fstpt (%%ebx)"),
    FORM (10, "fninit; fldz; fbstp (%%ebx)"),
    FORM (8, "fninit; fildll (%%ebx); fninit"),
    FORM (8, "fninit; fldz; fistpll (%%ebx)"),
    FORM (28, "fninit; fnstenv (%%ebx); fninit"),
    FORM (108, "fninit; fnsave (%%ebx); fninit"),
    STRAY (28, "fldenv (%%ebx)"),
    STRAY (108, "frstor (%%ebx)"),
};

/// What forms read and load where they succeed: bounds around 0, and a selector in the last word.
void fill_last_bytes ()
{
    for (Address at = LastBytes::begin; at < small_end; at += sizeof (Word))
        word_at (at) = 0;
    word_at (small_end - 8) = 0x80000000;
    word_at (small_end - 4) = 0x00230000;
}

void check_fits (Neighbours const& neighbours, Form const& form)
{
    target = small_end - form.width;
    fill_last_bytes ();
    Partner& partner = neighbours.task.start (form.run, nullptr);
    check (partner.finish (200), { "small_limits.cpp", __LINE__, "it succeeds", form.name });
    check (small_space_of (neighbours.task.id ()) == neighbours.home,
           { "small_limits.cpp", __LINE__, "the task stays where it is", form.name });
    partner.release ();
}

void check_reaches_beyond (Neighbours const& neighbours, Form const& form, Address at)
{
    target = at;
    fill_last_bytes ();
    Partner& partner = neighbours.task.start (form.run, nullptr, rt::myself ());
    auto const fault = rt::receive (partner.id (), within (100));
    check (fault.dope.ok () && (fault.w0 & ~(l4::page_size - 1)) == small_end,
           { "small_limits.cpp", __LINE__, "it faults at the end", form.name });
    check (small_space_of (neighbours.task.id ()) == 0,
           { "small_limits.cpp", __LINE__, "the task is large", form.name });
    partner.release ();
    REQUIRE (move_to (neighbours.task.id (), neighbours.home));
    neighbours.check_untouched (form.name);
}

void check_ends_its_thread (Neighbours const& neighbours, Form const& form, Address at)
{
    target = at;
    Partner& partner = neighbours.task.start (form.run, nullptr, rt::myself ());
    auto const message = rt::receive (partner.id (), within (3));
    bool const silent = message.dope.error () == static_cast<Word> (l4::IpcError::receive_timeout);
    check (silent && !partner.done (),
           { "small_limits.cpp", __LINE__, "the thread is shut down", form.name });
    constexpr auto dead = static_cast<Word> (l4::ThreadStateCode::dead);
    CHECK_EQUAL (parameters_of_task (partner.id ()).state (), dead);
    partner.release ();
    REQUIRE (move_to (neighbours.task.id (), neighbours.home));
    neighbours.check_untouched (form.name);
}

/// Bytes that load selector EAX, and what the processor makes of it.
struct Load {
    char const* name;
    enum Kind { data, stack, far_jump, return_to_code } kind;
    std::initializer_list<std::uint8_t> code;
};

constexpr Word null_selectors = 4;

/// Whether a user may load `selector` so.
bool is_allowed (Load::Kind kind, Word selector)
{
    Word const index = selector & ~Word { 3 };
    switch (kind) {
    case Load::data: return selector < null_selectors || index == 0x18 || index == 0x20;
    case Load::stack: return selector == 0x23;
    case Load::far_jump: return index == 0x18;
    case Load::return_to_code: return selector == 0x1B;
    }
    return false;
}

/// Execute `code` with `selector` in EAX by a thread of `task`.
void check_load (PartnerTask& task, Load const& load, ExceptionRun& run, Word selector)
{
    run.eax = selector;
    run.prepare ();
    Partner& partner = task.start ([] (void*) {
        load_exception_table (reinterpret_cast<Address> (exception_table));
        guest_run_code ();
    }, nullptr);
    bool const ended = partner.finish (200) && guest_code_ended != 0;
    bool const loaded = run.count () == 0;
    check (ended && loaded == is_allowed (load.kind, selector),
           { "small_limits.cpp", __LINE__, "a selector is loaded or not", load.name });
    if (ended && !loaded) {
        Caught const caught = run.caught ();
        bool const is_null = selector < null_selectors;
        CHECK (caught.vector >= 11 && caught.vector <= 13);
        CHECK_EQUAL (caught.code, is_null ? 0 : selector & ~Word { 3 });
    }
    partner.release ();
}

}  // namespace

TEST_CASE ("SML-020", "no instruction reaches beyond the end of a small space", "V2-353 V2-219")
{
    require_limits ();
    Neighbours const neighbours = Neighbours::place (true);
    LastBytes const last;
    for (Form const& form : forms) {
        if (form.returns)
            check_fits (neighbours, form);
        if (form.width > 1)
            check_reaches_beyond (neighbours, form, small_end - form.width + 1);
        check_reaches_beyond (neighbours, form, small_end);
        check_reaches_beyond (neighbours, form, small_end + 1);
    }
}

TEST_CASE ("SML-021", "no address that wraps around reaches who lies before a small space",
           "V2-353 V2-204")
{
    constexpr Form wrapping[] {
        FORM (4, "movl (%%ebx), %%ecx"),
        FORM (4, "movl %%eax, (%%ebx)"),
        FORM (4, "movl 0x00400000(%%ebx,%%eax), %%ecx"),
        FORM (4, "leal 16(%%ebx), %%ecx; movl %%eax, -16(%%ecx)"),
        FORM (4, "movl $0x3FF00000, %%ecx; movl %%ebx, %%edx; subl %%ecx, %%edx; subl %%ecx, %%edx;"
                 "subl %%ecx, %%edx; subl %%ecx, %%edx; incl (%%edx,%%ecx,4)"),
        FORM (1, "lock; incb (%%ebx)"),
        FORM (32, "cld; movl $8, %%ecx; movl %%ebx, %%edi; rep stosl"),
        FORM (32, "std; movl $8, %%ecx; movl %%ebx, %%edi; rep stosl; cld"),
        ON_STACK (4, 4, "pushl %%eax"),
        ON_STACK (4, 0, "popl %%eax"),
        FORM (108, "fnsave (%%ebx)"),
        STRAY (1, "jmp *%%ebx"),
    };
    require_limits ();
    Neighbours const neighbours = Neighbours::place (false);
    constexpr Address first = Address { 0 } - small_end;
    for (Form const& form : wrapping)
        for (Address const at : { first, first + 0x800, Address { 0xC0000000 } })
            check_ends_its_thread (neighbours, form, form.name[5] == '0' ? at - small_end : at);
}

TEST_CASE ("SML-022", "no instruction is fetched from beyond the end of a small space",
           "V2-353 V2-219")
{
    require_limits ();
    Neighbours const neighbours = Neighbours::place (true);
    LastBytes const last;
    constexpr Form jump = STRAY (1, "jmp *%%ebx");
    struct {
        std::uint8_t last_byte;
        Address eip;
    } constexpr codes[] {
        { 0x90, small_end },                    // nop, and whatever follows
        { 0xEB, small_end - 1 },                // the first byte of a jump
        { 0x66, small_end - 1 },                // a prefix
    };
    for (auto const& code : codes) {
        target = small_end - 1;
        fill_last_bytes ();
        *reinterpret_cast<std::uint8_t volatile*> (target) = code.last_byte;
        Partner& partner = neighbours.task.start (jump.run, nullptr, rt::myself ());
        auto const fault = rt::receive (partner.id (), within (100));
        CHECK_EQUAL (fault.w0 & ~Word { 3 }, small_end);
        CHECK_EQUAL (fault.w1, code.eip);
        CHECK_EQUAL (small_space_of (neighbours.task.id ()), 0u);
        partner.release ();
        REQUIRE (move_to (neighbours.task.id (), neighbours.home));
        neighbours.check_untouched ("a fetch");
    }
}

TEST_CASE ("SML-023", "of all selectors a user can use the flat ones, and they end with its space",
           "V2-202 V2-353")
{
    struct Sets {
        Word readable[2], writable[2];          // how many, and which is the last
        Word limits[2];
    };
    static Sets sets;
    PartnerTask& task = small_task ();
    Word const home = small_space_of (task.id ());
    sets = {};
    Partner& partner = task.start ([] (void*) {
        for (Word selector = 0; selector < 0x10000; ++selector) {
            bool readable;
            bool writable;
            asm ("verr %w1" : "=@ccz" (readable) : "r" (selector));
            asm ("verw %w1" : "=@ccz" (writable) : "r" (selector));
            if (readable)
                sets.readable[0] += 1, sets.readable[1] = selector;
            if (writable)
                sets.writable[0] += 1, sets.writable[1] = selector;
        }
        asm ("lsll %1, %0" : "=r" (sets.limits[0]) : "r" (Word { 0x1B }));
        asm ("lsll %1, %0" : "=r" (sets.limits[1]) : "r" (Word { 0x23 }));
    }, nullptr);
    REQUIRE (partner.finish (10000));
    CHECK_EQUAL (sets.readable[0], 8u);
    CHECK_EQUAL (sets.readable[1], 0x23u);
    CHECK_EQUAL (sets.writable[0], 4u);
    CHECK_EQUAL (sets.writable[1], 0x23u);
    for (Word const limit : sets.limits)
        CHECK_EQUAL (limit, (home & -home) * small_end - 1);
}

TEST_CASE ("SML-024", "no way to load a selector takes others than these", "V2-202 V2-353 V2-335")
{
    static Load const loads[] {
        { "mov ds", Load::data, { 0x8E, 0xD8 } },
        { "mov es", Load::data, { 0x8E, 0xC0 } },
        { "mov fs", Load::data, { 0x8E, 0xE0 } },
        { "mov gs", Load::data, { 0x8E, 0xE8 } },
        { "mov ss", Load::stack, { 0x8E, 0xD0 } },
        { "pop ds", Load::data, { 0x50, 0x1F } },
        { "pop es", Load::data, { 0x50, 0x07 } },
        { "pop fs", Load::data, { 0x50, 0x0F, 0xA1 } },
        { "pop gs", Load::data, { 0x50, 0x0F, 0xA9 } },
        { "pop ss", Load::stack, { 0x50, 0x17 } },
        // push eax; push 0; l?s ecx, [esp]; add esp, 8
        { "lds", Load::data, { 0x50, 0x6A, 0x00, 0xC5, 0x0C, 0x24, 0x83, 0xC4, 0x08 } },
        { "les", Load::data, { 0x50, 0x6A, 0x00, 0xC4, 0x0C, 0x24, 0x83, 0xC4, 0x08 } },
        { "lfs", Load::data, { 0x50, 0x6A, 0x00, 0x0F, 0xB4, 0x0C, 0x24, 0x83, 0xC4, 0x08 } },
        { "lgs", Load::data, { 0x50, 0x6A, 0x00, 0x0F, 0xB5, 0x0C, 0x24, 0x83, 0xC4, 0x08 } },
        { "lss", Load::stack, { 0x50, 0x6A, 0x00, 0x0F, 0xB2, 0x0C, 0x24, 0x83, 0xC4, 0x08 } },
        // call 1f; 1: pop ecx; add ecx, n; push eax; push ecx; jmp far [esp]; 2: add esp, 8
        { "far jmp", Load::far_jump, { 0xE8, 0, 0, 0, 0, 0x59, 0x83, 0xC1, 0x09, 0x50, 0x51, 0xFF,
                                       0x2C, 0x24, 0x83, 0xC4, 0x08 } },
        // The same with call far, which leaves 8 bytes more.
        { "far call", Load::far_jump, { 0xE8, 0, 0, 0, 0, 0x59, 0x83, 0xC1, 0x09, 0x50, 0x51, 0xFF,
                                        0x1C, 0x24, 0x83, 0xC4, 0x10 } },
        // call 1f; 1: pop ecx; add ecx, n; push eax; push ecx; retf
        { "retf", Load::return_to_code, { 0xE8, 0, 0, 0, 0, 0x59, 0x83, 0xC1, 0x07, 0x50, 0x51,
                                          0xCB } },
        // call 1f; 1: pop ecx; add ecx, n; pushfd; push eax; push ecx; iret
        { "iret", Load::return_to_code, { 0xE8, 0, 0, 0, 0, 0x59, 0x83, 0xC1, 0x08, 0x9C, 0x50,
                                          0x51, 0xCF } },
    };
    PartnerTask& task = small_task ();
    Word const home = small_space_of (task.id ());
    reset_exception_table ();
    for (Load const& load : loads) {
        ExceptionRun run { load.code };
        run.recovery = Recovery::to_end ();
        for (Word selector = 0; selector < 0x70; ++selector)
            check_load (task, load, run, selector);
        for (Word const selector : { 0xFF00u, 0xFFF8u, 0xFFFBu, 0xFFFCu, 0xFFFFu })
            check_load (task, load, run, selector);
        // A null stack or code segment looks like an access beyond the end.
        if (small_space_of (task.id ()) == 0)
            CHECK (move_to (task.id (), home));
    }
}
