// SPDX-License-Identifier: BSD-2-Clause
#include "program.hpp"

#include <algorithm>

#include <runtime/kip.hpp>

#include "../fs/content.hpp"
#include "script.hpp"

namespace unix_server {

namespace {

constexpr Word initial_eflags = 0x202;
constexpr std::size_t stack_image_size = 24 * 1024;
constinit std::array<std::byte, stack_image_size> stack_image {};

/// A segment's pages come from the file as they are touched.
Region region_of (Node& file, Segment const& segment)
{
    Word const before = segment.begin - segment.page_begin ();
    Region region { segment.page_begin (), segment.page_end (), true, segment.writable };
    if (segment.file_size == 0)
        return region;
    region.file = &file;
    region.file_offset = segment.file_offset - before;
    region.file_bytes = segment.file_size == segment.memory_size ? region.end - region.begin
                                                                 : before + segment.file_size;
    return region;
}

bool load_segments (AddressSpace& space, Node& file, ElfProgram const& program, Frames& frames)
{
    for (Segment const& segment : program.used ())
        if (!space.map (region_of (file, segment), frames))
            return false;
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

Result find_file (FileSystem const& files, Node& start, Path& path, Node*& file)
{
    Place place;
    if (Result const found = path.walk (files, start, LastLink::follow, place); !found.ok ())
        return found;
    file = place.node;
    if (file == nullptr)
        return Errno::no_entry;
    return file->is_executable () ? Result { Word { 0 } } : Result { Errno::access };
}

/// The interpreter's name is the path then.
Result follow_script (ScriptLine const& line, Path& path, StringList& arguments)
{
    std::array<std::string_view, 3> const texts { line.interpreter, line.argument, path.text () };
    std::array<std::string_view, 2> const without { line.interpreter, path.text () };
    bool const fits = line.argument.empty () ? arguments.replace_first (without)
                                             : arguments.replace_first (texts);
    return fits && path.set (line.interpreter) ? Result { Word { 0 } }
                                               : Result { Errno::too_big };
}

Result find_interpreter (FileSystem const& files, Path& path, LoadOrder& order)
{
    if (order.program.interpreter ().empty ())
        return Word { 0 };
    if (!path.set (order.program.interpreter ()))
        return Errno::no_exec;
    if (Result const found = find_file (files, files.root (), path, order.interpreter_file);
        !found.ok ())
        return found;
    bool const usable = read_elf (*order.interpreter_file, order.interpreter)
                        && order.interpreter.interpreter ().empty ()
                        && !overlap (order.program, order.interpreter);
    return usable ? Result { Word { 0 } } : Result { Errno::no_exec };
}

}  // namespace

Result find_program (FileSystem const& files, Node& start, Path& path, StringList& arguments,
                     LoadOrder& order)
{
    constexpr Word most_scripts = 5;
    order = {};
    for (Word scripts = 0;; ++scripts) {
        ScriptLine line;
        std::array<char, longest_path> name;
        std::size_t const length = path.text ().copy (name.data (), name.size ());
        if (Result const found = find_file (files, start, path, order.file); !found.ok ())
            return found;
        if (!path.set ({ name.data (), length }))
            return Errno::name_too_long;
        if (!line.read (*order.file))
            break;
        if (scripts == most_scripts)
            return Errno::too_many_symlinks;
        if (Result const followed = follow_script (line, path, arguments); !followed.ok ())
            return followed;
    }
    return read_elf (*order.file, order.program) ? find_interpreter (files, path, order)
                                                 : Result { Errno::no_exec };
}

bool load_program (Process& process, LoadOrder const& order, Arguments const& arguments,
                   Frames& frames)
{
    AddressSpace& space = process.space;
    Address const base
        = order.has_interpreter () ? order.interpreter.segments[0].page_begin () : 0;
    Word const used = build_stack (stack_image, arguments, order.program, base,
                                   make_seed (process.pid));
    if (used == 0 || !load_segments (space, *order.file, order.program, frames)
        || (order.has_interpreter ()
            && !load_segments (space, *order.interpreter_file, order.interpreter, frames))
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
