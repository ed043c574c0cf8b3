// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the policy does not give is refused.
#include "support.hpp"

using namespace servers;

TEST_CASE ("POL-001", "device memory of others is not mapped", "")
{
    constexpr Address window = rt::layout::regions_end - l4::page_size;
    for (Address const page : { 0xB8000u, 0xA0000u, 0x0u, 0xFEE00000u })
        CHECK (!root::map_device (page, l4::page_bits, window));
}

TEST_CASE ("POL-002", "who touches a port of others is ended", "")
{
    CHECK_EQUAL (run ("offender port"), root::status_fault);
}

TEST_CASE ("POL-003", "who uses more memory than it may is ended", "")
{
    CHECK_EQUAL (run ("offender memory"), root::status_fault);
}

TEST_CASE ("POL-004", "an interrupt line of others cannot be attached", "")
{
    CHECK_EQUAL (run ("offender line"), 0u);
}

TEST_CASE ("POL-005", "a task number of others cannot be used", "")
{
    CHECK_EQUAL (run ("offender task"), 0u);
}

TEST_CASE ("POL-006", "a module is read only by who may", "")
{
    CHECK_EQUAL (rt::call (root::service (), root::FindModule { "policy" }).error,
                 rt::Error::refused);
    CHECK (!root::map_module (4, 0, rt::layout::regions_end - l4::page_size));
}

TEST_CASE ("POL-007", "a program of others cannot be ended or restarted", "")
{
    CHECK_EQUAL (rt::call (root::service (), root::KillByName { "console" }).error,
                 rt::Error::refused);
    CHECK_EQUAL (rt::call (root::service (), root::RestartByName { "console" }).error,
                 rt::Error::refused);
    CHECK_EQUAL (rt::call (root::service (), root::KillByName { "nobody" }).error,
                 rt::Error::not_found);
}

TEST_CASE ("POL-008", "memory above 4 MB is there once it is reserved", "")
{
    constexpr Address begin = 0x10000000;
    auto const reserve = [] (Address first, Address last) {
        return rt::call (root::service (), root::ReserveMemory { first, last }).error;
    };
    CHECK_EQUAL (reserve (0x00300000, 0x00301000), rt::Error::no_place);
    REQUIRE_EQUAL (reserve (begin, begin + 0x2000), rt::Error::none);
    CHECK_EQUAL (reserve (begin + 0x1000, begin + 0x3000), rt::Error::no_place);
    CHECK_EQUAL (word_at (begin + 0x1000), 0u);
    word_at (begin + 0x1000) = 77;
    CHECK_EQUAL (word_at (begin + 0x1000), 77u);
    auto const frame = rt::call (root::service (), root::FindFrame { begin + 0x1000 });
    CHECK (frame.ok () && frame.value != 0);
    CHECK_EQUAL (rt::call (root::service (), root::FindFrame { begin }).error,
                 rt::Error::not_found);
}

TEST_CASE ("POL-009", "an exception that a program does not expect ends it", "V2-201")
{
    CHECK_EQUAL (run ("offender exception"), root::status_fault);
    CHECK_EQUAL (run ("offender thread"), root::status_fault);
}

TEST_CASE ("POL-010", "who waits for a program hears that its first thread was shut down", "V2-330")
{
    // Longer than the root task takes to say so on a slow serial line: an answer that comes too
    // late is lost.
    constexpr l4::Timeout patience = l4::Timeout::at_least (200'000);
    root::StartResult const program = root::start ("offender deaf");
    REQUIRE (program.task != 0);
    root::WaitResult result { false, 0 };
    for (unsigned n = 0; n < 20 && !result.ended; ++n)
        result = root::wait (program.task, patience);
    CHECK (result.ended);
    CHECK_EQUAL (result.status, root::status_fault);
}

TEST_CASE ("POL-011", "who may not debug sees nothing of another program", "")
{
    rt::MessageBuffer message;
    message.put (root::MapPageOf::operation,
                 root::MapPageOf { "console", rt::layout::image_begin });
    message.window = l4::Fpage::memory (rt::layout::regions_end - l4::page_size, l4::page_bits);
    rt::IpcResult const answer = rt::call (root::service (), message);
    CHECK (!answer.dope.mapped ());
    CHECK_EQUAL (answer.w0, static_cast<Word> (rt::Error::refused));
}
