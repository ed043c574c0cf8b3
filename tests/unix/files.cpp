// SPDX-License-Identifier: BSD-2-Clause
/// @file  Files: what every call about them answers, also where it refuses, below /tmp; pipes,
///        fifos, mappings. What is expected here is what Linux says to root.
#include "linux.h"

using namespace linux_i386;

namespace {

enum FileNumber : Word {
    open_ = 5, close_ = 6, creat_ = 8, link_ = 9, unlink_ = 10, execve_ = 11, chdir_ = 12,
    mknod_ = 14, chmod_ = 15, lseek_ = 19, access_ = 33, rename_ = 38, mkdir_ = 39, rmdir_ = 40,
    dup_ = 41, pipe_ = 42, ioctl_ = 54, umask_ = 60, dup2_ = 63, symlink_ = 83, readlink_ = 85,
    mmap_ = 90, munmap_ = 91, fchdir_ = 133, llseek_ = 140, readv_ = 145, writev_ = 146,
    pread_ = 180, pwrite_ = 181, getcwd_ = 183, mmap2_ = 192, truncate64_ = 193,
    ftruncate64_ = 194, stat64_ = 195, lstat64_ = 196, fstat64_ = 197, getdents64_ = 220,
    fcntl64_ = 221, sendfile64_ = 239, statfs64_ = 268, openat_ = 295, utimensat_ = 320,
    dup3_ = 330, pipe2_ = 331, statx_ = 383,
};

constexpr std::int32_t no_entry = -2, no_device = -6, no_exec = -8, bad_file = -9, again = -11,
                       no_access = -13, bad_address = -14, busy = -16, exists = -17,
                       no_directory = -20, is_directory = -21, too_many = -24,
                       no_terminal = -25, no_seek = -29, broken_pipe = -32, out_of_range = -34,
                       too_long = -36, not_empty = -39, loop = -40, no_space = -28,
                       not_permitted = -1, too_big_file = -27;
constexpr Word read_only = 0, write_only = 1, read_write = 2, create = 0100, exclusive = 0200,
               truncate = 01000, append = 02000, nonblock = 04000, directory = 0200000,
               no_follow = 0400000, close_on_exec = 02000000;
constexpr Word nowhere = 16;                    // no process has memory there

char buffer[70000];

std::int32_t open (char const* path, Word flags, Word mode = 0644)
{
    return call (open_, at (path), flags, mode);
}
std::int32_t on (Word number, char const* path, Word b = 0, Word c = 0)
{
    return call (number, at (path), b, c);
}
std::int32_t two (Word number, char const* a, char const* b)
{
    return call (number, at (a), at (b));
}

Word length_of (char const* text)
{
    Word length = 0;
    while (text[length] != 0)
        ++length;
    return length;
}
std::int32_t write (Word file, char const* text)
{
    return call (number_write, file, at (text), length_of (text));
}
std::int32_t read (Word file, Word size = sizeof buffer)
{
    return call (number_read, file, at (buffer), size);
}
bool holds (char const* text)
{
    for (Word i = 0; text[i] != 0; ++i)
        if (buffer[i] != text[i])
            return false;
    return true;
}
/// Make a file with this content.
void make (char const* path, char const* text)
{
    std::int32_t const file = open (path, write_only | create | truncate);
    write (static_cast<Word> (file), text);
    call (close_, static_cast<Word> (file));
}

struct Stat {
    Word device[2], unused, number, mode, links, user, group, special[2], unused2;
    Word size, size_high, block_size, blocks[2], accessed, accessed_part, modified, modified_part;
    Word changed, changed_part, number64[2];
};
static_assert (sizeof (Stat) == 96);

Stat status;
std::int32_t stat (char const* path) { return call (stat64_, at (path), at (&status)); }
std::int32_t lstat (char const* path) { return call (lstat64_, at (path), at (&status)); }

void test_open ()
{
    std::int32_t const file = open ("f", read_write | create | exclusive, 0666);
    check ("the lowest descriptor", file, 3);
    check ("O_EXCL", open ("f", create | exclusive), exists);
    check ("no such file", open ("none", read_only), no_entry);
    check ("an empty path", open ("", read_only), no_entry);
    check ("a bad pointer", call (open_, nowhere, 0, 0), bad_address);
    check ("a file as a directory", open ("f/x", read_only), no_directory);
    check ("a slash behind a file", open ("f/", read_only), no_directory);
    check ("a slash behind a new one", open ("new/", create | write_only), is_directory);
    check ("O_DIRECTORY", open ("f", directory), no_directory);
    check ("to write a directory", open (".", write_only), is_directory);
    check ("to create one", open (".", create), is_directory);
    check ("umask", (stat ("f"), static_cast<std::int32_t> (status.mode)), 0100644);
    for (Word i = 0; i < 300; ++i)
        buffer[i] = 'n';
    buffer[300] = 0;
    check ("a name of 300", open (buffer, read_only), too_long);
    for (Word i = 0; i < 5000; ++i)
        buffer[i] = '/';
    buffer[5000] = 0;
    check ("a path of 5000", open (buffer, read_only), too_long);
    check ("close", call (close_, 3), 0);
    check ("close again", call (close_, 3), bad_file);
    check ("/dev/null", open ("/dev/null", read_write), 3);
    call (close_, 3);
}

void test_read_and_write ()
{
    Word const file = static_cast<Word> (open ("rw", read_write | create));
    check ("write", write (file, "0123456789"), 10);
    check ("lseek", call (lseek_, file, 3, 0), 3);
    check ("read", read (file, 4), 4);
    check ("what was written", holds ("3456"), true);
    check ("the rest", read (file), 3);
    check ("the end", read (file), 0);
    check ("from the end", call (lseek_, file, static_cast<Word> (-4), 2), 6);
    check ("from here", call (lseek_, file, static_cast<Word> (-1), 1), 5);
    check ("before the begin", call (lseek_, file, static_cast<Word> (-6), 1), error_invalid);
    check ("no such way", call (lseek_, file, 0, 9), error_invalid);
    Word position[2] {};
    check ("_llseek", call (llseek_, file, 1, 0, at (position), 0), 0);
    check ("beyond 4 GB", static_cast<std::int32_t> (position[1]), 1);
    check ("nothing is there", read (file), 0);
    call (lseek_, file, 5000, 0);
    check ("behind the end", write (file, "x"), 1);
    check ("a hole", call (pread_, file, at (buffer), 4, 4000, 0), 4);
    check ("of zeros", buffer[0] | buffer[1] | buffer[2] | buffer[3], 0);
    check ("pwrite", call (pwrite_, file, at ("ab"), 2, 8, 0), 2);
    check ("pread", call (pread_, file, at (buffer), 4, 6, 0), 4);
    check ("of both", holds ("67ab"), true);
    check ("the offset stays", call (lseek_, file, 0, 1), 5001);
    check ("to nowhere", call (number_read, file, nowhere, 0), 0);
    call (lseek_, file, 0, 0);
    check ("a byte to nowhere", call (number_read, file, nowhere, 1), bad_address);
    check ("from nowhere", call (number_write, file, nowhere, 1), bad_address);
    check ("beyond the process", call (number_read, file, 0xC0000000, 1), bad_address);
    struct { Word base, size; } const vectors[3]
        = { { at ("ab"), 2 }, { 0, 0 }, { at ("cde"), 3 } };
    check ("writev", call (writev_, file, at (vectors), 3), 5);
    call (lseek_, file, 0, 0);
    struct { Word base, size; } const into[2] = { { at (buffer), 1 }, { at (buffer + 1), 4 } };
    check ("readv", call (readv_, file, at (into), 2), 5);
    check ("in order", holds ("abcde"), true);
    check ("too many vectors", call (readv_, file, at (into), 1025), error_invalid);
    check ("ftruncate64", call (ftruncate64_, file, 3, 0), 0);
    check ("is shorter", (call (fstat64_, file, at (&status)),
                          static_cast<std::int32_t> (status.size)), 3);
    check ("truncate64", call (truncate64_, at ("rw"), 100, 0), 0);
    check ("is longer", (stat ("rw"), static_cast<std::int32_t> (status.size)), 100);
    check ("a size below 0", call (ftruncate64_, file, 0, 0x80000000), error_invalid);
    call (close_, file);
    Word const only = static_cast<Word> (open ("rw", read_only));
    check ("not for writing", write (only, "x"), bad_file);
    check ("nor for ftruncate", call (ftruncate64_, only, 0, 0), error_invalid);
    call (close_, only);
    Word const end = static_cast<Word> (open ("rw", write_only | append));
    check ("not for reading", read (end), bad_file);
    write (end, "end");
    check ("O_APPEND", call (lseek_, end, 0, 1), 103);
    call (close_, end);
    check ("O_TRUNC", open ("rw", write_only | truncate), 3);
    check ("is empty", (stat ("rw"), static_cast<std::int32_t> (status.size)), 0);
    call (close_, 3);
    check ("a directory is not read", (open (".", read_only), read (3)), is_directory);
    call (close_, 3);
}

void test_descriptors ()
{
    Word const file = static_cast<Word> (open ("rw", read_write | create));
    check ("dup", call (dup_, file), 4);
    write (file, "abc");
    check ("has the same offset", call (lseek_, 4, 0, 1), 3);
    check ("dup2", call (dup2_, file, 9), 9);
    check ("dup2 to itself", call (dup2_, 9, 9), 9);
    check ("dup2 of none", call (dup2_, 77, 9), bad_file);
    check ("dup2 too high", call (dup2_, file, 100000000), bad_file);
    check ("dup3 to itself", call (dup3_, 9, 9, 0), error_invalid);
    check ("dup3", call (dup3_, file, 10, close_on_exec), 10);
    check ("F_GETFD", call (fcntl64_, 10, 1), 1);
    check ("of the first", call (fcntl64_, file, 1), 0);
    check ("F_SETFD", (call (fcntl64_, 10, 2, 0), call (fcntl64_, 10, 1)), 0);
    check ("F_DUPFD", call (fcntl64_, file, 0, 9), 11);
    check ("F_DUPFD_CLOEXEC", call (fcntl64_, file, 1030, 9), 12);
    check ("its flag", call (fcntl64_, 12, 1), 1);
    check ("F_GETFL", call (fcntl64_, file, 3) & 3, read_write);
    check ("F_SETFL", call (fcntl64_, file, 4, append | nonblock), 0);
    check ("holds for all", call (fcntl64_, 9, 3) & (append | nonblock), append | nonblock);
    check ("F_DUPFD too high", call (fcntl64_, file, 0, 100000000), error_invalid);
    check ("no such command", call (fcntl64_, file, 999), error_invalid);
    check ("F_GETFD of none", call (fcntl64_, 77, 1), bad_file);
    check ("ioctl of a file", call (ioctl_, file, 0x5401, at (buffer)), no_terminal);
    for (Word descriptor = 3; descriptor < 13; ++descriptor)
        call (close_, descriptor);
    std::int32_t last = 0;
    for (int i = 0; i < 2000 && last >= 0; ++i)
        last = open ("rw", read_only);
    check ("no more descriptors", last == too_many || last > 1000, true);
    for (Word descriptor = 3; descriptor < 2000; ++descriptor)
        call (close_, descriptor);
}

void test_names ()
{
    check ("mkdir", on (mkdir_, "d", 0777), 0);
    check ("its mode", (stat ("d"), static_cast<std::int32_t> (status.mode)), 040755);
    check ("mkdir again", on (mkdir_, "d", 0777), exists);
    check ("mkdir with a slash", on (mkdir_, "d/e/", 0777), 0);
    check ("links of a directory", (stat ("d"), static_cast<std::int32_t> (status.links)), 3);
    check ("mkdir .", on (mkdir_, ".", 0777), exists);
    check ("rmdir, not empty", on (rmdir_, "d"), not_empty);
    check ("rmdir .", on (rmdir_, "d/."), error_invalid);
    check ("rmdir ..", on (rmdir_, "d/.."), not_empty);
    check ("rmdir of the root", on (rmdir_, "/"), busy);
    check ("unlink of a directory", on (unlink_, "d"), is_directory);
    make ("a", "text");
    check ("rmdir of a file", on (rmdir_, "a"), no_directory);
    check ("link", two (link_, "a", "b"), 0);
    check ("link again", two (link_, "a", "b"), exists);
    check ("link of a directory", two (link_, "d", "dd"), not_permitted);
    check ("two names", (stat ("b"), static_cast<std::int32_t> (status.links)), 2);
    check ("rename onto itself", two (rename_, "a", "b"), 0);
    check ("does nothing", stat ("a"), 0);
    check ("unlink", on (unlink_, "b"), 0);
    check ("unlink again", on (unlink_, "b"), no_entry);
    check ("unlink with a slash", on (unlink_, "a/"), no_directory);
    check ("rename", two (rename_, "a", "d/a"), 0);
    check ("the old name", stat ("a"), no_entry);
    check ("into itself", two (rename_, "d", "d/e/x"), error_invalid);
    check ("file onto directory", two (rename_, "d/a", "d/e"), is_directory);
    check ("directory onto file", two (rename_, "d/e", "d/a"), no_directory);
    check ("directory onto its parent", two (rename_, "d/e", "d"), not_empty);
    check ("rename of .", two (rename_, "d/.", "x"), busy);
    check ("file to a slash", two (rename_, "d/a", "x/"), no_directory);
    check ("symlink", two (symlink_, "d/a", "s"), 0);
    check ("symlink to nothing", two (symlink_, "", "t"), no_entry);
    check ("readlink", call (readlink_, at ("s"), at (buffer), 100), 3);
    check ("its text", holds ("d/a"), true);
    check ("a part of it", call (readlink_, at ("s"), at (buffer), 2), 2);
    check ("readlink of a file", call (readlink_, at ("d/a"), at (buffer), 100), error_invalid);
    check ("readlink of no size", call (readlink_, at ("s"), at (buffer), 0), error_invalid);
    check ("lstat", (lstat ("s"), static_cast<std::int32_t> (status.mode)), 0120777);
    check ("its size", static_cast<std::int32_t> (status.size), 3);
    check ("stat follows", (stat ("s"), static_cast<std::int32_t> (status.size)), 4);
    check ("O_NOFOLLOW", open ("s", no_follow), loop);
    check ("O_CREAT through a link", (two (symlink_, "made", "m"), open ("m", create)), 3);
    call (close_, 3);
    check ("makes its target", stat ("made"), 0);
    check ("O_EXCL sees the link", open ("m", create | exclusive), exists);
    two (symlink_, "self", "self");
    check ("a link to itself", stat ("self"), loop);
    check ("rmdir of a link", on (rmdir_, "s"), no_directory);
    check ("access", on (access_, "d/a", 6), 0);
    check ("access to execute", on (access_, "d/a", 1), no_access);
    check ("access to nothing", on (access_, "none", 0), no_entry);
    check ("access in no mode", on (access_, "d/a", 9), error_invalid);
    check ("chmod", on (chmod_, "d/a", 0751), 0);
    check ("its mode now", (stat ("d/a"), static_cast<std::int32_t> (status.mode)), 0100751);
    check ("access to execute now", on (access_, "d/a", 1), 0);
    check ("stat to nowhere", call (stat64_, at ("d/a"), nowhere), bad_address);
    Time const times[2] = { { 1000, 5 }, { 2000, 7 } };
    check ("utimensat", call (utimensat_, static_cast<Word> (-100), at ("d/a"), at (times), 0), 0);
    check ("its times", (stat ("d/a"), static_cast<std::int32_t> (status.accessed
                                                                  + status.modified)), 3000);
    check ("to the nanosecond", static_cast<std::int32_t> (status.modified_part), 7);
}

void test_directories ()
{
    Word const here = static_cast<Word> (open (".", read_only | directory));
    check ("chdir", on (chdir_, "d/e"), 0);
    Word const size = static_cast<Word> (call (getcwd_, at (buffer), sizeof buffer));
    check ("getcwd", buffer[size - 2] == 'e' && buffer[size - 3] == '/' && buffer[0] == '/', true);
    check ("getcwd without room", call (getcwd_, at (buffer), size - 1), out_of_range);
    check ("chdir to a file", on (chdir_, "../a"), no_directory);
    check ("openat", call (openat_, here, at ("d/a"), 0, 0), static_cast<std::int32_t> (here) + 1);
    call (close_, here + 1);
    check ("openat of a file", (call (openat_, here, at ("d/a"), 0, 0),
                                call (openat_, here + 1, at ("x"), 0, 0)), no_directory);
    check ("openat of none", call (openat_, 77, at ("x"), 0, 0), bad_file);
    call (close_, here + 1);
    check ("rmdir of the working directory", on (rmdir_, "../e"), 0);
    check ("getcwd there", call (getcwd_, at (buffer), sizeof buffer), no_entry);
    check ("open there", open ("x", create), no_entry);
    check ("mkdir there", on (mkdir_, "x", 0777), no_entry);
    check ("fchdir", call (fchdir_, here), 0);
    on (chdir_, "d");
    for (char name[] = "n0"; name[1] < '8'; ++name[1])
        make (name, "");
    Word const list = static_cast<Word> (open (".", read_only | directory));
    check ("getdents without room", call (getdents64_, list, at (buffer), 20), error_invalid);
    check ("getdents to nowhere", call (getdents64_, list, nowhere, 1000), bad_address);
    std::int32_t entries = 0;
    Word types = 0;
    for (std::int32_t bytes; (bytes = call (getdents64_, list, at (buffer), 64)) > 0;)
        for (std::int32_t i = 0; i < bytes; i += buffer[i + 16]) {
            ++entries;
            types |= 1u << buffer[i + 18];
        }
    check ("all entries, a few at a time", entries, 11);
    check ("and their kinds", static_cast<std::int32_t> (types), 1 << 8 | 1 << 4);
    check ("again from the begin", call (lseek_, list, 0, 0), 0);
    check ("in one piece", call (getdents64_, list, at (buffer), sizeof buffer), 11 * 24);
    check ("getdents of a file", (open ("n1", read_only),
                                  call (getdents64_, list + 1, at (buffer), 100)), no_directory);
    call (close_, list + 1);
    call (close_, list);
    call (fchdir_, here);
    call (close_, here);
}

void test_pipes ()
{
    Word ends[2] {};
    check ("pipe", call (pipe_, at (ends)), 0);
    check ("pipe to nowhere", call (pipe_, nowhere), bad_address);
    check ("leaves none open", call (dup_, 0), 5);
    call (close_, 5);
    check ("write to it", write (ends[1], "hello"), 5);
    Word left = 0;
    check ("FIONREAD", (call (ioctl_, ends[0], 0x541B, at (&left)),
                        static_cast<std::int32_t> (left)), 5);
    check ("read from it", read (ends[0], 3), 3);
    check ("and the rest", read (ends[0]), 2);
    check ("F_GETPIPE_SZ", call (fcntl64_, ends[0], 1032), 65536);
    check ("no seeking", call (lseek_, ends[0], 0, 0), no_seek);
    check ("nor pread", call (pread_, ends[0], at (buffer), 1, 0, 0), no_seek);
    check ("the wrong end", write (ends[0], "x"), bad_file);
    check ("fstat", (call (fstat64_, ends[0], at (&status)),
                     static_cast<std::int32_t> (status.mode)), 010600);
    call (fcntl64_, ends[0], 4, nonblock);
    call (fcntl64_, ends[1], 4, nonblock);
    check ("empty", read (ends[0]), again);
    check ("as much as there is room", call (number_write, ends[1], at (buffer), 70000), 65536);
    check ("full", call (number_write, ends[1], at (buffer), 1), again);
    check ("a part goes", read (ends[0], 4096), 4096);
    check ("4097 are cut", call (number_write, ends[1], at (buffer), 4097), 4096);
    read (ends[0], 4096);
    call (number_write, ends[1], at (buffer), 4090);
    check ("a short one is not cut", call (number_write, ends[1], at (buffer), 100), again);
    call (close_, ends[1]);
    std::int32_t sum = 0;
    for (std::int32_t got; (got = read (ends[0], 10000)) > 0;)
        sum += got;
    check ("all of it", sum, 65536 - 6);
    call (close_, ends[0]);

    handle (13, Word { 1 });
    call (pipe_, at (ends));
    call (close_, ends[0]);
    check ("nobody reads", write (ends[1], "x"), broken_pipe);
    call (close_, ends[1]);
    handle (13, Word { 0 });
    call (pipe2_, at (ends), close_on_exec);
    check ("pipe2", call (fcntl64_, ends[0], 1) + call (fcntl64_, ends[1], 1), 2);
    check ("pipe2 with other flags", call (pipe2_, at (ends), create), error_invalid);

    std::int32_t child = call (number_fork);
    if (child == 0) {
        call (close_, ends[0]);
        sleep_milliseconds (10);
        for (int i = 0; i < 3; ++i)
            call (number_write, ends[1], at (buffer), sizeof buffer);
        leave (0);
    }
    call (close_, ends[1]);
    sum = 0;
    for (std::int32_t got; (got = read (ends[0], 1000)) > 0;)
        sum += got;
    check ("more than fits, by a child", sum, 3 * sizeof buffer);
    call (close_, ends[0]);
    int state = 0;
    call (number_wait4, static_cast<Word> (child), at (&state), 0);

    call (pipe_, at (ends));
    child = call (number_fork);
    if (child == 0) {
        call (close_, ends[0]);
        for (;;)
            write (ends[1], "x");
    }
    call (close_, ends[1]);
    read (ends[0], 1);
    call (close_, ends[0]);
    call (number_wait4, static_cast<Word> (child), at (&state), 0);
    check ("SIGPIPE", state, 13);
}

void test_fifos ()
{
    check ("mknod", on (mknod_, "fifo", 010644), 0);
    check ("a writer without readers", open ("fifo", write_only | nonblock), no_device);
    check ("a reader that does not wait", open ("fifo", read_only | nonblock), 3);
    check ("reads nothing", read (3), 0);
    check ("a writer then", open ("fifo", write_only | nonblock), 4);
    check ("and nothing yet", read (3), again);
    write (4, "fifo");
    check ("now it does", read (3), 4);
    call (close_, 3);
    call (close_, 4);
    std::int32_t const child = call (number_fork);
    if (child == 0) {
        sleep_milliseconds (10);
        Word const file = static_cast<Word> (open ("fifo", write_only));
        write (file, "late");
        leave (0);
    }
    check ("a reader waits for a writer", open ("fifo", read_only), 3);
    check ("and gets what it writes", read (3), 4);
    check ("up to the end", read (3), 0);
    call (close_, 3);
    int state = 0;
    call (number_wait4, static_cast<Word> (child), at (&state), 0);
}

void test_devices ()
{
    Word const null = static_cast<Word> (open ("/dev/null", read_write));
    check ("/dev/null takes all", write (null, "abc"), 3);
    check ("and gives nothing", read (null), 0);
    call (close_, null);
    Word const zero = static_cast<Word> (open ("/dev/zero", read_write));
    buffer[99] = 'x';
    check ("/dev/zero", read (zero, 100), 100);
    check ("gives zeros", buffer[99], 0);
    call (close_, zero);
    Word const full = static_cast<Word> (open ("/dev/full", write_only));
    check ("/dev/full", write (full, "x"), no_space);
    call (close_, full);
}

/// From the begin of the file on: the sixth argument is in EBP.
std::int32_t map_file (Word size, Word protection, Word flags, Word file)
{
    std::int32_t result;
    asm volatile ("push %%ebp; xor %%ebp, %%ebp; int $0x80; pop %%ebp"
                  : "=a" (result)
                  : "0" (mmap2_), "b" (0), "c" (size), "d" (protection), "S" (flags), "D" (file)
                  : "memory");
    return result;
}

void test_mappings ()
{
    make ("map", "0123456789");
    Word const file = static_cast<Word> (open ("map", read_write));
    auto* const own = reinterpret_cast<char volatile*> (map_file (8192, 3, 2, file));
    check ("a private mapping", own[3], '3');
    check ("ends in zeros", own[10], 0);
    own[3] = 'x';
    check ("is the process's own", (read (file), buffer[3]), '3');
    auto* const shared = reinterpret_cast<char volatile*> (map_file (4096, 1, 1, file));
    check ("a shared one", shared[3], '3');
    call (pwrite_, file, at ("y"), 1, 4, 0);
    check ("shows what is written", shared[4], 'y');
    std::int32_t const child = call (number_fork);
    if (child == 0)
        leave (own[4096]);
    int state = 0;
    call (number_wait4, static_cast<Word> (child), at (&state), 0);
    check ("SIGBUS beyond the file", state & 0x7F, 7);
    check ("without a file", map_file (4096, 1, 2, 77), bad_file);
    check ("of no size", map_file (0, 1, 2, file), error_invalid);
    call (close_, file);
    check ("outlives its name", (on (unlink_, "map"), shared[5]), '5');
}

void test_sendfile ()
{
    Word ends[2] {};
    make ("from", "0123456789");
    Word const file = static_cast<Word> (open ("from", read_only));
    call (pipe_, at (ends));
    check ("sendfile", call (sendfile64_, ends[1], file, 0, 4), 4);
    check ("sent", read (ends[0]), 4);
    check ("the offset moves", call (lseek_, file, 0, 1), 4);
    Word offset[2] = { 8, 0 };
    check ("from another place", call (sendfile64_, ends[1], file, at (offset), 100), 2);
    check ("which moves instead", static_cast<std::int32_t> (offset[0]), 10);
    check ("what it sent", (read (ends[0]), holds ("89")), true);
    call (close_, ends[0]);
    call (close_, ends[1]);
    call (close_, file);
}

std::int32_t run_script (char const* text)
{
    make ("script", text);
    on (chmod_, "script", 0755);
    std::int32_t const child = call (number_fork);
    if (child == 0) {
        char const* arguments[] = { "script", "a", nullptr };
        leave (-call (execve_, at ("script"), at (arguments), 0));
    }
    int state = 0;
    call (number_wait4, static_cast<Word> (child), at (&state), 0);
    return state >> 8;
}

void test_programs ()
{
    check ("execve of text", run_script ("text"), -no_exec);
    check ("of an interpreter that is not there", run_script ("#!/none\n"), -no_entry);
    check ("of a script without one", run_script ("#!\n"), -no_exec);
    check ("of a script for itself", run_script ("#!./script\n"), -loop);
    on (chmod_, "script", 0644);
    char const* arguments[] = { "script", nullptr };
    check ("of what is no program", call (execve_, at ("script"), at (arguments), 0), no_access);
    check ("of a directory", call (execve_, at ("."), at (arguments), 0), no_access);
    check ("of nothing", call (execve_, at ("none"), at (arguments), 0), no_entry);
}

}  // namespace

void run ()
{
    on (mkdir_, "/tmp/files", 0755);
    on (chdir_, "/tmp/files");
    call (umask_, 022);
    test_open ();
    test_read_and_write ();
    test_descriptors ();
    test_names ();
    test_directories ();
    test_pipes ();
    test_fifos ();
    test_devices ();
    test_mappings ();
    test_sendfile ();
    test_programs ();
}
