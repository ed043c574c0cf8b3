// SPDX-License-Identifier: BSD-2-Clause
/// @file  The configuration space of PCI devices, by mechanism 1 (PCI 2.1, 3.7.4.1). Bus 0 alone:
///        there are no bridges between a machine of that time and its cards.
///
/// Context: pure; host tests in tests/host/servers. `Ports` has in32 and out32.
#pragma once

#include <span>

#include <l4/word.hpp>

namespace pci {

using l4::Word;

constexpr Word address_port = 0xCF8;
constexpr Word data_port = 0xCFC;

/// Configuration registers, in bytes.
constexpr Word identity = 0x00;             // vendor, device << 16
constexpr Word command = 0x04;
constexpr Word base_address_0 = 0x10;
constexpr Word interrupt_line = 0x3C;

constexpr Word command_ports = 0x01;        // the device answers to its ports
constexpr Word base_is_ports = 0x01;
constexpr Word base_mask = ~Word { 3 };
constexpr Word most_lines = 16;             // what firmware writes otherwise: there is none

[[nodiscard]] constexpr Word device (Word vendor, Word number) { return number << 16 | vendor; }

/// A device whose registers are ports.
struct Found {
    Word base { 0 };                        ///< 0: there is none
    unsigned line { 0 };
};

template <typename Ports>
class Configuration {
public:
    explicit Configuration (Ports& ports) : ports_ { ports } {}

    /// Whether there is a PCI bus.
    [[nodiscard]] bool present ()
    {
        ports_.out32 (address_port, enabled);
        return ports_.in32 (address_port) == enabled;
    }

    /// The first device of those in `wanted`, made to answer to its ports.
    [[nodiscard]] Found find (std::span<Word const> wanted)
    {
        for (Word slot = 0; slot < slots; ++slot) {
            Word const found = read (slot, identity);
            for (Word const device : wanted)
                if (found == device)
                    return enable (slot);
        }
        return {};
    }

private:
    static constexpr Word enabled = 0x8000'0000;
    static constexpr Word slots = 32;

    [[nodiscard]] Found enable (Word slot)
    {
        Word const base = read (slot, base_address_0);
        Word const line = read (slot, interrupt_line) & 0xFF;
        if ((base & base_is_ports) == 0 || line == 0 || line >= most_lines)
            return {};
        write (slot, command, (read (slot, command) & 0xFFFF) | command_ports);
        return { base & base_mask, static_cast<unsigned> (line) };
    }

    [[nodiscard]] Word read (Word slot, Word reg)
    {
        ports_.out32 (address_port, enabled | slot << 11 | reg);
        return ports_.in32 (data_port);
    }
    void write (Word slot, Word reg, Word value)
    {
        ports_.out32 (address_port, enabled | slot << 11 | reg);
        ports_.out32 (data_port, value);
    }

    Ports& ports_;
};

}  // namespace pci
