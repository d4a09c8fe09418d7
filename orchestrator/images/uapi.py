"""A kernel's headers for programs, and the advice numbers that are in them.

The suites know the kernel's numbers by heart (guest-tests/uapi.h). Built with the numbers of
other headers they are what was built yesterday, and show what that gets today.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from orchestrator import command
from orchestrator.cache import Cache, digest
from orchestrator.errors import InfraError
from orchestrator.kernels import Extract, build, extract
from orchestrator.kernels.progress import Say
from orchestrator.model import Arch, Kernel

# What of a source `make headers` reads. Each pattern matches in every series.
PARTS = (
    *("Makefile", "Kbuild", "scripts", "usr", "include/uapi", "include/asm-generic"),
    *("include/linux/compiler*", "include/linux/types.h"),
    "tools/include/tools",  # for x86's relocs, which 5.10 makes before its headers
    *("arch/*/Makefile", "arch/*/Kbuild", "arch/*/include/uapi", "arch/*/tools"),
    *("arch/*/entry/syscalls", "arch/*/kernel/syscalls"),
)
_LACKING = re.compile(r"\(NOT_IN_HEADERS \+ (\d+)\)$", re.MULTILINE)
_NAME = re.compile(r"^#define (MADV_\w+)\s+(\d+)\b", re.MULTILINE)


def headers(source: Extract, arch: Arch, cache: Cache, say: Say) -> Path:
    """The directory of headers that a source, ``PARTS`` of it at least, has for programs of
    ``arch``. Raises InfraError.
    """

    def produce(directory: Path) -> None:
        with tempfile.TemporaryDirectory(dir=directory.parent) as scratch:
            say("making the kernel's headers")
            make(source.place, arch, f"O={scratch}", f"ARCH={arch.kernel_arch}", "headers")
            shutil.move(Path(scratch) / "usr" / "include", directory / "include")

    made = cache.make(
        "kernel-headers", f"{arch.name}-{digest(source.key, arch.kernel_arch)}", produce
    )
    return made / "include"


def make(place: Path, arch: Arch, *words: str) -> None:
    """Run make in a source for ``arch``. Raises InfraError."""
    # A make above this one, such as the lab's own, has nothing to say in here.
    alone = {"MAKEFLAGS": "", "MAKELEVEL": "0"}
    cross = f"CROSS_COMPILE={arch.triplet}-"
    command.run(["make", "-s", "-C", place, cross, *words], env=alone)


def advice(of: Kernel, arch: Arch, guest_tests: Path, cache: Cache, say: Say) -> Path:
    """A header with the advice numbers that the headers of a kernel have. Raises InfraError."""
    source = extract(of, PARTS, cache, say)
    ours = (guest_tests / "uapi.h").read_text()

    def produce(directory: Path) -> None:
        found = numbers(source, arch, cache, say)
        text = written(found, ours, f"{source.origin} for {arch.name}")
        (directory / "advice.h").write_text(text)

    full = digest(source.key, arch.name, build.programs_compiler(arch), ours)
    return cache.make("advice", f"{arch.name}-{full}", produce) / "advice.h"


def numbers(source: Extract, arch: Arch, cache: Cache, say: Say) -> dict[str, int]:
    """The advice numbers that a source has for programs of ``arch``. Raises InfraError."""
    place = headers(source, arch, cache, say)
    found = _numbers(defined(arch, "asm/mman.h", "-nostdinc", "-isystem", place))
    if not found:
        raise InfraError(f"{place}/asm/mman.h defines no advice", f"less {place}/asm/mman.h")
    return found


def own_numbers(arch: Arch) -> tuple[str, dict[str, int]]:
    """The release of the headers that the compiler here came with, and their advice numbers."""
    said = defined(arch, "linux/version.h")
    parts = dict(re.findall(r"^#define LINUX_VERSION_(\w+) (\d+)$", said, re.MULTILINE))
    release = ".".join(parts[name] for name in ("MAJOR", "PATCHLEVEL", "SUBLEVEL"))
    return release, _numbers(defined(arch, "asm/mman.h"))


def _numbers(said: str) -> dict[str, int]:
    return {name: int(number) for name, number in _NAME.findall(said)}


def defined(arch: Arch, header: str, *options: str | Path) -> str:
    """What a header defines, by the compiler's word: ``#define`` lines. Raises InfraError."""
    argv: list[str | Path] = [f"{arch.triplet}-gcc", "-E", "-dM", *options, "-x", "c", "-"]
    return command.run(argv, stdin=f"#include <{header}>\n".encode()).decode()


def written(found: dict[str, int], ours: str, whose: str) -> str:
    """The header: every advice that ``ours`` (guest-tests/uapi.h) knows, as ``found`` has it.

    One that it does not have gets a number that no kernel knows and that the suites do not try.
    """
    lines = [f"/* The advice of {whose}; see orchestrator/images/uapi.py. */"]
    for name, number in dict(_NAME.findall(ours)).items():
        value = str(found[name]) if name in found else f"(NOT_IN_HEADERS + {number})"
        lines.append(f"#define {name} {value}")
    return "\n".join(lines) + "\n"


def lacking(header: Path) -> tuple[int, ...]:
    """The advice that the suites know and that a header which ``advice`` made does not have."""
    return tuple(sorted({int(number) for number in _LACKING.findall(header.read_text())}))
