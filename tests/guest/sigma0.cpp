// SPDX-License-Identifier: BSD-2-Clause
/// @file  sigma0's protocol, as a program sees it whose chief is the root task.
///
/// What sigma0 gives away does not come back, so these cases take few pages. The initial tasks'
/// side of the protocol (V2-253, V2-260) shows in that they run at all.
#include <l4/protocol/sigma0.hpp>
#include <runtime/kip.hpp>

#include <framework/check.hpp>
#include <framework/memory.hpp>
#include <framework/ports.hpp>
#include <framework/time.hpp>

using namespace guest;

namespace {

struct Answer {
    rt::IpcResult message;
    Address window;             ///< where a page of the answer is
};

/// Ask sigma0, with a window of 4 MB for the answer.
[[nodiscard]] Answer ask (Word w0, Word w1)
{
    Address const window = fresh_window (l4::superpage_bits);
    auto const message = rt::call (l4::sigma0_id, { w0, w1 }, bounded,
                                   rt::Window { l4::Fpage::memory (window, l4::superpage_bits) });
    REQUIRE (message.dope.ok ());
    CHECK_EQUAL (message.source, l4::sigma0_id);
    l4::Fpage const fpage { message.w1 };
    Address const offset = message.w0 & l4::Fpage::low_mask (l4::superpage_bits)
                           & ~l4::Fpage::low_mask (fpage.log2_size ());
    return { message, window + offset };
}

[[nodiscard]] bool is_no (Answer const& answer)
{
    return answer.message.w0 == 0 && answer.message.w1 == 0 && !answer.message.dope.mapped ();
}

/// The physical address and size of a page of RAM that sigma0 has given.
void check_page (Answer const& answer)
{
    REQUIRE (answer.message.dope.mapped ());
    l4::Fpage const fpage { answer.message.w1 };
    CHECK_EQUAL (fpage.log2_size (), l4::page_bits);
    CHECK_EQUAL (fpage.base (), answer.message.w0 & ~(l4::page_size - 1));
    word_at (answer.window) = answer.message.w0;
    CHECK_EQUAL (word_at (answer.window), answer.message.w0);
}

/// For what holds under a strict root task: the form of its page, the device window, and that
/// drivers ask for their ports.
void need_strict_root ()
{
    if (!rt::has_classic_form ())
        SKIP ("the root task is an l4env task");
}

}  // namespace

TEST_CASE ("SG0-001", "any page is a different page each time", "V2-254 V2-358")
{
    constexpr unsigned pages = 4;
    Address given[pages];
    for (unsigned i = 0; i < pages; ++i) {
        Answer const answer = ask (l4::sigma0::any_page, 0);
        if (is_no (answer))
            SKIP ("sigma0 has no free page");
        check_page (answer);
        given[i] = answer.message.w0;
        for (unsigned j = 0; j < i; ++j)
            CHECK (given[i] != given[j]);
    }
}

TEST_CASE ("SG0-002", "a page is given to its owner again", "V2-255 V2-358 V2-050")
{
    Answer const first = ask (l4::sigma0::any_page, 0);
    if (is_no (first))
        SKIP ("sigma0 has no free page");
    word_at (first.window) = 0x12121212;
    Answer const again = ask (first.message.w0 & ~(l4::page_size - 1), 0);
    REQUIRE (again.message.dope.mapped ());
    CHECK_EQUAL (word_at (again.window), 0x12121212u);
}

TEST_CASE ("SG0-003", "a page of the root task is refused", "V2-255 V2-357")
{
    CHECK (is_no (ask (rt::kip ().root.begin, 0)));
    CHECK (is_no (ask (rt::kip ().root.eip & ~Word { 3 }, 0)));
}

TEST_CASE ("SG0-004", "memory of the kernel and of sigma0 is given to nobody", "V2-357 V2-355")
{
    need_strict_root ();
    CHECK (is_no (ask (rt::kip ().classic.reserved0.low, 0)));
    CHECK (is_no (ask (rt::kip ().classic.reserved1.low, 0)));
    CHECK (is_no (ask (rt::kip ().sigma0.begin, 0)));
}

TEST_CASE ("SG0-005", "4 MB that are not free come as one page or not at all", "V2-256 V2-355")
{
    // The root task's image lies in these 4 MB; a free page among them may still be given.
    Answer const taken = ask (rt::kip ().root.begin | 1, l4::sigma0::w1_superpage);
    CHECK (is_no (taken));
    Answer const page = ask (l4::sigma0::any_page, 0);
    if (is_no (page))
        SKIP ("sigma0 has no free page");
    Answer const around = ask ((page.message.w0 & ~(l4::page_size - 1)) | 1,
                               l4::sigma0::w1_superpage);
    CHECK (around.message.dope.mapped ());
    unsigned const bits = l4::Fpage { around.message.w1 }.log2_size ();
    CHECK (bits == l4::page_bits || bits == l4::superpage_bits);
}

TEST_CASE ("SG0-006", "the device window shows physical memory 1 GB higher", "V2-258 V2-274")
{
    need_strict_root ();
    // The last 4 MB below 4 GB end with the firmware, and that with a jump. An earlier run of this
    // program may have got them; then any other block shows at least that there is a window.
    constexpr Address reset_instruction = 0xFFFFFFF0;
    constexpr unsigned blocks = 64;
    Answer answer = ask (reset_instruction - l4::sigma0::device_offset, 0);
    bool const firmware = !is_no (answer);
    for (unsigned block = 2; is_no (answer) && block < blocks; ++block)
        answer = ask (l4::user_limit - block * l4::superpage_size, 0);
    REQUIRE (answer.message.dope.mapped ());
    CHECK_EQUAL (l4::Fpage { answer.message.w1 }.log2_size (), l4::superpage_bits);
    Address const window = answer.window & ~l4::Fpage::low_mask (l4::superpage_bits);
    Address const seen = window + (reset_instruction & l4::Fpage::low_mask (l4::superpage_bits));
    Word const opcode = word_at (seen) & 0xFF;
    CHECK (!firmware || opcode == 0xEA || opcode == 0xE9 || opcode == 0xEB);
}

TEST_CASE ("SG0-007", "the kernel info page is read-only and has its magic", "V2-257 V2-355")
{
    Answer const classic = ask (l4::sigma0::extended, l4::sigma0::w1_kernel_info_page);
    REQUIRE (classic.message.dope.mapped ());
    CHECK_EQUAL (word_at (classic.window), l4::KernelInfoPage::magic_value);
    CHECK (!l4::Fpage { classic.message.w1 }.writable ());
    Answer const late = ask (0xFFFFFFA0, 0);
    REQUIRE (late.message.dope.mapped ());
    CHECK_EQUAL (word_at (late.window), l4::KernelInfoPage::magic_value);
}

TEST_CASE ("SG0-008", "what sigma0 does not know is answered with no", "V2-355")
{
    CHECK (is_no (ask (1, 0x00)));
    CHECK (is_no (ask (1, 0xFF)));
    CHECK (is_no (ask (0xFFFFFF00, 0)));
    CHECK (is_no (ask (0xFFFFFFB0, 0)));
    CHECK (is_no (ask (0xFFFFFFC0, 0)));
    CHECK (is_no (ask (3, 0x12345678)));
    CHECK (is_no (ask (0xC0000000, 0)));
    CHECK (is_no (ask (0xE0001000, 0)));
}

TEST_CASE ("SG0-009", "ports go to the first who asks, and to him again", "V2-358 V2-355")
{
    need_strict_root ();
    Word const port = acquire_port ();
    CHECK (ask_for_ports (l4::Fpage::io (port, 0)).dope.mapped ());
    auto const all = ask_for_ports (l4::Fpage::whole_io ());
    CHECK (all.dope.ok () && !all.dope.mapped ());
    CHECK_EQUAL (all.w0, 0u);
    CHECK_EQUAL (all.w1, 0u);
}

TEST_CASE ("SG0-010", "a request that does not wait for the answer harms nobody", "V2-360")
{
    for (unsigned round = 0; round < 3; ++round)
        CHECK (rt::send (l4::sigma0_id, { l4::sigma0::any_page, 0 }, bounded).ok ());
    CHECK (rt::wait (within (5)).dope.error () != 0);
    Answer const answer = ask (l4::sigma0::extended, l4::sigma0::w1_kernel_info_page);
    CHECK (answer.message.dope.mapped ());
}

TEST_CASE ("SG0-011", "an answer for which there is no window is cut", "V2-173 V2-360")
{
    auto const answer = rt::call (
        l4::sigma0_id, { l4::sigma0::extended, l4::sigma0::w1_kernel_info_page }, bounded);
    CHECK_EQUAL (answer.dope.error (), l4::IpcError::receive_cut);
}
