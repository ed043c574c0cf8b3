// SPDX-License-Identifier: BSD-2-Clause
/// @file  Thread-local storage: descriptors by the emulated `lgdt`, FS and GS.
#include <runtime/kip.hpp>

#include <framework/check.hpp>
#include <framework/exceptions.hpp>
#include <framework/memory.hpp>
#include <framework/probes.hpp>
#include <framework/random.hpp>

using namespace guest;

namespace {

struct Descriptor {
    Word low;
    Word high;

    /// Writable data, 32 bits, limit in pages.
    [[nodiscard]] static constexpr Descriptor data (Address base, Word last_page)
    {
        return { base << 16 | (last_page & 0xFFFF),
                 (base & 0xFF000000) | 0x00C0F200 | (last_page & 0xF0000) | (base >> 16 & 0xFF) };
    }
    /// The same with the limit in bytes.
    [[nodiscard]] static constexpr Descriptor bytes (Address base, Word last)
    {
        return { data (base, last).low, data (base, last).high & ~Word { 0x00800000 } };
    }
};

constexpr Word everything = 0xFFFFF;
constexpr Word flat = 0x23;

void load_descriptors (Descriptor const* descriptors, Word count)
{
    l4::PseudoDescriptor const table { static_cast<std::uint16_t> (8 * count - 1),
                                       reinterpret_cast<Address> (descriptors) };
    guest_load_descriptors (&table);
}

void forget_descriptors ()
{
    constexpr Descriptor empty {};
    load_descriptors (&empty, 1);
}

void load_fs (Word selector) { asm volatile ("movw %w0, %%fs" : : "r" (selector)); }
void load_gs (Word selector) { asm volatile ("movw %w0, %%gs" : : "r" (selector)); }
Word fs () { Word s = 0; asm volatile ("movw %%fs, %w0" : "+r" (s)); return s; }
Word gs () { Word s = 0; asm volatile ("movw %%gs, %w0" : "+r" (s)); return s; }
Word read_fs (Word offset)
{
    Word v;
    asm volatile ("movl %%fs:(%1), %0" : "=r" (v) : "r" (offset) : "memory");
    return v;
}
Word read_gs (Word offset)
{
    Word v;
    asm volatile ("movl %%gs:(%1), %0" : "=r" (v) : "r" (offset) : "memory");
    return v;
}
void write_fs (Word offset, Word value)
{
    asm volatile ("movl %0, %%fs:(%1)" : : "r" (value), "r" (offset) : "memory");
}

Address address (void const volatile* p) { return reinterpret_cast<Address> (p); }

/// Run `function (argument)` in a partner, to its end.
void run_partner (PartnerFunction function, void* argument, Space space = Space::own)
{
    Partner& partner = start_in (space, function, argument);
    CHECK (partner.finish ());
    partner.release ();
}

/// lgdt of one descriptor by code with handlers.
ExceptionRun loading (l4::PseudoDescriptor const& table)
{
    reset_exception_table ();
    ExceptionRun run { 0x0F, 0x01, 0x10 };
    run.eax = address (&table);
    run.recovery = Recovery::skip (3);
    return run;
}

void check_refused (Descriptor descriptor)
{
    static Descriptor given;
    given = descriptor;
    l4::PseudoDescriptor const table { 7, address (&given) };
    ExceptionRun run = loading (table);
    CHECK (run.perform ());
    CHECK_EQUAL (run.count (), 1u);
    CHECK_EQUAL (run.caught ().vector, 13u);
    CHECK_EQUAL (run.caught ().code, 0u);
}

struct Observation {
    Word first[2];
    Word second[2];
    bool done { false };
};

}  // namespace

TEST_CASE ("TLS-001", "lgdt gives a thread segments for FS and GS", "V2-345 V2-346")
{
    static Word area[4] { 1, 2, 3, 4 };
    static Observation seen;
    run_partner ([] (void*) {
        Descriptor const descriptors[3] { Descriptor::data (address (&area[0]), everything),
                                          Descriptor::bytes (address (&area[1]), 7),
                                          Descriptor::data (address (&area[2]), everything) };
        load_descriptors (descriptors, 3);
        load_fs (l4::tls_selector (0));
        load_gs (l4::tls_selector (1));
        seen.first[0] = read_fs (4);
        seen.first[1] = read_gs (4);
        load_gs (l4::tls_selector (2));
        seen.second[0] = read_gs (4);
        write_fs (12, 5);
        forget_descriptors ();
    }, nullptr);
    CHECK_EQUAL (seen.first[0], 2u);
    CHECK_EQUAL (seen.first[1], 3u);
    CHECK_EQUAL (seen.second[0], 4u);
    CHECK_EQUAL (area[3], 5u);
}

TEST_CASE ("TLS-002", "descriptors, FS and GS are each thread's own through switches and calls",
           "V2-347 V2-005 V2-096")
{
    struct Self {
        Word area[2];
        Word wrong;
        Word rounds;
        bool has_segments;
    };
    static Self selves[4];
    constexpr Word rounds = 200;
    auto const work = [] (void* argument) {
        auto& self = *static_cast<Self*> (argument);
        if (self.has_segments) {
            Descriptor const descriptors[2] {
                Descriptor::data (address (&self.area[0]), everything),
                Descriptor::data (address (&self.area[1]), everything),
            };
            load_descriptors (descriptors, 2);
            load_fs (l4::tls_selector (0));
            load_gs (l4::tls_selector (1));
        }
        while (self.rounds < rounds) {
            rt::thread_switch (l4::ThreadId::nil ());
            if (self.rounds % 50 == 0)
                rt::sleep_microseconds (1000);
            if (self.has_segments)
                self.wrong += (fs () != l4::tls_selector (0)) + (gs () != l4::tls_selector (1))
                              + (read_fs (0) != self.area[0]) + (read_gs (0) != self.area[1]);
            else
                self.wrong += (fs () != flat && fs () != 0) + (gs () != flat && gs () != 0);
            self.rounds = self.rounds + 1;
        }
        if (self.has_segments)
            forget_descriptors ();
    };
    Partner* partners[4];
    for (Word n = 0; n < 4; ++n) {
        selves[n] = { { n, ~n }, 0, 0, n != 3 };
        partners[n] = &start_in (n == 1 ? Space::other : Space::own, work, &selves[n]);
    }
    for (Word n = 0; n < 4; ++n) {
        CHECK (partners[n]->finish ());
        CHECK_EQUAL (selves[n].rounds, rounds);
        CHECK_EQUAL (selves[n].wrong, 0u);
    }
}

TEST_CASE ("TLS-003", "offsets wrap around", "V2-346")
{
    static Word area[2] { 1, 2 };
    static Word seen;
    run_partner ([] (void*) {
        Descriptor const descriptor = Descriptor::data (address (&area[1]), everything);
        load_descriptors (&descriptor, 1);
        load_gs (l4::tls_selector (0));
        seen = read_gs (Word { 0 } - sizeof (Word));
        forget_descriptors ();
    }, nullptr);
    CHECK_EQUAL (seen, 1u);
}

TEST_CASE ("TLS-004", "loading the selector of an empty descriptor is an exception",
           "V2-348 V2-202")
{
    for (unsigned n = 0; n < l4::tls_descriptors; ++n) {
        reset_exception_table ();
        ExceptionRun run { 0x8E, 0xE0 };                // mov fs, ax
        run.eax = l4::tls_selector (n);
        run.recovery = Recovery::skip (2);
        CHECK (run.perform ());
        CHECK_EQUAL (run.count (), 1u);
        Caught const caught = run.caught ();
        CHECK (caught.vector == 13 || caught.vector == 11);
        CHECK_EQUAL (caught.code, l4::tls_selector (n) & ~3u);
        CHECK_EQUAL (caught.eip, run.code ());
    }
}

TEST_CASE ("TLS-005", "another thread's descriptors cannot be loaded", "V2-348 V2-347")
{
    static Word area = 1;
    static bool volatile ready;
    ready = false;
    Partner& owner = start_partner ([] (void*) {
        Descriptor const descriptor = Descriptor::data (address (&area), everything);
        load_descriptors (&descriptor, 1);
        load_fs (l4::tls_selector (0));
        ready = true;
        for (unsigned n = 0; n < 100; ++n)
            rt::thread_switch (l4::ThreadId::nil ());
        rt::sleep_microseconds (20000);
        forget_descriptors ();
    }, nullptr);
    settle ();
    CHECK (ready);
    reset_exception_table ();
    ExceptionRun run { 0x8E, 0xE0 };                    // mov fs, ax
    run.eax = l4::tls_selector (0);
    run.recovery = Recovery::skip (2);
    CHECK (run.perform ());
    CHECK_EQUAL (run.count (), 1u);
    CHECK (owner.finish ());
}

TEST_CASE ("TLS-006", "code, expand-down, 16-bit and system descriptors are refused", "V2-345")
{
    constexpr Descriptor good = Descriptor::data (0x1000, everything);
    for (Word access = 0x80; access < 0x100; ++access) {
        bool const allowed = (access & 0x1C) == 0x10;
        if (!allowed)
            check_refused ({ good.low, (good.high & ~Word { 0xFF00 }) | access << 8 });
    }
    check_refused ({ good.low, good.high & ~Word { 0x00400000 } });
}

TEST_CASE ("TLS-007", "a refused table changes nothing", "V2-345")
{
    static Word area = 0x600D;
    static Word seen[2];
    // lgdt [eax] of a good and a bad descriptor; the handler skips it. mov eax, fs:[0]
    static Descriptor const descriptors[2] { Descriptor::data (0, everything), { 0, 0x00409A00 } };
    static l4::PseudoDescriptor const table { 15, address (descriptors) };
    reset_exception_table ();
    static ExceptionRun run { 0x0F, 0x01, 0x10, 0x64, 0xA1, 0x00, 0x00, 0x00, 0x00 };
    run.eax = address (&table);
    run.recovery = Recovery::skip (3);
    auto const with_segment = [] (void*) {
        Descriptor const own = Descriptor::data (address (&area), everything);
        load_descriptors (&own, 1);
        load_fs (l4::tls_selector (0));
        load_exception_table (reinterpret_cast<Address> (exception_table));
        guest_run_code ();
        seen[0] = fs ();
        forget_descriptors ();
        seen[1] = fs ();
    };
    run.prepare ();
    guest::start_partner (with_segment, nullptr);
    settle ();
    CHECK_EQUAL (run.count (), 1u);
    CHECK_EQUAL (guest_registers[7], 0x600Du);
    CHECK_EQUAL (seen[0], Word { l4::tls_selector (0) });
    CHECK (seen[1] == flat || seen[1] == 0);
}

TEST_CASE ("TLS-008", "a segment at the kernel shows nothing of it", "V2-346 V2-204 V2-001")
{
    constexpr Address bases[] { 0xBFFFF000, 0xC0000000, 0xDFFFF000, 0xE0000000, 0xEFFFFC00,
                                0xF0000000, 0xF0100000, 0xF8000000, 0xF9000000, 0xFFFFF000 };
    constexpr Word offsets[] { 0x1000, 0x1FFC, 0x2000, 0x3FC };
    static Descriptor descriptor;
    static l4::PseudoDescriptor const table { 7, address (&descriptor) };
    for (Address base : bases)
        for (Word offset : offsets) {
            if (base + offset < l4::user_limit)
                continue;
            descriptor = Descriptor::data (base, everything);
            reset_exception_table ();
            // lgdt [eax]; mov ecx, 33h; mov fs, ecx; mov ecx, offset; mov edx, fs:[ecx]
            auto const byte = [offset] (unsigned n) {
                return static_cast<std::uint8_t> (offset >> 8 * n);
            };
            ExceptionRun run { 0x0F, 0x01, 0x10, 0xB9, 0x33, 0x00, 0x00, 0x00, 0x8E, 0xE1,
                               0xB9, byte (0), byte (1), byte (2), byte (3), 0x64, 0x8B, 0x11,
                               0xB9, 0x00, 0x00, 0x00, 0x00, 0x8E, 0xE1 };
            run.eax = address (&table);
            run.recovery = Recovery::skip (3);
            CHECK (run.perform ());
            CHECK_EQUAL (run.count (), 1u);
            CHECK_EQUAL (run.caught ().vector, 13u);
            CHECK_EQUAL (run.caught ().code, 0u);
            CHECK_EQUAL (guest_registers[5], 0x33333333u);
        }
    run_partner ([] (void*) { forget_descriptors (); }, nullptr);
}

TEST_CASE ("TLS-009", "a limit is a limit", "V2-346")
{
    if (rt::kip_feature ("limits").value != "enforced")
        SKIP ("this machine does not enforce limits");
    static Word area[2] { 1, 2 };
    static Descriptor descriptor;
    static l4::PseudoDescriptor const table { 7, address (&descriptor) };
    descriptor = Descriptor::bytes (address (area), 3);
    reset_exception_table ();
    // lgdt [eax]; mov ecx, 33h; mov gs, ecx; mov eax, gs:[0]; mov edx, gs:[1]
    ExceptionRun run { 0x0F, 0x01, 0x10, 0xB9, 0x33, 0x00, 0x00, 0x00, 0x8E, 0xE9,
                       0x65, 0xA1, 0x00, 0x00, 0x00, 0x00,
                       0x65, 0x8B, 0x15, 0x01, 0x00, 0x00, 0x00 };
    run.eax = address (&table);
    run.recovery = Recovery::skip (7);
    CHECK (run.perform ());
    CHECK_EQUAL (run.count (), 1u);
    CHECK_EQUAL (run.caught ().vector, 13u);
    CHECK_EQUAL (guest_registers[7], 1u);
    CHECK_EQUAL (guest_registers[5], 0x33333333u);
    guest::start_partner ([] (void*) { forget_descriptors (); }, nullptr);
}

TEST_CASE ("TLS-010", "own selectors in DS, ES and SS harm nobody", "V2-335 V2-008 V2-202")
{
    static Descriptor descriptor;
    static l4::PseudoDescriptor const table { 7, address (&descriptor) };
    static Descriptor const empty {};
    static l4::PseudoDescriptor const none { 7, address (&empty) };
    static Word const none_at = address (&none);
    descriptor = Descriptor::data (0, everything);
    reset_exception_table ();
    auto const byte = [] (unsigned n) { return static_cast<std::uint8_t> (none_at >> 8 * n); };
    // lgdt [eax]; mov ecx, 33h; mov ds, ecx; mov es, ecx; mov ss, ecx; mov fs, ecx;
    // mov eax, none; lgdt ss:[eax] is not emulated, so: mov ecx, 23h; mov ds, ecx; lgdt [eax];
    // push ecx; pop ecx; mov ecx, 22222222h
    ExceptionRun run { 0x0F, 0x01, 0x10, 0xB9, 0x33, 0x00, 0x00, 0x00, 0x8E, 0xD9, 0x8E, 0xC1,
                       0x8E, 0xD1, 0x8E, 0xE1, 0xB8, byte (0), byte (1), byte (2), byte (3),
                       0x0F, 0x01, 0x10, 0x51, 0x59, 0xB9, 0x22, 0x22, 0x22, 0x22 };
    run.eax = address (&table);
    CHECK (run.perform ());
    CHECK_EQUAL (run.count (), 0u);
    CHECK (run.kept_registers ());
}

TEST_CASE ("TLS-011", "every selector is loaded or refused, and calls go on", "V2-335 V2-008")
{
    static Word survived;
    static Word const selectors[] { 0x00, 0x03, 0x08, 0x0B, 0x10, 0x13, 0x18, 0x1B, 0x20, 0x23,
                                    0x28, 0x2B, 0x30, 0x33, 0x38, 0x3B, 0x40, 0x43, 0x48, 0x4B,
                                    0x50, 0x53, 0x58, 0x5B, 0x04, 0x07, 0x1C, 0xFFF8,
                                    0xFFFF };
    for (unsigned n = 0; n < sizeof selectors / sizeof selectors[0]; ++n) {
        reset_exception_table ();
        // mov ds, eax; mov es, eax; mov fs, eax; mov gs, eax; mov esi, 0; mov edi, 0; int 31h;
        // then the registers of the start again
        ExceptionRun run { 0x8E, 0xD8, 0x8E, 0xC0, 0x8E, 0xE0, 0x8E, 0xE8, 0x31, 0xF6, 0x31, 0xFF,
                           0xCD, 0x31, 0xBE, 0x66, 0x66, 0x66, 0x66, 0xBF, 0x77, 0x77, 0x77,
                           0x77 };
        run.eax = selectors[n];
        run.recovery = Recovery::skip (2);
        bool const ended = run.perform ();
        CHECK (ended && run.kept_registers ());
        for (unsigned i = 0; i < run.count () && i < exceptions_kept; ++i)
            CHECK (run.caught (i).vector == 13 || run.caught (i).vector == 11);
        survived += ended;
    }
    CHECK_EQUAL (survived, sizeof selectors / sizeof selectors[0]);
}

TEST_CASE ("TLS-012", "random descriptors harm nobody", "V2-345 V2-008")
{
    static Descriptor descriptors[3];
    static l4::PseudoDescriptor table;
    Random random { 19 };
    for (unsigned round = 0; round < 200; ++round) {
        for (Descriptor& d : descriptors)
            d = { random.next (), (random.next () & ~Word { 0x1C00 }) | 0x00401000 };
        table = { static_cast<std::uint16_t> (random.below (40)), address (descriptors) };
        reset_exception_table ();
        // lgdt [eax]; mov ecx, 33h; mov fs, ecx; mov ecx, 3Bh; mov gs, ecx; xor ecx, ecx;
        // mov ecx, fs:[ecx]; mov ecx, 22222222h
        ExceptionRun run { 0x0F, 0x01, 0x10, 0x90, 0xB9, 0x33, 0x00, 0x00, 0x00, 0x8E, 0xE1, 0x90,
                           0xB9, 0x3B, 0x00, 0x00, 0x00, 0x8E, 0xE9, 0x90, 0xB9, 0x22, 0x22, 0x22,
                           0x22 };
        run.eax = address (&table);
        run.recovery = Recovery::skip (3);      // a load with its NOP
        bool const ended = run.perform ();
        REQUIRE (ended);
        REQUIRE (run.count () <= 3);
    }
    run_partner ([] (void*) { forget_descriptors (); }, nullptr);
}

TEST_CASE ("TLS-013", "the info page announces the emulation", "V2-349")
{
    CHECK (rt::kip_feature ("tls").present);
}
