// SPDX-License-Identifier: BSD-2-Clause
/// @file  The policy text, and the name service.
#include <gtest/gtest.h>

#include <root/names.hpp>
#include <root/policy.hpp>

namespace {

using root::Names;
using root::Policy;
using rt::Error;

constexpr std::string_view text = "# what each program may own\n"
                                  "program *\n"
                                  "    memory 512      # KB\n"
                                  "    tasks 3\n"
                                  "\n"
                                  "program disk\n"
                                  "    ports 0x1f0-0x1F7 1014\n"
                                  "    ports 0x80\n"
                                  "    lines 14 6-7\n"
                                  "    memory 1024\n"
                                  "    names store swap\n"
                                  "program screen\n"
                                  "    device 0xa0000-0xbffff 0xfffff000-0xffffffff\n"
                                  "    ports all\n"
                                  "    files all\n"
                                  "    priority 40\n"
                                  "    control\n"
                                  "    debug\n";

TEST (Policy, NobodyIsNamedGetsWhatHoldsForAll)
{
    auto const rights = Policy { text }.rights_of ("editor");
    EXPECT_EQ (rights.memory, 512u);
    EXPECT_EQ (rights.tasks, 3u);
    EXPECT_EQ (rights.priority, 0u);
    EXPECT_EQ (rights.lines, 0u);
    EXPECT_FALSE (rights.control);
    EXPECT_FALSE (rights.debug);
    EXPECT_FALSE (rights.ports.contains (0x80, 0x80));
    EXPECT_FALSE (rights.device.contains (0xB8000, 0xB8FFF));
    EXPECT_FALSE (rights.names.contains ("store"));
    EXPECT_FALSE (rights.files.contains ("policy"));
}

TEST (Policy, ASectionAddsToWhatHoldsForAll)
{
    auto const rights = Policy { text }.rights_of ("disk");
    EXPECT_EQ (rights.memory, 1024u);
    EXPECT_EQ (rights.tasks, 3u);
    EXPECT_EQ (rights.lines, 1u << 14 | 1u << 6 | 1u << 7);
    EXPECT_TRUE (rights.names.contains ("store"));
    EXPECT_TRUE (rights.names.contains ("swap"));
    EXPECT_FALSE (rights.names.contains ("sto"));
}

TEST (Policy, APortRangeBelongsToOneWhoHasAllOfIt)
{
    auto const ports = Policy { text }.rights_of ("disk").ports;
    EXPECT_TRUE (ports.contains (0x1F0, 0x1F7));
    EXPECT_TRUE (ports.contains (0x1F2, 0x1F3));
    EXPECT_TRUE (ports.contains (0x3F6, 0x3F6));
    EXPECT_TRUE (ports.contains (0x80, 0x80));
    EXPECT_FALSE (ports.contains (0x1F0, 0x1F8));
    EXPECT_FALSE (ports.contains (0x1EF, 0x1F0));
    EXPECT_FALSE (ports.contains (0x3F6, 0x3F7));
}

TEST (Policy, AllIsEverything)
{
    auto const rights = Policy { text }.rights_of ("screen");
    EXPECT_TRUE (rights.ports.contains (0, 0xFFFF));
    EXPECT_TRUE (rights.files.contains ("anything"));
    EXPECT_TRUE (rights.device.contains (0xB8000, 0xB8FFF));
    EXPECT_TRUE (rights.device.contains (0xFFFFF000, 0xFFFFFFFF));
    EXPECT_FALSE (rights.device.contains (0xBF000, 0xC0000));
    EXPECT_EQ (rights.priority, 40u);
    EXPECT_TRUE (rights.control);
    EXPECT_TRUE (rights.debug);
}

TEST (Policy, ARightPolicyHasNoMistakes)
{
    EXPECT_EQ (Policy { text }.next_mistake (), 0u);
    EXPECT_EQ (Policy { root::fallback_policy }.next_mistake (), 0u);
    EXPECT_EQ (Policy { "" }.next_mistake (), 0u);
}

TEST (Policy, AWrongLineGivesNothingAndIsReported)
{
    for (std::string_view const line :
         { "ports 0x10000", "ports 7-3", "ports", "ports 1 x", "ports 0x", "ports 1-", "lines 16",
           "lines", "memory", "memory 1x", "memory 70000", "memory 1 2", "tasks 2001",
           "priority 256", "device 0x100000000", "device zz", "names", "files", "control yes",
           "debug 1", "port 3" }) {
        std::string const whole = "program *\nmemory 100\n" + std::string { line } + "\ntasks 2\n";
        Policy const policy { whole };
        EXPECT_EQ (policy.next_mistake (), 3u) << line;
        EXPECT_EQ (policy.next_mistake (3), 0u) << line;
        auto const rights = policy.rights_of ("x");
        EXPECT_FALSE (rights.ports.contains (1, 1)) << line;
        EXPECT_EQ (rights.memory, 100u) << line;
        EXPECT_EQ (rights.tasks, 2u) << line;
        EXPECT_FALSE (rights.control || rights.debug) << line;
    }
}

TEST (Policy, MistakesAreFoundOneAfterTheOther)
{
    Policy const policy { "memory 5\nprogram a b\nprogram *\nnonsense\ntasks 1\nlines 99" };
    EXPECT_EQ (policy.next_mistake (), 1u);
    EXPECT_EQ (policy.next_mistake (1), 2u);
    EXPECT_EQ (policy.next_mistake (2), 4u);
    EXPECT_EQ (policy.next_mistake (4), 6u);
    EXPECT_EQ (policy.next_mistake (6), 0u);
}

l4::ThreadId thread (l4::Word task, l4::Word lthread, l4::Word version = 0)
{
    return l4::ThreadId::make ({ task, lthread, version, 4, 0, 0 });
}

TEST (Names, AreFoundUntilTheirTaskIsForgotten)
{
    Names names;
    EXPECT_EQ (names.bind ("disk", thread (7, 1)), Error::none);
    EXPECT_EQ (names.bind ("screen", thread (8, 0)), Error::none);
    EXPECT_EQ (names.find ("disk"), thread (7, 1));
    names.forget (thread (7, 0));
    EXPECT_TRUE (names.find ("disk").is_nil ());
    EXPECT_EQ (names.find ("screen"), thread (8, 0));
}

TEST (Names, BelongToTheFirstTaskThatBindsThem)
{
    Names names;
    EXPECT_EQ (names.bind ("disk", thread (7, 1)), Error::none);
    EXPECT_EQ (names.bind ("disk", thread (9, 0)), Error::taken);
    EXPECT_EQ (names.bind ("disk", thread (7, 1, 5)), Error::taken);
    EXPECT_EQ (names.bind ("disk", thread (7, 2)), Error::none);
    EXPECT_EQ (names.find ("disk"), thread (7, 2));
}

TEST (Names, OfTheSameTaskInItsNextLifeAreOthers)
{
    Names names;
    EXPECT_EQ (names.bind ("disk", thread (7, 1, 1)), Error::none);
    names.forget (thread (7, 0, 2));
    EXPECT_EQ (names.find ("disk"), thread (7, 1, 1));
}

TEST (Names, AreLimitedInNumberAndNotEmpty)
{
    Names names;
    EXPECT_EQ (names.bind ("", thread (7, 0)), Error::bad_request);
    for (std::size_t i = 0; i < Names::capacity; ++i)
        EXPECT_EQ (names.bind (std::to_string (i).c_str (), thread (7, 0)), Error::none);
    EXPECT_EQ (names.bind ("z", thread (7, 0)), Error::no_place);
    EXPECT_EQ (names.bind ("0", thread (7, 3)), Error::none);
}

TEST (Message, ANameHoldsSixteenCharacters)
{
    rt::Name const name { "abcdefghijklmnopqrst" };
    EXPECT_EQ (name.view (), "abcdefghijklmnop");
    EXPECT_EQ (rt::Name { "ab" }.view (), "ab");
    EXPECT_EQ (rt::Name {}.view (), "");
}

TEST (Message, ARequestIsTheSameWhenItIsTakenOut)
{
    struct Request { l4::Word a, b; rt::Name name; };
    rt::MessageBuffer message;
    message.put (77, Request { 1, 2, "three" });
    EXPECT_EQ (message.words[0], 77u);
    EXPECT_EQ (message.count, 7u);
    Request copy {};
    ASSERT_TRUE (message.get (copy));
    EXPECT_EQ (copy.b, 2u);
    EXPECT_EQ (copy.name.view (), "three");
    EXPECT_NE (message.sending ().address (), 0u);
    message.count = 6;
    EXPECT_FALSE (message.get (copy));
}

TEST (Message, TwoWordsTravelInRegisters)
{
    rt::MessageBuffer message;
    message.put (5, l4::Word { 6 });
    EXPECT_EQ (message.sending ().raw (), l4::SendDescriptor::registers ().raw ());
    message.put (5, rt::Nothing {});
    EXPECT_EQ (message.words[1], 0u);
    EXPECT_EQ (message.sending ().raw (), l4::SendDescriptor::registers ().raw ());
}

}  // namespace
