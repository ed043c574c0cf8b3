// SPDX-License-Identifier: BSD-2-Clause
/// @file  Boot options: the words of the command line, read by boot and by the kernel.
///
/// The program that loads us passes one line; boot checks it, hands it on, and the kernel reads
/// the same line with the same parser. Later words override earlier ones.
///
/// Example: `serial=com2,9600 kernel=i486 nofpu`. docs/boot.md describes each option.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace lib {

struct BootOptions {
    enum class Kernel : std::uint8_t { automatic, i486, pentium };
    enum class Profile : std::uint8_t { strict, l4env };
    enum class SmallSpaces : std::uint8_t { off, on, force };

    /// The serial console. Port 0: none.
    struct Serial {
        std::uint16_t port { 0x3F8 };
        std::uint32_t baud { 115200 };

        [[nodiscard]] constexpr bool is_on () const { return port != 0; }
        friend constexpr bool operator== (Serial, Serial) = default;
    };

    static constexpr std::uint32_t kernel_memory_min_kb = 64;
    static constexpr std::uint32_t kernel_memory_max_kb = 128 * 1024;
    static constexpr std::uint32_t task_quota_min_kb = 16;      ///< page directory, a few tables

    Kernel kernel { Kernel::automatic };
    Profile profile { Profile::strict };    ///< of sigma0 and the root task
    SmallSpaces small_spaces { SmallSpaces::on };
    Serial serial {};
    bool plain_486 { false };               ///< cpu=486: no CPUID, TSC or 4 MB pages
    bool no_cpuid { false };                ///< nocpuid
    bool no_fpu { false };                  ///< nofpu
    bool preempters { false };              ///< preempters: they get messages
    bool no_fast_path { false };            ///< nofast: system calls by the complete path only
    bool no_memory_map { false };           ///< nommap
    std::uint32_t kernel_memory_kb { 0 };   ///< kmem; 0: the kernel chooses
    std::uint32_t task_quota_kb { 0 };      ///< quota; 0: the kernel chooses

    friend constexpr bool operator== (BootOptions const&, BootOptions const&) = default;
};

/// `bad_word` is the first word that was not understood, `reason` says why; empty if all is well.
struct ParsedOptions {
    BootOptions options {};
    std::string_view bad_word {};
    std::string_view reason {};

    [[nodiscard]] constexpr bool ok () const { return bad_word.empty (); }
};

namespace options_detail {

using Reason = std::string_view;
inline constexpr Reason accepted {};
inline constexpr Reason bad_value { "bad value" };
inline constexpr Reason unknown { "unknown option" };

[[nodiscard]] constexpr bool is_blank (char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// The part of `text` before the first `separator`, all of it if there is none. Written out,
/// because the library's searches would have images link memchr and an exception.
[[nodiscard]] constexpr std::string_view before (std::string_view text, char separator)
{
    std::size_t length = 0;
    while (length < text.size () && text[length] != separator)
        ++length;
    return { text.data (), length };
}

/// The part of `text` behind its first `count` characters.
[[nodiscard]] constexpr std::string_view behind (std::string_view text, std::size_t count)
{
    text.remove_prefix (count);
    return text;
}

[[nodiscard]] constexpr std::string_view without_leading_blanks (std::string_view text)
{
    while (!text.empty () && is_blank (text.front ()))
        text.remove_prefix (1);
    return text;
}

[[nodiscard]] constexpr std::string_view first_word (std::string_view text)
{
    std::size_t length = 0;
    while (length < text.size () && !is_blank (text[length]))
        ++length;
    return { text.data (), length };
}

[[nodiscard]] constexpr bool has_hex_prefix (std::string_view text)
{
    return text.size () >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

/// Value of `digit` in any base up to 16; 16 for anything else.
[[nodiscard]] constexpr std::uint32_t digit_value (char digit)
{
    if (digit >= '0' && digit <= '9')
        return static_cast<std::uint32_t> (digit - '0');
    if (digit >= 'a' && digit <= 'f')
        return static_cast<std::uint32_t> (digit - 'a' + 10);
    if (digit >= 'A' && digit <= 'F')
        return static_cast<std::uint32_t> (digit - 'A' + 10);
    return 16;
}

/// Reads all of `text` into `value`. Fails on an empty text, a foreign character or a value
/// above `max`.
[[nodiscard]] constexpr bool parse_number (std::string_view text, std::uint32_t base,
                                           std::uint32_t max, std::uint32_t& value)
{
    std::uint32_t result = 0;
    for (char c : text) {
        std::uint32_t const digit = digit_value (c);
        if (digit >= base || digit > max || result > (max - digit) / base)
            return false;
        result = result * base + digit;
    }
    value = result;
    return !text.empty ();
}

/// The rates that a divisor of the 8250's 1.8432 MHz clock gives exactly.
[[nodiscard]] constexpr bool is_baud_rate (std::uint32_t rate)
{
    for (std::uint32_t known : { 1200u, 2400u, 4800u, 9600u, 19200u, 38400u, 57600u, 115200u })
        if (rate == known)
            return true;
    return false;
}

[[nodiscard]] constexpr bool parse_port (std::string_view text, std::uint16_t& port)
{
    std::uint32_t number = 0;
    if (text == "com1")
        number = 0x3F8;
    else if (text == "com2")
        number = 0x2F8;
    else if (text == "off")
        number = 0;
    else if (!has_hex_prefix (text) || !parse_number (behind (text, 2), 16, 0xFFF8, number)
             || number == 0)
        return false;
    port = static_cast<std::uint16_t> (number);
    return true;
}

[[nodiscard]] constexpr Reason parse_serial (std::string_view value, BootOptions& options)
{
    auto const port = before (value, ',');
    auto serial = BootOptions::Serial {};
    if (!parse_port (port, serial.port))
        return bad_value;
    if (port.size () < value.size ()
        && (!parse_number (behind (value, port.size () + 1), 10, 115200, serial.baud)
            || !is_baud_rate (serial.baud)))
        return bad_value;
    options.serial = serial;
    return accepted;
}

[[nodiscard]] constexpr Reason parse_kernel (std::string_view value, BootOptions& options)
{
    if (value == "i486")
        options.kernel = BootOptions::Kernel::i486;
    else if (value == "pentium")
        options.kernel = BootOptions::Kernel::pentium;
    else
        return bad_value;
    return accepted;
}

[[nodiscard]] constexpr Reason parse_profile (std::string_view value, BootOptions& options)
{
    if (value == "strict")
        options.profile = BootOptions::Profile::strict;
    else if (value == "l4env")
        options.profile = BootOptions::Profile::l4env;
    else
        return bad_value;
    return accepted;
}

[[nodiscard]] constexpr Reason parse_small (std::string_view value, BootOptions& options)
{
    if (value == "off")
        options.small_spaces = BootOptions::SmallSpaces::off;
    else if (value == "on")
        options.small_spaces = BootOptions::SmallSpaces::on;
    else if (value == "force")
        options.small_spaces = BootOptions::SmallSpaces::force;
    else
        return bad_value;
    return accepted;
}

/// A size in KB, at most that of the largest pool.
[[nodiscard]] constexpr Reason parse_size (std::string_view value, std::uint32_t min,
                                           std::uint32_t& size)
{
    std::uint32_t kb = 0;
    if (!parse_number (value, 10, BootOptions::kernel_memory_max_kb, kb) || kb < min)
        return bad_value;
    size = kb;
    return accepted;
}

[[nodiscard]] constexpr Reason parse_flag (std::string_view word, BootOptions& options)
{
    if (word == "nocpuid")
        options.no_cpuid = true;
    else if (word == "nofpu")
        options.no_fpu = true;
    else if (word == "preempters")
        options.preempters = true;
    else if (word == "nofast")
        options.no_fast_path = true;
    else if (word == "nommap")
        options.no_memory_map = true;
    else
        return unknown;
    return accepted;
}

[[nodiscard]] constexpr Reason parse_assignment (std::string_view name, std::string_view value,
                                                 BootOptions& options)
{
    if (name == "kernel")
        return parse_kernel (value, options);
    if (name == "small")
        return parse_small (value, options);
    if (name == "serial")
        return parse_serial (value, options);
    if (name == "kmem")
        return parse_size (value, BootOptions::kernel_memory_min_kb, options.kernel_memory_kb);
    if (name == "quota")
        return parse_size (value, BootOptions::task_quota_min_kb, options.task_quota_kb);
    if (name == "cpu") {
        options.plain_486 = value == "486";
        return options.plain_486 ? accepted : bad_value;
    }
    if (name == "profile")
        return parse_profile (value, options);
    return unknown;
}

[[nodiscard]] constexpr Reason parse_word (std::string_view word, BootOptions& options)
{
    auto const name = before (word, '=');
    if (name.size () == word.size ())
        return parse_flag (word, options);
    return parse_assignment (name, behind (word, name.size () + 1), options);
}

}  // namespace options_detail

/// Reads a command line: words between blanks. Stops at the first word that is not understood.
/// @param line  must outlive the result, whose `bad_word` points into it
[[nodiscard]] constexpr ParsedOptions parse_boot_options (std::string_view line)
{
    using namespace options_detail;
    ParsedOptions result;
    line = without_leading_blanks (line);
    while (!line.empty ()) {
        auto const word = first_word (line);
        result.reason = parse_word (word, result.options);
        if (!result.reason.empty ()) {
            result.bad_word = word;
            break;
        }
        line = without_leading_blanks (behind (line, word.size ()));
    }
    return result;
}

}  // namespace lib
