// SPDX-License-Identifier: BSD-2-Clause
#include <init.hpp>

#include <core/interrupt.hpp>
#include <core/kernel.hpp>
#include <core/panic.hpp>
#include <l4/multiboot.hpp>
#include <lib/format.hpp>

#include <control.hpp>
#include <cpu/kernel_window.hpp>
#include <cpu/model_name.hpp>
#include <cpu_model.hpp>
#include <device/pic8259.hpp>
#include <interrupt.hpp>
#include <machine/clock.hpp>
#include <machine/console.hpp>
#include <machine/debug_registers.hpp>
#include <machine/fpu.hpp>
#include <machine/io_space.hpp>
#include <machine/resources.hpp>
#include <machine/small_space.hpp>
#include <segment/gdt.hpp>
#include <segment/idt.hpp>

extern "C" char command_line[ia32::command_line_size];      // startup.asm

namespace {

using machine::console;

lib::BootOptions read_options ()
{
    std::string_view const line { command_line };
    lib::ParsedOptions const parsed = lib::parse_boot_options (line);
    console.initialise (parsed.options.serial);
    if (line.size () == sizeof command_line - 1)
        kernel::panic ("the command line is too long");
    if (!parsed.ok ()) {
        lib::print (console, parsed.bad_word, ": ", parsed.reason, '\n');
        kernel::panic ("bad boot option");
    }
    return parsed.options;
}

ia32::CpuModel detect_processor (lib::BootOptions const& options)
{
    ia32::CpuModel const model = ia32::decode_processor (
        ia32::probe_processor (),
        { options.plain_486, options.no_cpuid, options.no_fpu });
    if (!cpu::is_supported (model))
        kernel::panic ("this kernel is not made for this processor");
    return model;
}

/// Write protection holds for the kernel too, so that it cannot break read-only user pages.
/// A hidden time-stamp counter faults.
void set_control_registers (ia32::CpuModel const& model, lib::BootOptions const& options)
{
    ia32::write_cr0 (ia32::read_cr0 () | ia32::cr0::write_protect);
    machine::Fpu::initialise (model.fpu, model.fxsr && model.sse);
    bool const hidden = options.plain_486 || options.no_cpuid;
    if (hidden && !model.tsc && ia32::decode_processor (ia32::probe_processor ()).tsc)
        ia32::write_cr4 (ia32::read_cr4 () | ia32::cr4::time_stamp_disable);
}

/// Without limits nothing keeps tasks in small spaces apart.
void allow_small_spaces (lib::BootOptions const& options, bool enforces_limits)
{
    using SmallSpaces = lib::BootOptions::SmallSpaces;
    if (options.small_spaces == SmallSpaces::force
        || (options.small_spaces == SmallSpaces::on && enforces_limits))
        machine::SmallSpace::allow ();
}

}  // namespace

void kernel_main (l4::Word magic)
{
    lib::BootOptions const options = read_options ();
    if (magic != l4::multiboot::loader_magic)
        kernel::panic ("not started by a Multiboot loader");
    ia32::CpuModel const model = detect_processor (options);
    set_control_registers (model, options);
    cpu::enable_window_pages ();
    machine::IoSpace::initialise ();
    machine::DebugRegisters::initialise ();
    ia32::load_segments ();
    ia32::load_vectors ();
    if (!options.no_fast_path) {
        machine::allow_fast_ipc ();
        kernel::interrupt::allow_fast_delivery ();
    }
    ia32::Pic8259::initialise ();
    kernel::take_memory (options);
    bool const enforces_limits = ia32::probe_limit_enforcement ();
    allow_small_spaces (options, enforces_limits);
    kernel::run ({ .options = options,
                   .image = cpu::model_name,
                   .processor = model.name (),
                   .enforces_limits = enforces_limits,
                   .has_small_spaces = machine::SmallSpace::are_allowed (),
                   .has_time_stamp_counter = model.tsc,
                   .processor_khz = model.tsc ? machine::measure_processor_khz () : 0 });
}
