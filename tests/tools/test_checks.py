# SPDX-License-Identifier: BSD-2-Clause
"""The check_* scripts: each must find what it is there to find."""

import subprocess
import unittest
from pathlib import Path

import support

import check_footprint
import check_instructions
import check_layers
import check_sources
from check_instructions import I486, PENTIUM, Image


class Layers(support.WithScratch):
    """Include graphs of small trees."""

    def tree(self, **files: str) -> list[str]:
        """Complaints about a tree; in names __ stands for / and the last _ for the dot."""
        for name, text in files.items():
            path = self.scratch / ".".join(name.replace("__", "/").rsplit("_", 1))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return check_layers.check(self.scratch)

    def test_downwards_is_allowed(self) -> None:
        self.assertEqual(self.tree(
            kernel__include__l4__word_hpp="#include <cstdint>\n",
            kernel__lib__bits_hpp="",
            kernel__core__tcb_hpp="#include <l4/word.hpp>\n#include <lib/bits.hpp>\n"), [])

    def test_upwards_is_not(self) -> None:
        self.assertIn("lib may not include kernel/core/tcb.hpp", "".join(self.tree(
            kernel__lib__bits_hpp="#include <core/tcb.hpp>\n", kernel__core__tcb_hpp="")))

    def test_a_relative_path_is_no_way_around(self) -> None:
        self.assertIn("may not include kernel/lib/bits.hpp", "".join(self.tree(
            servers__runtime__x_hpp='#include "../../kernel/lib/bits.hpp"\n',
            kernel__lib__bits_hpp="")))

    def test_the_core_knows_no_processor_model(self) -> None:
        self.assertIn("core may not include arch/ia32/model/i486/cpu/tlb.hpp", "".join(self.tree(
            kernel__core__map_cpp="#include <cpu/tlb.hpp>\n",
            arch__ia32__model__i486__cpu__tlb_hpp="")))

    def test_a_model_may_not_use_another(self) -> None:
        other = '#include "../../pentium/cpu/copy.hpp"\n'
        self.assertIn("model may not include", "".join(self.tree(
            arch__ia32__model__i486__cpu__tlb_hpp=other,
            arch__ia32__model__pentium__cpu__copy_hpp="")))

    def test_a_server_sees_of_another_its_protocol_only(self) -> None:
        found = self.tree(
            servers__console__main_cpp="#include <root/protocol.hpp>\n#include <root/secret.hpp>\n",
            servers__root__protocol_hpp="", servers__root__secret_hpp="",
            servers__root__main_cpp='#include "secret.hpp"\n')
        self.assertEqual(found,
                         ["servers/console/main.cpp: servers may not include "
                          "servers/root/secret.hpp"])

    def test_the_kernel_has_freestanding_headers_only(self) -> None:
        self.assertIn("<vector>", "".join(self.tree(kernel__core__tcb_hpp="#include <vector>\n")))
        self.assertEqual(self.tree(kernel__core__tcb_hpp="",
                                   tests__host__core__x_cpp="#include <vector>\n"), [])

    def test_a_circle_of_concepts_is_found_through_sources(self) -> None:
        found = self.tree(kernel__core__a_hpp="", kernel__core__b_hpp='#include "a.hpp"\n',
                          kernel__core__a_cpp='#include "a.hpp"\n#include "b.hpp"\n')
        self.assertIn("kernel/core/a kernel/core/b", "".join(found))
        self.assertEqual(check_layers.check(self.scratch, most_cycles=1), [])

    def test_the_tree_itself_was_found(self) -> None:
        self.assertGreater(len(check_layers.sources(support.ROOT)), 10)


class Instructions(support.WithScratch):
    """Disassemblies of code that the real assembler made."""

    def found(self, source: str, image: Image) -> str:
        (self.scratch / "x.asm").write_text("bits 32\n" + source)
        subprocess.run(["nasm", "-f", "elf32", "-o", self.scratch / "x.o", self.scratch / "x.asm"],
                       check=True)
        return "\n".join(check_instructions.complaints(
            check_instructions.disassemble(self.scratch / "x.o"), image))

    def test_the_instructions_of_a_486_are_known(self) -> None:
        source = """f:
            bswap eax\n cmpxchg [ebx], ecx\n xadd [ebx], eax\n invlpg [0]\n wbinvd\n rep movsd
            lock inc dword [ebx]\n fld qword [ebx]\n fnsave [ebx]\n mov cr3, eax\n int 30h
            in al, dx\n setne al\n jecxz f\n pushad\n popfd\n iretd\n lss esp, [ebx]\n hlt\n nop
            repne scasb\n jmp 8:f\n lgdt [ebx]\n ltr ax\n bt [ebx], eax\n fs mov eax, [0]\n ud2"""
        self.assertEqual(self.found(source, Image("x", I486)), "")

    def test_newer_ones_are_found(self) -> None:
        for newer in ("cmove eax, ebx", "cpuid", "rdtsc", "cmpxchg8b [ebx]", "fcomi st0, st1",
                      "sysenter", "movq mm0, [ebx]", "movaps xmm0, xmm1", "movsd xmm0, [ebx]",
                      "db 0Fh, 1Fh, 0", "db 0F3h, 0Fh, 1Eh, 0FBh", "mov cr4, eax", "wrmsr",
                      "prefetchnta [ebx]", "fxsave [ebx]", "popcnt eax, ebx"):
            with self.subTest(newer):
                self.assertIn("x: f: ", self.found(f"f: {newer}", Image("x", I486)))

    def test_the_pentium_has_some_of_them(self) -> None:
        self.assertEqual(self.found("f: cpuid\n rdtsc\n mov cr4, eax\n wrmsr",
                                    Image("x", PENTIUM)), "")
        self.assertIn("cmov", self.found("f: cmove eax, ebx", Image("x", PENTIUM)))

    def test_an_exception_holds_for_its_function_only(self) -> None:
        image = Image("x", I486, (("rdtsc", "^clock$"), ("cr4", "^clock$")))
        self.assertEqual(self.found("clock: rdtsc\n mov cr4, eax\n", image), "")
        self.assertEqual(self.found("clock: rdtsc\n f: rdtsc\n", image), "x: f: rdtsc")

    def test_a_label_of_a_macro_is_no_function(self) -> None:
        rows = ["00 <clock>:", "  0:\t90 \tnop", "01 <..@3.turn>:", "  1:\t0f 31 \trdtsc"]
        self.assertEqual(check_instructions.complaints(
            rows, Image("x", I486, (("rdtsc", "^clock$"),))), [])

    def test_an_image_without_code_is_no_success(self) -> None:
        self.assertIn("no instruction", self.found("", Image("x", I486)))


class Footprint(unittest.TestCase):
    """Listings of the toolchain."""

    def test_code_is_split_into_resident_and_initial(self) -> None:
        headers = """
  0 .text         00000100  f0100000  00100000  00001000  2**4
                  CONTENTS, ALLOC, LOAD, READONLY, CODE
  1 .init.text    00000020  f0100100  00100100  00001100  2**4
                  CONTENTS, ALLOC, LOAD, READONLY, CODE
  2 .data         00000400  f0101000  00101000  00002000  2**4
                  CONTENTS, ALLOC, LOAD, DATA"""
        self.assertEqual(check_footprint.code_size(headers), check_footprint.Size(0x100, 0x20))

    def test_code_is_summed_by_object(self) -> None:
        link_map = """Discarded input sections
 .text          0x00000000      0x999 a.o
Linker script and memory map
.text           0xf0100000      0x130
 *(.text)
 .text          0xf0100000      0x100 a.o
                0xf0100000                start
 .text._ZN6kernel9a_long_nameEv
                0xf0100100       0x10 b.o
 .text          0xf0100110       0x20 a.o
.data           0xf0101000       0x40
 .data          0xf0101000       0x40 a.o
"""
        self.assertEqual(check_footprint.code_by_object(link_map), {"a.o": 0x120, "b.o": 0x10})

    def test_helpers_of_libraries_are_found(self) -> None:
        symbols = "f0100000 T __udivdi3\nf0100010 T main\n         U abort\nf0 t __moddi3\n"
        self.assertEqual(check_footprint.library_symbols(symbols),
                         ["__moddi3", "__udivdi3", "abort"])

    def test_names_of_our_own_are_not(self) -> None:
        symbols = "f0 T _ZN6kernel5abortEv\nf0 T kernel_end\nf0 T memcpy\nf0 T divide\n"
        self.assertEqual(check_footprint.library_symbols(symbols), [])


class Sources(support.WithScratch):
    """Rules for texts, and dependencies of assembly."""

    GOOD = "// SPDX-License-Identifier: BSD-2-Clause\n/// @file  What.\n#pragma once\n"

    def test_a_file_in_order_is_left_in_peace(self) -> None:
        self.assertEqual(check_sources.complaints("x.hpp", self.GOOD), [])

    def test_each_rule_finds_its_offence(self) -> None:
        doubt, later = "?" * 3, "TO" + "DO"
        for text, what in (("int x;\n", "licence"), (self.GOOD + "x\n" * 600, "603 lines"),
                           (self.GOOD + "\tx\n", "tab"), (self.GOOD + "x \n", "space at the end"),
                           (self.GOOD + "x\r\n", "space at the end"),
                           (self.GOOD + f"// {doubt}\n", "doubt"),
                           (self.GOOD + f"// {later}: x\n", "doubt"),
                           (self.GOOD + "#if " + "0\n", "doubt"),
                           (self.GOOD + "x" * 101 + "\n", "101 columns"),
                           (self.GOOD + "x", "no end"),
                           (self.GOOD.replace("@file", ""), "@file"),
                           (self.GOOD.replace("#pragma once", ""), "#pragma once")):
            with self.subTest(what):
                self.assertIn(what, "".join(check_sources.complaints("x.hpp", text)))

    def test_prose_may_be_wide_but_not_in_doubt(self) -> None:
        self.assertEqual(check_sources.complaints("x.md", "x" * 200 + "\n"), [])
        self.assertIn("doubt", "".join(check_sources.complaints("x.md", "?" * 3 + "\n")))

    def test_build_directories_are_left_out(self) -> None:
        for name in ("build/x.cpp", "src/x.cpp", ".git/x.cpp"):
            (self.scratch / name).parent.mkdir(exist_ok=True)
            (self.scratch / name).write_text("")
        self.assertEqual(check_sources.sources(self.scratch), [self.scratch / "src/x.cpp"])

    def dependencies(self, listed: str) -> list[str]:
        """Complaints about a build of one assembly source that includes two files."""
        source, build = self.scratch / "x.asm", self.scratch / "b"
        source.write_text('%include "one.inc"\n')
        (self.scratch / "one.inc").write_text('%include "two.inc"\n')
        (self.scratch / "two.inc").write_text("")
        build.mkdir()
        (build / "build.ninja").write_text(
            f"rule asm\n  command = nasm\nbuild x.o: asm {source} | {listed}\n")
        (build / "compile_commands.json").write_text(
            f'[{{"directory": "{build}", "command": "nasm -f elf32 -o x.o {source}", '
            f'"file": "{source}"}}]')
        return check_sources.check_assembly(build)

    def test_included_files_that_are_listed_are_fine(self) -> None:
        self.assertEqual(self.dependencies(f"{self.scratch}/one.inc {self.scratch}/two.inc"), [])

    def test_an_included_file_that_is_not_listed_is_found(self) -> None:
        found = self.dependencies(f"{self.scratch}/one.inc")
        self.assertEqual(len(found), 1)
        self.assertIn("two.inc is included, but is no dependency of x.o", found[0])


if __name__ == "__main__":
    unittest.main()
