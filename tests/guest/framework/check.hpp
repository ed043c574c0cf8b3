// SPDX-License-Identifier: BSD-2-Clause
/// @file  Test cases, and the checks inside them.
///
///     TEST_CASE ("IPC-003", "a send to nil fails at once", "V2-115")
///     {
///         auto const dope = rt::send (l4::ThreadId::nil (), {});
///         CHECK_EQUAL (dope.error (), l4::IpcError::not_existent);
///     }
///
/// Ids never change and are never used again; the third argument names the statements of
/// docs/abi.md that the case is about, separated by blanks. A case registers itself by an entry
/// in the section `test_cases`, so there is no list to keep and no constructor to run.
///
/// CHECK goes on after a failure; REQUIRE and SKIP end the case and may be used only in the thread
/// that runs it. Partner threads may CHECK.
#pragma once

#include <concepts>
#include <type_traits>

#include <l4/fpage.hpp>
#include <l4/ipc.hpp>
#include <l4/message.hpp>
#include <l4/thread_id.hpp>

#include "tap.hpp"

namespace guest {

using l4::Address;
using l4::Word;

struct TestCase {
    CaseName name;
    void (*run) ();
};

template <typename T>
    requires std::integral<T> || std::is_enum_v<T>
[[nodiscard]] constexpr Value to_value (T value)
{
    auto const wide = static_cast<std::uint64_t> (value);
    return { static_cast<Word> (wide), sizeof (T) > 4 ? static_cast<Word> (wide >> 32) : 0,
             sizeof (T) > 4 };
}
[[nodiscard]] constexpr Value to_value (l4::ThreadId id) { return { id.low (), id.high (), true }; }
[[nodiscard]] constexpr Value to_value (l4::Fpage fpage) { return { fpage.raw () }; }
[[nodiscard]] constexpr Value to_value (l4::MessageDope dope) { return { dope.raw () }; }

/// Note a failure unless `holds`. @return holds
bool check (bool holds, Place const& place);
bool check_equal (Value actual, Value expected, Place const& place);

[[noreturn]] void end_case ();
[[noreturn]] void skip_case (char const* reason);

}  // namespace guest

// A constant object and not a value: a check passes its address only.
#define GUEST_PLACE(macro, text) \
    ([] () -> ::guest::Place const& { \
        static constexpr ::guest::Place place { __FILE_NAME__, __LINE__, macro, text }; \
        return place; \
    } ())

#define CHECK(expression) \
    ::guest::check (static_cast<bool> (expression), GUEST_PLACE ("CHECK", #expression))

#define CHECK_EQUAL(actual, expected) \
    ::guest::check_equal (::guest::to_value (actual), ::guest::to_value (expected), \
                          GUEST_PLACE ("CHECK_EQUAL", #actual ", " #expected))

#define REQUIRE(expression) \
    do { \
        if (!::guest::check (static_cast<bool> (expression), \
                             GUEST_PLACE ("REQUIRE", #expression))) \
            ::guest::end_case (); \
    } while (false)

#define REQUIRE_EQUAL(actual, expected) \
    do { \
        if (!::guest::check_equal (::guest::to_value (actual), ::guest::to_value (expected), \
                                   GUEST_PLACE ("REQUIRE_EQUAL", #actual ", " #expected))) \
            ::guest::end_case (); \
    } while (false)

#define SKIP(reason) ::guest::skip_case (reason)

#define TEST_CASE(id, sentence, statements) GUEST_TEST_CASE (id, sentence, statements, __LINE__)
#define GUEST_TEST_CASE(id, sentence, statements, line) \
    GUEST_TEST_CASE_2 (id, sentence, statements, line)
#define GUEST_TEST_CASE_2(id, sentence, statements, line) \
    static void test_case_##line (); \
    static constexpr ::guest::TestCase test_case_info_##line { { id, sentence, statements }, \
                                                               test_case_##line }; \
    [[gnu::section ("test_cases"), gnu::used, gnu::no_reorder]] \
    static ::guest::TestCase const* const test_case_entry_##line { &test_case_info_##line }; \
    static void test_case_##line ()
