#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Checks that an image holds no instruction that its processor lacks.

Nothing else would notice: the emulators have no 486 without CPUID or CMOV, and the compiler is one
wrong flag away from using them. The check disassembles each image and knows the instructions of
the 486 by name: whatever else turns up, known to this script or not, is a complaint. Newer
instructions that are only reached after asking the processor are allowed by function.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

I386 = frozenset("""
    aaa aad aam aas adc add and arpl bound bsf bsr bt btc btr bts call lcall cbw cdq clc cld cli
    clts cmc cmp cmps cwd cwde daa das dec div enter hlt idiv imul in inc ins int int1 int3 into
    iret iretw jmp ljmp jcxz jecxz lahf lar lds lea leave les lfs lgdt lgs lidt lldt lmsw lods loop
    loope loopne lsl lss ltr mov movs movsx movzx mul neg nop not or out outs pop popa popaw popf
    popfw push pusha pushaw pushf pushfw rcl rcr ret lret retf rol ror sahf sar sbb scas sgdt shl
    shld shr shrd sidt sldt smsw stc std sti stos str sub test verr verw xchg xlat xor fwait
    lgdtd lidtd sgdtd sidtd rep repz repnz lock data16 addr16 cs ds es fs gs ss
""".split())
CONDITIONS = "o no b ae e ne be a s ns p np l ge le g".split()
I387 = frozenset("""
    f2xm1 fabs fadd faddp fbld fbstp fchs fclex fcom fcomp fcompp fcos fdecstp fdiv fdivp fdivr
    fdivrp ffree fiadd ficom ficomp fidiv fidivr fild fimul fincstp finit fist fistp fisub fisubr
    fld fld1 fldcw fldenv fldl2e fldl2t fldlg2 fldln2 fldpi fldz fmul fmulp fnclex fninit fnop
    fnsave fnstcw fnstenv fnstsw fpatan fprem fprem1 fptan frndint frstor fsave fscale fsin fsincos
    fsqrt fst fstcw fstenv fstp fstsw fsub fsubp fsubr fsubrp ftst fucom fucomp fucompp fxam fxch
    fxtract fyl2x fyl2xp1
""".split())
# ud2 has a name since the Pentium Pro, but its opcode was undefined, and so trapped, before.
I486 = (I386 | I387 | {f"j{condition}" for condition in CONDITIONS}
        | {f"set{condition}" for condition in CONDITIONS}
        | frozenset("bswap cmpxchg invd invlpg wbinvd xadd ud2".split()))
PENTIUM = I486 | frozenset("cmpxchg8b cpuid rdmsr rdtsc rsm wrmsr".split())

# CR4 came with the Pentium; the instruction that reaches it has an old name.
CR4 = re.compile(r"\bcr4\b")
ROW = re.compile(r"^\s*[0-9a-f]+:\t(?P<bytes>[0-9a-f ]+)\t(?P<text>.+)$")
SYMBOL = re.compile(r"^[0-9a-f]+ <(?P<name>.+)>:$")
PREFIX = re.compile(r"^(rep|repz|repnz|lock|data16|addr16|cs|ds|es|fs|gs|ss)\s+")


@dataclass(frozen=True)
class Image:
    """An image, its processor, and which functions may use what that processor may lack."""

    name: str
    known: frozenset[str]
    exceptions: tuple[tuple[str, str], ...] = ()    # (instruction, pattern of the function)


@dataclass(frozen=True)
class Instruction:
    """One disassembled instruction."""

    function: str
    mnemonic: str
    text: str


# The processor is asked first (EFLAGS.ID, then the feature bits) in all of these: an i486 image
# runs on later processors, too.
PROBE = (("cpuid", r"^ia32::probe_processor\b"),)
COUNTER = (("rdtsc", r"^bench_(\w*_?tsc|known_instructions)(\.\w+)?$"),)

FPU = (("fxsave", r"^machine::Fpu::"), ("fxrstor", r"^machine::Fpu::"),
       ("cr4", r"^machine::Fpu::initialise\b"))
# A 486 faults there, and the fault is the user's.
MODEL_REGISTERS = (("rdmsr", r"^ia32::read_msr\b"), ("wrmsr", r"^ia32::write_msr\b"))
KERNEL = (*MODEL_REGISTERS, ("rdtsc", r"^machine::measure_processor_khz\b"),
          ("cr4", r"^(kernel_main$|.*\bset_control_registers\b)"))
# What must fault, or may: the cases that try it catch the exception.
CONFORMANCE = (*((name, r"^test_case_\d+\b") for name in "nop rdmsr rdtsc ud0 wrmsr".split()),
               ("cmpxchg8b", r"\bforms::\{lambda"))        # where there are small spaces
CONSOLE = (("cpuid", r"^console::identify_processor\b"),)

IMAGES = (
    Image("kernel-i486", I486, PROBE + KERNEL + FPU),
    Image("kernel-pentium", PENTIUM, FPU),
    Image("boot", I486, PROBE),
    Image("sigma0", I486),
    Image("root", I486),
    Image("console", I486, CONSOLE),
    Image("bench", I486, COUNTER),
    Image("conformance", I486, CONFORMANCE),
)


def instructions(disassembly: Iterable[str]) -> Iterator[Instruction]:
    """The instructions of `objdump -d -M intel --wide`, without their prefixes."""
    function = "?"
    for line in disassembly:
        if symbol := SYMBOL.match(line):
            if not symbol["name"].startswith("..@"):    # a label of an assembler macro
                function = symbol["name"]
        elif row := ROW.match(line):
            text = row["text"].split("#")[0].strip()
            bare = text
            while PREFIX.match(bare):
                bare = PREFIX.sub("", bare)
            yield Instruction(function, bare.split()[0].rstrip(","), text)


def is_known(found: Instruction, image: Image) -> bool:
    """Whether the processor of `image` has the instruction."""
    if CR4.search(found.text) and image.known is not PENTIUM:
        return False
    if found.mnemonic == "nop" and found.text != "nop":     # the long form is the Pentium Pro's
        return False
    return found.mnemonic in image.known


def is_excepted(found: Instruction, image: Image) -> bool:
    """Whether the function may use what the processor may lack."""
    name = "cr4" if CR4.search(found.text) else found.mnemonic
    return any(name == instruction and re.search(pattern, found.function)
               for instruction, pattern in image.exceptions)


def complaints(disassembly: Iterable[str], image: Image) -> list[str]:
    """What `image` holds and its processor lacks."""
    seen = list(instructions(disassembly))
    if not seen:
        return [f"{image.name}: no instruction found"]
    return [f"{image.name}: {found.function}: {found.text}" for found in seen
            if not is_known(found, image) and not is_excepted(found, image)]


def disassemble(path: Path) -> list[str]:
    """The disassembly of all code in an ELF file."""
    done = subprocess.run(["objdump", "-d", "-C", "-w", "-M", "intel", str(path)],
                          capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def main() -> int:
    """Check the images of a build."""
    parse = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parse.add_argument("directory", type=Path, help="where the images are (build/bin)")
    parse.add_argument("names", nargs="*", help="images to check (default: all)")
    chosen = parse.parse_args()
    found: list[str] = []
    for image in IMAGES:
        if chosen.names and image.name not in chosen.names:
            continue
        path = chosen.directory / image.name
        found += (complaints(disassemble(path), image) if path.exists()
                  else [f"{image.name}: not built"])
    print("\n".join(found) or "no image holds an instruction that its processor lacks")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
