#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Checks who includes whom: every direct #include against the table of layers below, and cycles.

Include paths enforce a part of this already: what is not on a target's path does not compile. But
the kernel's targets see the processor's headers and the tests see nearly everything, so the rule is
checked as a whole here. A directory is a layer; includes point only downwards.
"""

import argparse
import re
import sys
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Layer:
    """A directory and the files it may include, as patterns of paths from the top of the tree."""

    name: str
    directory: str                      # the deepest directory that holds a file decides
    may_include: tuple[str, ...]
    hosted: bool = False                # may include any header of the system


FREESTANDING = {
    "algorithm", "array", "atomic", "bit", "compare", "concepts", "cstdarg", "cstddef", "cstdint",
    "cstring",                          # only declares; lib and runtime define what is used of it
    "initializer_list", "iterator", "limits", "new", "optional", "ranges", "span", "string_view",
    "tuple", "type_traits", "utility",
}

ABI = "kernel/include/l4/*"
RUNTIME = "servers/runtime/*"
PROTOCOLS = "servers/*/protocol.hpp"
# What of the processor is plain values or knows no kernel: descriptors, page entries, decoding,
# the detection of the processor, port instructions and the two devices that boot prints to.
PURE_ARCH = ("arch/ia32/cpu_model.hpp", "arch/ia32/cpu_probe.hpp", "arch/ia32/instructions.hpp",
             "arch/ia32/control.hpp", "arch/ia32/segment/descriptor.hpp",
             "arch/ia32/segment/selectors.hpp", "arch/ia32/machine/page_entry.hpp",
             "arch/ia32/machine/memory_layout.hpp", "arch/ia32/machine/debug_control.hpp",
             "arch/ia32/instruction.hpp", "arch/ia32/segment/tls_descriptor.hpp",
             "arch/ia32/device/uart16550.hpp", "arch/ia32/device/vga_text.hpp")

LAYERS = (
    Layer("abi", "kernel/include/l4", (ABI,)),
    Layer("lib", "kernel/lib", ("kernel/lib/*",)),
    Layer("core", "kernel/core", (ABI, "kernel/lib/*", "kernel/core/*", "arch/ia32/machine/*")),
    Layer("debug", "kernel/debug", (ABI, "kernel/lib/*", "kernel/core/*", "kernel/debug/*",
                                    "arch/ia32/machine/*")),
    Layer("model", "arch/ia32/model", (ABI, "kernel/lib/*", *PURE_ARCH,
                                       "arch/ia32/machine/page_table.hpp")),
    Layer("arch", "arch/ia32", (ABI, "kernel/lib/*", "kernel/core/*", "arch/ia32/*")),
    Layer("boot", "boot", (ABI, "kernel/lib/*", "boot/*", *PURE_ARCH)),
    Layer("runtime", "servers/runtime", (ABI, RUNTIME, PROTOCOLS)),
    Layer("servers", "servers", (ABI, RUNTIME, PROTOCOLS, "servers/pagers/*",
                                 "servers/drivers/*", "servers/memory_store/*")),
    Layer("host tests", "tests/host", (ABI, "kernel/lib/*", "kernel/core/*", "boot/*", "servers/*",
                                       "tests/*", "arch/ia32/machine/resources.hpp", *PURE_ARCH),
          hosted=True),
    Layer("fuzz targets", "tests/fuzz", ("servers/unix/*", "tests/fuzz/*", "tests/host/support/*"),
          hosted=True),
    Layer("guest tests", "tests/guest", (ABI, RUNTIME, PROTOCOLS, "tests/guest/*")),
    # One of them makes Pecan's own system calls.
    Layer("linux tests", "tests/unix", (ABI, "servers/runtime/ia32/syscalls.hpp",
                                        "servers/unix/programs/*", "tests/unix/*")),
    Layer("server tests", "tests/servers", (ABI, RUNTIME, PROTOCOLS, "tests/servers/*",
                                            "tests/guest/framework/*")),
    Layer("driver tests", "tests/drivers", (ABI, RUNTIME, PROTOCOLS, "servers/drivers/*",
                                            "tests/drivers/*", "tests/guest/framework/*")),
    Layer("benchmarks", "tests/bench", (ABI, RUNTIME, PROTOCOLS, "tests/bench/*",
                                        "tests/guest/framework/*")),
    Layer("latency", "tests/latency", (ABI, RUNTIME, PROTOCOLS, "tests/latency/*",
                                       "tests/guest/framework/*")),
    Layer("boot tests", "tests/boot", (ABI, "kernel/lib/*", "boot/*", "tests/boot/*", *PURE_ARCH)),
    Layer("layout tests", "tests/layout", ("*",), hosted=True),
)

# Where <...> is looked up, most special first.
INCLUDE_ROOTS = ("tests/host", "kernel/include", "arch/ia32/include", "kernel", "arch/ia32",
                 "arch/ia32/model/*", "boot", "servers", "tests/guest",
                 "tests/bench", "tests")

# Groups of stems that include each other in a circle. The number may fall, never rise.
MOST_CYCLES = 0

SUFFIXES = {".hpp", ".cpp"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)


@dataclass(frozen=True)
class Include:
    """One #include line: who, whom, and the file meant if it is one of ours."""

    source: str
    text: str
    target: str | None


def layer_of(path: str) -> Layer | None:
    """The layer with the longest directory that holds `path`."""
    holding = [layer for layer in LAYERS if path.startswith(layer.directory + "/")]
    return max(holding, key=lambda layer: len(layer.directory), default=None)


def part_of(path: str) -> str:
    """The directory inside which everything may include everything: one program of servers/, one
    model, or the whole layer."""
    parts = path.split("/")
    if parts[0] == "servers":
        return "/".join(parts[:2])
    return "/".join(parts[:4]) if path.startswith("arch/ia32/model/") else "\0"


def resolve(root: Path, source: str, quoted: bool, text: str) -> str | None:
    """The file of the tree that `text` names, or None for a header of the system."""
    here = Path(source).parent
    candidates = [here / text] if quoted else []
    for pattern in INCLUDE_ROOTS:
        if pattern == "tests/host" and not source.startswith("tests/host/"):
            continue
        directories = sorted(root.glob(pattern)) if "*" in pattern else [root / pattern]
        candidates += [directory.relative_to(root) / text for directory in directories]
    own = part_of(source)
    found = [path for path in candidates if (root / path).is_file()]
    found.sort(key=lambda path: not str(path).startswith(own + "/"))    # the own model first
    return str((root / found[0]).resolve().relative_to(root.resolve())) if found else None


def includes_of(root: Path, source: str) -> list[Include]:
    """Every #include of a file."""
    text = (root / source).read_text(encoding="utf-8")
    return [Include(source, name, resolve(root, source, bracket == '"', name))
            for bracket, name in INCLUDE.findall(text)]


def complaint(include: Include) -> str | None:
    """What is wrong with an include, if anything."""
    layer = layer_of(include.source)
    if layer is None:
        return f"{include.source}: belongs to no layer; add its directory to the table"
    if include.target is None:
        if layer.hosted or include.text in FREESTANDING:
            return None
        return (f"{include.source}: <{include.text}> is neither in the tree nor a freestanding "
                "header")
    if include.target.startswith(part_of(include.source) + "/"):
        return None
    if any(fnmatchcase(include.target, pattern) for pattern in layer.may_include):
        return None
    return f"{include.source}: {layer.name} may not include {include.target}"


def stem(path: str) -> str:
    """A concept: header and source together."""
    return path.rsplit(".", 1)[0]


def cycles(includes: list[Include]) -> list[list[str]]:
    """Groups of stems of one layer of which each reaches each other (Tarjan's strongly connected
    components). Between layers the table decides: kernel and machine may know each other."""
    graph: dict[str, set[str]] = {}
    for include in includes:
        if (include.target and stem(include.target) != stem(include.source)
                and layer_of(include.target) == layer_of(include.source)):
            graph.setdefault(stem(include.source), set()).add(stem(include.target))
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for next_node in sorted(graph.get(node, ())):
            if next_node not in index:
                visit(next_node)
                low[node] = min(low[node], low[next_node])
            elif next_node in stack:
                low[node] = min(low[node], index[next_node])
        if low[node] == index[node]:
            at = stack.index(node)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def sources(root: Path) -> list[str]:
    """All C++ files below the layers' directories."""
    tops = sorted({layer.directory.split("/")[0] for layer in LAYERS})
    return sorted(str(path.relative_to(root)) for top in tops for path in (root / top).rglob("*")
                  if path.suffix in SUFFIXES)


def check(root: Path, most_cycles: int = MOST_CYCLES) -> list[str]:
    """All complaints about the tree at `root`."""
    includes = [include for source in sources(root) for include in includes_of(root, source)]
    complaints = [text for include in includes if (text := complaint(include))]
    circles = cycles(includes)
    if len(circles) > most_cycles:
        complaints.append(f"{len(circles)} circles of includes, at most {most_cycles} allowed:")
        complaints += ["    " + " ".join(circle) for circle in circles]
    return complaints


def main() -> int:
    """Check the tree that this script lies in, or another."""
    parse = argparse.ArgumentParser(description="checks the include graph against the layers")
    parse.add_argument("--root", type=Path, default=ROOT, help="top of the tree")
    root = parse.parse_args().root
    complaints = check(root)
    print("\n".join(complaints) or f"{len(sources(root))} files respect the layers")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
