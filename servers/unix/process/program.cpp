// SPDX-License-Identifier: BSD-2-Clause
#include "program.hpp"

#include <runtime/kip.hpp>

namespace unix_server {

namespace {

constexpr Word initial_eflags = 0x202;
constexpr std::size_t stack_image_size = 24 * 1024;
constinit std::array<std::byte, stack_image_size> stack_image {};

bool load_segments (AddressSpace& space, Archive::Bytes file, ElfProgram const& program,
                    Frames& frames)
{
    for (Segment const& segment : program.used ()) {
        Region const region { segment.page_begin (), segment.page_end (), true,
                              segment.writable };
        if (!space.map (region, frames)
            || !space.fill (segment.begin, file.data () + segment.file_offset,
                            segment.file_size, frames))
            return false;
    }
    return true;
}

bool overlap (ElfProgram const& left, ElfProgram const& right)
{
    for (Segment const& a : left.used ())
        for (Segment const& b : right.used ())
            if (a.page_begin () < b.page_end () && b.page_begin () < a.page_end ())
                return true;
    return false;
}

/// No secret: nothing random is to be had, and processes are not protected from themselves.
Seed make_seed (Word pid)
{
    Word const time = static_cast<Word> (rt::clock ());
    return { { time, pid * 0x9E3779B9, time * 0x85EBCA6B, ~time } };
}

}  // namespace

Result find_program (Archive const& root, std::string_view path, LoadOrder& order)
{
    auto const file = root.find (path);
    if (!file)
        return Errno::no_entry;
    order = {};
    order.file = file->data;
    if (!file->is_executable () || !read_elf (file->data, order.program))
        return Errno::no_exec;
    if (order.program.interpreter.empty ())
        return Word { 0 };
    auto const interpreter = root.find (order.program.interpreter);
    if (!interpreter)
        return Errno::no_entry;
    order.interpreter_file = interpreter->data;
    bool const usable = read_elf (interpreter->data, order.interpreter)
                        && order.interpreter.interpreter.empty ()
                        && !overlap (order.program, order.interpreter);
    return usable ? Result { Word { 0 } } : Result { Errno::no_exec };
}

bool load_program (Process& process, LoadOrder const& order, Arguments const& arguments,
                   Frames& frames)
{
    AddressSpace& space = process.space;
    Address const base
        = order.has_interpreter () ? order.interpreter.segments[0].page_begin () : 0;
    Word const used = build_stack (stack_image, arguments, order.program, base,
                                   make_seed (process.pid));
    if (used == 0 || !load_segments (space, order.file, order.program, frames)
        || (order.has_interpreter ()
            && !load_segments (space, order.interpreter_file, order.interpreter, frames))
        || !space.map ({ layout::stack_begin, layout::stack_end, true, true }, frames)
        || !space.fill (layout::stack_end - used, stack_image.data () + stack_image.size () - used,
                        used, frames))
        return false;

    process.heap_begin = process.heap_end = order.program.end;
    CallPage& page = process.call_page ();
    l4::PseudoDescriptor const tls = page.tls;
    page = {};
    page.first_answer = answer_with_segments;
    page.floating_point = clean_floating_point;
    page.tls = tls;
    page.eflags = initial_eflags;
    page.esp = layout::stack_end - used;
    page.eip = order.has_interpreter () ? order.interpreter.entry : order.program.entry;
    return true;
}

}  // namespace unix_server
