/* SPDX-License-Identifier: BSD-2-Clause */
/* A program in C with the packaged C library: `run c_demo WORD...`. The status is 0 if the library
 * does what it should. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int mistakes;

static void expect (int holds, char const* what)
{
    if (holds)
        return;
    ++mistakes;
    printf ("c_demo: %s\n", what);
}

static int compare (void const* a, void const* b)
{
    return *(int const*) a - *(int const*) b;
}

static void sort_numbers (void)
{
    enum { count = 5000 };
    int* const numbers = malloc (count * sizeof *numbers);
    expect (numbers != NULL, "malloc");
    srand (7);
    for (int i = 0; i < count; ++i)
        numbers[i] = rand ();
    qsort (numbers, count, sizeof *numbers, compare);
    for (int i = 1; i < count; ++i)
        expect (numbers[i - 1] <= numbers[i], "qsort");
    free (numbers);
}

int main (int count, char** arguments)
{
    char text[80];
    for (int i = 0; i < count; ++i)
        printf ("argument %d: %s\n", i, arguments[i]);
    snprintf (text, sizeof text, "%5d|%-6s|%08lx|%c", -42, "left", 0xBEEFul, 33);
    puts (text);
    expect (strcmp (text, "  -42|left  |0000beef|!") == 0, "snprintf");
    expect (strtol ("-0x7f", NULL, 0) == -127, "strtol");
    expect (strstr ("microkernel", "kern") != NULL, "strstr");
    errno = 0;
    expect (malloc (64u << 20) == NULL && errno == ENOMEM, "malloc of too much");
    sort_numbers ();
    printf ("c_demo: %d mistakes\n", mistakes);
    return mistakes != 0;
}
