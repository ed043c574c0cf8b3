// SPDX-License-Identifier: BSD-2-Clause
/// @file  Floating point: a state per thread. The code is assembly: programs are compiled without.
#include <framework/check.hpp>
#include <framework/exchange.hpp>

using namespace guest;

namespace {

/// Push `first` .. `first` + 5, let others run, and see whether they are still there.
struct Stacker {
    int first;
    unsigned volatile rounds { 0 };
    bool volatile intact { true };
};

constexpr unsigned rounds = 50;
constexpr int depth = 6;

void push_numbers (int first)
{
    asm volatile ("fninit");
    for (int i = 0; i < depth; ++i) {
        int const value = first + i;
        asm volatile ("fildl %0" : : "m" (value));
    }
}

/// @return whether the numbers come off again in the opposite order
[[nodiscard]] bool pop_numbers (int first)
{
    bool same = true;
    for (int i = depth - 1; i >= 0; --i) {
        int value = 0;
        asm volatile ("fistpl %0" : "=m" (value));
        same = same && value == first + i;
    }
    return same;
}

void stack_numbers (void* argument)
{
    auto& self = *static_cast<Stacker*> (argument);
    for (unsigned round = 0; round < rounds; ++round) {
        push_numbers (self.first);
        if (round % 8 == 0)
            sleep_milliseconds (1);
        else
            rt::thread_switch (l4::ThreadId::nil ());
        if (!pop_numbers (self.first))
            self.intact = false;
        self.rounds = self.rounds + 1;
    }
}

/// The control and tag words that FNINIT leaves.
struct Environment {
    Word volatile control { 0 };
    Word volatile tag { 0 };
};

void read_environment (void* argument)
{
    Word image[7] {};
    asm volatile ("fnstenv %0" : "=m" (image));
    auto& result = *static_cast<Environment*> (argument);
    result.control = image[0] & 0xFFFF;
    result.tag = image[2] & 0xFFFF;
}

/// A thread that touches a floating-point unit which is not there does not come back.
void require_unit ()
{
    Partner& volunteer = start_partner ([] (void*) { asm volatile ("fninit"); }, nullptr);
    bool const there = volunteer.finish (50);
    volunteer.release ();
    if (!there)
        SKIP ("no floating-point unit");
}

}  // namespace

TEST_CASE ("FPU-001", "threads of a task keep their floating-point registers", "V2-015 V2-096")
{
    require_unit ();
    Stacker stackers[3] { { 100 }, { 200 }, { 300 } };
    Partner* partners[3];
    for (unsigned i = 0; i < 3; ++i)
        partners[i] = &start_partner (stack_numbers, &stackers[i]);
    for (unsigned i = 0; i < 3; ++i) {
        REQUIRE (partners[i]->finish ());
        CHECK (stackers[i].intact);
        CHECK_EQUAL (stackers[i].rounds, rounds);
    }
}

TEST_CASE ("FPU-002", "threads of several tasks keep their floating-point registers", "V2-015")
{
    require_unit ();
    Stacker stackers[4] { { 1000 }, { 2000 }, { 3000 }, { 4000 } };
    Partner* const partners[4] {
        &start_partner (stack_numbers, &stackers[0]),
        &partner_task (0).start (stack_numbers, &stackers[1]),
        &partner_task (1).start (stack_numbers, &stackers[2]),
        &partner_task (0).start (stack_numbers, &stackers[3]),
    };
    for (unsigned i = 0; i < 4; ++i) {
        REQUIRE (partners[i]->finish ());
        CHECK (stackers[i].intact);
    }
}

TEST_CASE ("FPU-003", "a new task starts with the state of fninit and nothing of others", "V2-015")
{
    require_unit ();
    push_numbers (0x5EC2E7);
    Environment environment;
    PartnerTask& task = partner_task (lasting_partner_tasks);
    REQUIRE (task.start (read_environment, &environment).finish ());
    CHECK_EQUAL (environment.control, 0x037Fu);
    CHECK_EQUAL (environment.tag, 0xFFFFu);
    CHECK (pop_numbers (0x5EC2E7));
}

TEST_CASE ("FPU-004", "the state survives ipc", "V2-015 V2-125")
{
    require_unit ();
    Stacker busy { 7000 };
    Partner& partner = partner_task ().start (stack_numbers, &busy);
    push_numbers (42);
    Exchange order = Exchange::call (rt::myself (), { 1, 2 });
    Partner& client = partner_task (1).start (exchange, &order);
    CHECK (rt::receive (client.id (), bounded).dope.ok ());
    CHECK (rt::send (client.id (), {}, bounded).ok ());
    REQUIRE (partner.finish ());
    CHECK (pop_numbers (42));
    CHECK (busy.intact);
}
