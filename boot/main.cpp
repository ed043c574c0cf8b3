// SPDX-License-Identifier: BSD-2-Clause
/// @file  The boot program: from the loader's modules to a running kernel.
///
/// Everything is checked and decided before the first byte is moved: a bundle that cannot work
/// ends in one line that says why, with the machine as the loader left it.
#include <cstring>

#include <cpu_model.hpp>
#include <l4/multiboot.hpp>

#include "command_line.hpp"
#include "console.hpp"
#include "elf32.hpp"
#include "handoff.hpp"
#include "info_page.hpp"
#include "loader.hpp"
#include "placement.hpp"

extern "C" {
extern char boot_begin[];       // boot.ld
extern char boot_end[];
[[noreturn]] void start_kernel (l4::Address entry, l4::Address information);
[[noreturn]] void boot_main (l4::Word magic, l4::multiboot::Info const* info);
}

namespace boot {

namespace {

/// An image with a fixed address.
struct Image {
    Module const* module { nullptr };
    Elf32 elf {};
    Range pages {};

    [[nodiscard]] std::string_view name () const { return module->name (); }
};

/// What is known, in the order in which it becomes known. In static memory: large, and zero.
struct System {
    char command_line_buffer[command_line_capacity];
    std::string_view command_line;
    lib::BootOptions options;
    MemoryMap memory;
    ModuleList modules;
    Range bundle;
    Selection selection;
    Image kernel;
    Image sigma0;
    Image root;
    InfoPageSlot info_page;
    std::array<Block, ModuleList::capacity> block_store;
    std::span<Block> blocks;
    Range information;
    std::array<l4::MemoryDescriptor, 64> descriptors;
    std::size_t descriptor_count;
};

constinit System boot_system {};

Range own_memory ()
{
    return { reinterpret_cast<Address> (boot_begin), reinterpret_cast<Address> (boot_end) };
}

template <typename T>
T* pointer_to (Address at)
{
    return reinterpret_cast<T*> (at);
}

void read_options (System& system, Loader const& loader)
{
    insist (loader.command_line (system.command_line_buffer, system.command_line));
    auto const parsed = lib::parse_boot_options (system.command_line);
    if (!parsed.ok ())
        fail (parsed.bad_word, ": ", parsed.reason);
    system.options = parsed.options;
    console.start (system.options.serial);
}

/// @return the name of the kernel image for this machine
std::string_view choose_kernel (lib::BootOptions const& options)
{
    ia32::ProcessorLimits const limits { options.plain_486, options.no_cpuid, options.no_fpu };
    auto const cpu = ia32::decode_processor (ia32::probe_processor (), limits);
    auto const name = kernel_for (options, cpu);
    if (cpu.processor_class == ia32::ProcessorClass::i386)
        fail ("processor: needs a 486 or later");
    if (cpu.cpuid)
        say ("processor ", cpu.name (), ", ", std::string_view { cpu.vendor, sizeof cpu.vendor },
             " family ", cpu.family, " model ", cpu.model, " stepping ", cpu.stepping);
    else
        say ("processor ", cpu.name (), ", not asked by CPUID");
    if (name == "kernel-pentium" && !cpu.runs_pentium_image ())
        say ("warning: kernel-pentium is not for this processor");
    return name;
}

void read_memory (System& system, Loader const& loader)
{
    auto const report = loader.memory (!system.options.no_memory_map);
    insist ({ "memory", read_memory_map (report, system.memory) });
    say ("memory ", system.memory.usable.total () / 1024, " KB",
         system.memory.from_bios ? "" : ", no map");
    if (system.memory.dropped != 0)
        say (system.memory.dropped >> 20, " MB above 3 GB are not used");
}

void open_image (Image& image, Module const& module)
{
    image.module = &module;
    insist ({ module.name (), image.elf.read (bytes_at (module.memory)) });
    image.pages = image.elf.pages ();
}

void open_server (Image& image, Module const& module)
{
    open_image (image, module);
    if (!image.elf.runs_where_loaded ())
        fail (module.name (), ": not linked at physical addresses");
}

void open_images (System& system, std::string_view kernel_name)
{
    insist (select_modules (system.modules, kernel_name, system.selection));
    open_image (system.kernel, *system.selection.kernel);
    insist ({ kernel_name, find_info_page (system.kernel.elf, system.info_page) });
    open_server (system.sigma0, *system.selection.sigma0);
    system.sigma0.pages.end += page_size;           // its stack
    open_server (system.root, *system.selection.root);
}

void collect_blocks (System& system)
{
    std::size_t count = 0;
    if (!system.bundle.is_empty ())
        system.block_store[count++] = { "bundle", system.bundle, 0 };
    else
        for (Module const& m : system.modules)
            system.block_store[count++] = { m.name (), m.memory, 0 };
    system.blocks = { system.block_store.data (), count };
}

void decide_places (System& system)
{
    Placement placement { system.memory, own_memory () };
    for (Image const* image : { &system.kernel, &system.sigma0, &system.root })
        insist (placement.add_target (image->name (), image->pages));
    insist (placement.place_blocks (system.blocks));
    Word const size = handoff_size ({ system.modules, system.selection, system.command_line,
                                      system.memory });
    insist (placement.place_info (system.blocks, size, system.information));
}

void describe_places (System& system)
{
    MemoryUse use { &system.memory.usable, system.kernel.pages, system.sigma0.pages,
                    system.root.pages, {} };
    bool fits = use.modules.add (system.information);
    for (Block const& block : system.blocks)
        fits = fits && use.modules.add (pages_around (block.at ()));
    if (!fits)
        fail (too_scattered);

    std::span<l4::MemoryDescriptor> table { system.descriptors };
    if (system.info_page.descriptors < table.size ())
        table = { table.data (), system.info_page.descriptors };
    Word omitted = 0;
    insist (describe_memory (use, table, system.descriptor_count, omitted));
    if (omitted != 0)
        say (omitted / 1024, " KB in small regions are not used");
}

//--- nothing has been overwritten so far; nothing below can fail ---

void move_blocks (System& system)
{
    for (Block const& block : system.blocks) {
        if (block.to == block.from.begin)
            continue;
        std::memmove (pointer_to<std::byte> (block.to), bytes_at (block.from).data (),
                      block.from.size ());
        system.modules.moved (block.from, block.to);
    }
}

/// Clears all pages of the image, so that what is between segments and behind them is zero.
void load (Image& image)
{
    std::memset (pointer_to<std::byte> (image.pages.begin), 0, image.pages.size ());
    static_cast<void> (image.elf.read (bytes_at (image.module->memory)));   // it may have moved
    for (auto const& segment : image.elf.segments ())
        std::memcpy (pointer_to<std::byte> (segment.physical.begin), segment.bytes.data (),
                     segment.bytes.size ());
}

void fill_kernel (System const& system)
{
    auto* const table = pointer_to<l4::MemoryDescriptor> (
        system.info_page.at + system.info_page.descriptors_offset);
    for (std::size_t i = 0; i < system.descriptor_count; ++i)
        table[i] = system.descriptors[i];

    Range const sigma0 = system.sigma0.pages;
    Range const root = system.root.pages;
    fill_info_page (*pointer_to<l4::KernelInfoPage> (system.info_page.at),
                    { { sigma0.end, system.sigma0.elf.entry (), sigma0.begin, sigma0.end },
                      { 0, system.root.elf.entry (), root.begin, root.end } },
                    system.information.begin, static_cast<Word> (system.descriptor_count));
}

void load_system (System& system)
{
    move_blocks (system);
    load (system.kernel);
    load (system.sigma0);
    load (system.root);
    fill_kernel (system);

    Range const place = system.information;
    auto* const block = pointer_to<std::byte> (place.begin);
    std::memset (block, 0, place.size ());
    write_handoff ({ system.modules, system.selection, system.command_line, system.memory },
                   { block, place.size () }, place.begin);
}

}  // namespace

}  // namespace boot

void boot_main (l4::Word magic, l4::multiboot::Info const* info)
{
    using namespace boot;
    if (magic != l4::multiboot::loader_magic)
        fail ("not started by a Multiboot loader");
    System& system = boot_system;
    Loader const loader { *info };
    read_options (system, loader);
    auto const kernel_name = choose_kernel (system.options);
    read_memory (system, loader);
    insist (loader.modules (system.memory, system.modules, system.bundle));
    open_images (system, kernel_name);
    collect_blocks (system);
    decide_places (system);
    describe_places (system);
    load_system (system);
    say ("starting ", kernel_name, " at ", lib::hex (system.kernel.elf.entry (), 8), ", ",
         system.modules.size (), " modules");
    start_kernel (system.kernel.elf.entry (), system.information.begin);
}
