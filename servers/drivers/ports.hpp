// SPDX-License-Identifier: BSD-2-Clause
/// @file  The ports of the machine, for register logic that takes its ports as a parameter: on the
///        host it gets a device that only pretends (tests/host/servers).
#pragma once

#include <concepts>

#include <runtime/ia32/ports.hpp>

namespace drivers {

using l4::Word;

/// Whatever has ports.
template <typename T>
concept PortSpace = requires (T ports, Word port, std::uint8_t byte, void* to, void const* from) {
    { ports.in8 (port) } -> std::same_as<std::uint8_t>;
    ports.out8 (port, byte);
    ports.in_words (port, to, Word { 1 });
    ports.out_words (port, from, Word { 1 });
};

struct MachinePorts {
    static std::uint8_t in8 (Word port) { return rt::in8 (port); }
    static void out8 (Word port, std::uint8_t value) { rt::out8 (port, value); }
    static Word in32 (Word port) { return rt::in32 (port); }
    static void out32 (Word port, Word value) { rt::out32 (port, value); }
    static void in_words (Word port, void* to, Word count) { rt::in_words (port, to, count); }
    static void out_words (Word port, void const* from, Word count)
    {
        rt::out_words (port, from, count);
    }
};

static_assert (PortSpace<MachinePorts>);

}  // namespace drivers
