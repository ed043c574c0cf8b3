// SPDX-License-Identifier: BSD-2-Clause
/// @file  Counts lines, words and bytes (-l -w -c) of files, or of its input.
#include "linux.hpp"

using namespace linux_program;

namespace {

struct Counts {
    unsigned long lines { 0 }, words { 0 }, bytes { 0 };
};

struct Options {
    bool lines { false }, words { false }, bytes { false };

    [[nodiscard]] bool only_one () const { return lines + words + bytes == 1; }
};

bool is_blank (char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

long count (int file, Counts& counts)
{
    static char buffer[4096];
    bool inside = false;
    for (;;) {
        long const size = read (file, buffer, sizeof buffer);
        if (size <= 0)
            return size;
        counts.bytes += static_cast<unsigned long> (size);
        for (long i = 0; i < size; ++i) {
            bool const blank = is_blank (buffer[i]);
            counts.lines += buffer[i] == '\n';
            counts.words += !blank && !inside;
            inside = !blank;
        }
    }
}

void print (Counts const& counts, Options const& options, std::string_view name)
{
    std::size_t const width = options.only_one () && name.empty () ? 0 : 7;
    bool first = true;
    auto const column = [&] (bool wanted, unsigned long number) {
        if (!wanted)
            return;
        if (!first)
            write (standard_output, " ");
        first = false;
        write_number (number, width);
    };
    column (options.lines, counts.lines);
    column (options.words, counts.words);
    column (options.bytes, counts.bytes);
    if (!name.empty ()) {
        write (standard_output, " ");
        write (standard_output, name);
    }
    write (standard_output, "\n");
}

/// Take the options off the front. @return false: there is another one
bool read_options (char**& arguments, Options& options)
{
    for (; arguments[1] != nullptr && arguments[1][0] == '-'; ++arguments)
        for (char const* letter = arguments[1] + 1; *letter != '\0'; ++letter)
            switch (*letter) {
            case 'l': options.lines = true; break;
            case 'w': options.words = true; break;
            case 'c': options.bytes = true; break;
            default: return false;
            }
    if (!options.lines && !options.words && !options.bytes)
        options = { true, true, true };
    return true;
}

}  // namespace

int run (char** arguments)
{
    Options options;
    char* const name = arguments[0];
    if (!read_options (arguments, options)) {
        write (standard_error, "usage: wc [-lwc] [FILE...]\n");
        return 2;
    }
    arguments[0] = name;
    if (arguments[1] == nullptr) {
        Counts counts;
        if (count (standard_input, counts) < 0)
            return 1;
        print (counts, options, {});
        return 0;
    }
    return for_each_path (arguments, [&] (char const* path) -> long {
        int const file = open (path, read_only);
        if (file < 0)
            return file;
        Counts counts;
        long const error = count (file, counts);
        close (file);
        if (error == 0)
            print (counts, options, path);
        return error;
    });
}
