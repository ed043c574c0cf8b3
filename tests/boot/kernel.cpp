// SPDX-License-Identifier: BSD-2-Clause
/// @file  A kernel that does nothing but report what boot handed over, one `key=value` per line.
///
/// Memory is reported by a checksum, so that the test can compare it with what it put into the
/// bundle. Ends QEMU with status 33, Bochs by its shutdown port.
#include <cstddef>

#include <device/uart16550.hpp>
#include <instructions.hpp>
#include <l4/kip.hpp>
#include <l4/multiboot.hpp>
#include <lib/format.hpp>

extern "C" {
extern l4::Word entry_eax, entry_ebx, entry_cr0, entry_eflags;
[[noreturn]] void kernel_main ();
}

namespace {

/// What every kernel presets; boot fills in the rest.
constexpr l4::KernelInfoPage preset_info_page ()
{
    l4::KernelInfoPage page {};
    page.magic = l4::KernelInfoPage::magic_value;
    page.version = l4::kip_version_2007;
    page.memory_info = l4::KernelInfoPage::descriptors_offset << 16
                       | l4::KernelInfoPage::descriptors_capacity;
    return page;
}

}  // namespace

[[gnu::section (".kip")]] alignas (4096) constinit l4::KernelInfoPage kip = preset_info_page ();

namespace {

using l4::Address;
using l4::Word;

ia32::Uart16550 serial;

struct Lines {
    void put (char c)
    {
        if (c == '\n')
            serial.put ('\r');
        serial.put (c);
    }
} lines;

template <typename... Arguments>
void report (Arguments const&... arguments)
{
    lib::print (lines, arguments..., '\n');
}

/// FNV-1a
Word checksum (Address begin, Address end)
{
    Word sum = 0x811C9DC5;
    for (auto const* p = reinterpret_cast<unsigned char const*> (begin);
         p != reinterpret_cast<unsigned char const*> (end); ++p)
        sum = (sum ^ *p) * 0x01000193;
    return sum;
}

void report_server (char const* name, l4::ServerStart const& s)
{
    report (name, '=', lib::hex (s.esp, 8), ' ', lib::hex (s.eip, 8), ' ', lib::hex (s.begin, 8),
            ' ', lib::hex (s.end, 8), ' ', lib::hex (checksum (s.begin, s.end), 8));
}

void report_info_page ()
{
    report_server ("sigma0", kip.sigma0);
    report_server ("root", kip.root);
    report ("user_ptr_is_ebx=", static_cast<Word> (kip.user_ptr == entry_ebx));
    report ("descriptors_offset=", lib::hex (kip.memory_info >> 16));
    for (Word i = 0; i < (kip.memory_info & 0xFFFF); ++i) {
        auto const& d = kip.descriptors[i];
        report ("descriptor=", lib::hex (static_cast<Word> (d.type ())), ' ',
                lib::hex (d.begin (), 8), ' ', lib::hex (d.end (), 8));
    }
}

void report_multiboot ()
{
    auto const& info = *reinterpret_cast<l4::multiboot::Info const*> (entry_ebx);
    report ("info=", lib::hex (entry_ebx, 8));
    report ("info_flags=", lib::hex (info.flags));
    report ("memory_lower=", info.memory_lower);
    report ("memory_upper=", info.memory_upper);
    report ("command_line=", reinterpret_cast<char const*> (info.command_line));
    auto const* const modules = reinterpret_cast<l4::multiboot::Module const*> (info.modules);
    for (Word i = 0; i < info.modules_count; ++i)
        report ("module=", lib::hex (modules[i].begin, 8), ' ', lib::hex (modules[i].end, 8), ' ',
                lib::hex (checksum (modules[i].begin, modules[i].end), 8), ' ',
                reinterpret_cast<char const*> (modules[i].string));
}

}  // namespace

void kernel_main ()
{
    static_cast<void> (serial.init (0x3F8, 115200));
    report ("image=", TEST_KERNEL_IMAGE);
    report ("eax=", lib::hex (entry_eax, 8));
    report ("paging=", entry_cr0 >> 31);
    report ("interrupts=", entry_eflags >> 9 & 1);
    report_info_page ();
    report_multiboot ();
    report ("done=1");
    ia32::out8 (0xF4, 0x10);
    for (char const* c = "Shutdown"; *c != '\0'; ++c)
        ia32::out8 (0x8900, static_cast<std::uint8_t> (*c));
    for (;;)
        ia32::hlt ();
}
