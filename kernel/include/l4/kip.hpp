// SPDX-License-Identifier: BSD-2-Clause
/// @file  Kernel info page: what the kernel tells user programs, and what the loader told it.
///
/// The page lies in the kernel's ELF image on a page boundary, in the 2007 form: a loader finds
/// it by its magic, fills in sigma0, root task, memory descriptors and `user_ptr`, and starts
/// the kernel. A kernel whose root task is strict then rewrites 58h..9Fh to the classic form.
#pragma once

#include <l4/bitfield.hpp>

namespace l4 {

/// Start of an initial server. `begin`..`end`: its memory; end = first address behind.
struct ServerStart {
    Address esp;
    Address eip;
    Address begin;
    Address end;
};

/// low = first byte, high = first address behind the last. low == high or high == 0: empty.
struct MemoryRange {
    Address low;
    Address high;

    [[nodiscard]] constexpr bool is_empty () const { return high <= low; }
    [[nodiscard]] constexpr bool contains (Address a) const { return a >= low && a < high; }
};

/// 2007 form: one region of physical memory, in units of 1 KB.
class MemoryDescriptor {
public:
    enum class Type : Word {
        undefined = 0,
        conventional = 1,       ///< RAM
        reserved = 2,           ///< the kernel's or sigma0's
        dedicated = 3,          ///< device memory
        shared = 4,
        boot_loader = 0xE,      ///< the root task's from the start: its image, modules
        architecture = 0xF,     ///< BIOS areas
    };

    constexpr MemoryDescriptor () = default;
    /// @param begin  first byte  @param end  first byte behind; both multiples of 1 KB
    constexpr MemoryDescriptor (Type type, Address begin, Address end)
        : start_ { (begin & unit_mask) | static_cast<Word> (type) },
          last_ { (end - 1) & unit_mask }
    {
    }

    [[nodiscard]] constexpr Type type () const { return static_cast<Type> (start_ & 0xF); }
    [[nodiscard]] constexpr bool is_virtual () const { return (start_ & 0x200) != 0; }
    [[nodiscard]] constexpr Address begin () const { return start_ & unit_mask; }
    /// First byte behind; 0 if the region ends at 4 GB.
    [[nodiscard]] constexpr Address end () const { return (last_ | ~unit_mask) + 1; }

private:
    static constexpr Word unit_mask = ~Word { 0x3FF };

    Word start_ { 0 };
    Word last_ { 0 };
};

/// 58h..9Fh of the classic form.
struct ClassicMemory {
    Word kdebug_configuration;      ///< 58h
    Word kdebug_permissions;        ///< 5Ch
    MemoryRange main;               ///< 60h: RAM
    MemoryRange reserved0;          ///< 68h: kernel code and data
    MemoryRange reserved1;          ///< 70h: kernel memory taken at boot
    MemoryRange semi_reserved;      ///< 78h: adapter area, 640 KB to 1 MB
    MemoryRange dedicated[4];       ///< 80h: the root task's: boot modules
};

/// 58h..9Fh of the 2007 form.
struct Memory2007 {
    Word reserved_58[2];
    Word total_ram;                 ///< 60h: bytes
    Word reserved_64[15];
};

struct KernelInfoPage {
    static constexpr Word magic_value = 0x4BE6344C;     ///< "L4", micro sign (CP 437), "K"
    static constexpr Word descriptors_offset = 0x200;
    static constexpr Word descriptors_capacity = 20;
    static constexpr Word strings_offset = 0x300;

    Word magic;                     ///< 00h
    Word version;                   ///< 04h
    std::uint8_t strings_16;        ///< 08h: offset of the version string / 16. The feature
                                    ///< strings follow it; an empty string ends them.
    std::uint8_t reserved_09[3];
    Word system_call_stubs;         ///< 0Ch: low byte 0: none, use int
    Word reserved_10[4];
    ServerStart sigma0;             ///< 20h
    ServerStart sigma1;             ///< 30h
    ServerStart root;               ///< 40h
    Word configuration;             ///< 50h
    Word memory_info;               ///< 54h: descriptors' offset << 16 | number (2007 form)
    union {
        ClassicMemory classic;
        Memory2007 form_2007;
    };                              ///< 58h
    std::uint64_t clock;            ///< A0h: microseconds since boot; read high, low, high
    Word reserved_a8[2];
    Word processor_frequency;       ///< B0h: MHz classic, kHz 2007
    Word bus_frequency;             ///< B4h
    Word reserved_b8[10];
    Word user_ptr;                  ///< E0h: physical address of the Multiboot information
    Word reserved_e4[71];
    MemoryDescriptor descriptors[descriptors_capacity];     ///< 200h
    Word kernel_memory;             ///< 2A0h: size of the kernel's pool, in bytes
    Word free_kernel_memory;        ///< 2A4h: what was free of it at the last tick
    std::uint8_t reserved_2a8[0x58];
    char strings[0x1000 - strings_offset];                  ///< 300h
};

/// Where every l4env task but sigma0 has the page.
constexpr Address kip_address_l4env = 0xBFFF2000;

/// Classic version word of Pecan and the version word of the 2007 form.
constexpr Word kip_version_classic = 0x02000001;
constexpr Word kip_version_2007 = 0x02004444;

static_assert (sizeof (KernelInfoPage) == 4096);
static_assert (__builtin_offsetof (KernelInfoPage, sigma0) == 0x20);
static_assert (__builtin_offsetof (KernelInfoPage, root) == 0x40);
static_assert (__builtin_offsetof (KernelInfoPage, memory_info) == 0x54);
static_assert (__builtin_offsetof (KernelInfoPage, classic.main) == 0x60);
static_assert (__builtin_offsetof (KernelInfoPage, classic.semi_reserved) == 0x78);
static_assert (__builtin_offsetof (KernelInfoPage, classic.dedicated) == 0x80);
static_assert (__builtin_offsetof (KernelInfoPage, form_2007.total_ram) == 0x60);
static_assert (__builtin_offsetof (KernelInfoPage, clock) == 0xA0);
static_assert (__builtin_offsetof (KernelInfoPage, processor_frequency) == 0xB0);
static_assert (__builtin_offsetof (KernelInfoPage, user_ptr) == 0xE0);
static_assert (__builtin_offsetof (KernelInfoPage, descriptors) == 0x200);
static_assert (__builtin_offsetof (KernelInfoPage, kernel_memory) == 0x2A0);
static_assert (__builtin_offsetof (KernelInfoPage, strings) == KernelInfoPage::strings_offset);

}  // namespace l4
