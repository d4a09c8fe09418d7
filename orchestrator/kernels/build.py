"""Configure and compile one kernel tree, out of the tree, for one arch."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from orchestrator import command
from orchestrator.errors import InfraError
from orchestrator.kernels.files import SYMBOLS
from orchestrator.kernels.progress import Say, telling
from orchestrator.model import Arch

# What a build runs, and the Debian package that has it; the cross compiler comes on top.
_TOOLS = {
    **{name: name for name in ("make", "gcc", "flex", "bison", "bc", "perl", "cpio", "tar")},
    "xz": "xz-utils",
}
# What make and the compiler write in front of a mistake in the code. What comes after the first
# such line is often make's news of its other children.
_MISTAKE = re.compile(
    r": (?:fatal )?error: |\berror: |undefined reference|^ERROR: |\*\*\* .*Stop\."
)
_MOST_MISTAKES = 8
_UNEXPLAINED = re.compile(r"exited with \d+:")  # and not because of the disk, or of memory
# The compiler has been seen to die like this on a machine with memory to spare, and to do the
# same work when asked again. A mistake in the code never looks like this.
_CRASH = re.compile(rb"virtual memory exhausted|internal compiler error|signal terminated program")


class BrokenError(InfraError):
    """The source is such that it does not build, on this host or on any other."""


@dataclass(frozen=True)
class Work:
    """One kernel in the making."""

    arch: Arch
    tree: Path  # the source; only read
    out: Path  # objects, configuration, image
    log: Path  # without its suffix; outlives the work
    made: float | None = None  # seconds, the time in the image; None: of the tree's Makefile


def compiler(arch: Arch) -> str:
    """What compiles kernels for ``arch``, by its own name and version, in a line.

    Where programs have another compiler, that one as well: it makes what the kernel maps into
    them. Raises InfraError if one is not there.
    """
    programs = programs_compiler(arch)
    return f"{_version(arch.builder)} and {programs}" if arch.builder else programs


def programs_compiler(arch: Arch) -> str:
    """The cross compiler of programs, as ``compiler`` has it. Raises InfraError if not there."""
    return _version(arch.triplet)


def _version(triplet: str) -> str:
    gcc = f"{triplet}-gcc"
    _need(gcc, f"gcc-{triplet}")
    return command.run([gcc, "--version"]).decode().splitlines()[0]


def need_tools(arch: Arch) -> None:
    """Raises InfraError, with the package to install, when the host cannot build for ``arch``."""
    for program, package in _TOOLS.items():
        _need(program, package)
    _need(f"{_builder(arch)}-strip", f"binutils-{_builder(arch)}")


def configure(work: Work, fragments: Iterable[Path]) -> None:
    """Write ``out/.config``: what the fragments ask for, and nothing else that can be left out."""
    work.out.mkdir(exist_ok=True)
    work.log.parent.mkdir(parents=True, exist_ok=True)
    merge = work.tree / "scripts" / "kconfig" / "merge_config.sh"
    words: list[str | Path] = [merge, "-n", "-O", work.out, *(path.resolve() for path in fragments)]
    log = work.log.with_name(work.log.name + ".config.log")
    command.run(words, cwd=work.tree, env=_environment(work), log=log)


def compile_image(work: Work, say: Say) -> tuple[str, ...]:
    """Make the image, and nothing else. Returns what is worth a note about how it went.

    Raises BrokenError, with what the compiler complains of, when it is the code's fault.
    """
    log = work.log.with_name(work.log.name + ".log")
    target = Path(work.arch.image).name
    try:
        _make(work, target, log, say)
    except InfraError as error:
        if not _CRASH.search(log.read_bytes()):
            raise _blamed(error, work, log) from error
        kept = log.rename(log.with_suffix(".crash.log"))
        _make(work, target, log, say)
        return (f"the compiler crashed once and was run again ({kept.name})",)
    return ()


def mistakes(log: str) -> list[str]:
    """The lines of a build's log that say what is wrong with the code, the first of them."""
    found = [line.strip() for line in log.splitlines() if _MISTAKE.search(line)]
    return list(dict.fromkeys(found))[:_MOST_MISTAKES]


def _blamed(error: InfraError, work: Work, log: Path) -> InfraError:
    """A BrokenError if the host was not short of anything, and the log tells of a mistake."""
    found = mistakes(log.read_text(errors="replace"))
    if not (found and _UNEXPLAINED.search(error.cause)):
        return error
    lines = "\n".join(f"    {line.removeprefix(f'{work.tree}/')[:300]}" for line in found)
    cause = f"the kernel does not build for {work.arch.name}:\n{lines}"
    return BrokenError(cause, shlex.join(["less", str(log)]))


def take_image(work: Work, into: Path) -> str:
    """Put the image, less its symbols, into a directory, and these beside it; its name there."""
    _keep_symbols(work, into / SYMBOLS)
    built = work.out / work.arch.image
    name = built.name
    if built.read_bytes()[:4] == b"\x7fELF":
        command.run([f"{_builder(work.arch)}-strip", "-o", into / name, built])
    else:
        shutil.copyfile(built, into / name)
    return name


def _keep_symbols(work: Work, place: Path) -> None:
    """What a debugger needs besides the image."""
    found = work.out / place.name
    only = "--only-keep-debug"
    command.run([f"{_builder(work.arch)}-objcopy", only, work.out / "vmlinux", found])
    # The code that was left out leaves zeros, five times what is kept.
    command.run(["cp", "--sparse=always", found, place])


def _make(work: Work, target: str, log: Path, say: Say) -> None:
    def told() -> str:
        lines = log.read_bytes().count(b"\n") if log.exists() else 0
        return f"building {target} for {work.arch.name}: {lines} steps"

    jobs = len(os.sched_getaffinity(0))
    compilers = (*_cached_compiler(work.arch), *_for_programs(work.arch))
    words = (f"O={work.out}", f"-j{jobs}", *compilers, target)
    # Nothing takes longer or is waited for last: guests and whatever else is built go first.
    argv: list[str | Path] = ["nice", "-n", "19", "make", "-C", work.tree, *words]
    with telling(say, told):
        command.run(argv, env=_environment(work), log=log)


def _cached_compiler(arch: Arch) -> list[str]:
    """With ccache, what was compiled before in whatever tree is not compiled again."""
    return [f"CC=ccache {_builder(arch)}-gcc"] if shutil.which("ccache") else []


def _for_programs(arch: Arch) -> list[str]:
    """What compiles the vDSO of programs that have fewer bits than their kernel.

    On the command line it is stronger than the first one that a Makefile finds on the host.
    """
    return [f"CROSS32_COMPILE={arch.triplet}-"] if arch.builder else []


def _builder(arch: Arch) -> str:
    return arch.builder or arch.triplet


def _environment(work: Work) -> dict[str, str]:
    """What names the arch, and what keeps this machine and this hour out of the image."""
    made = (work.tree / "Makefile").stat().st_mtime if work.made is None else work.made
    return {
        "ARCH": work.arch.kernel_arch,
        "CROSS_COMPILE": f"{_builder(work.arch)}-",
        "KBUILD_BUILD_USER": "lab",
        "KBUILD_BUILD_HOST": "lab",
        "KBUILD_BUILD_VERSION": "1",
        "KBUILD_BUILD_TIMESTAMP": time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(made)),
        # A make above this one, such as the lab's own, has nothing to say in here.
        "MAKEFLAGS": "",
        "MAKELEVEL": "0",
    }


def _need(program: str, package: str) -> None:
    if shutil.which(program) is None:
        raise InfraError(
            f"{program} is not installed, and no kernel can be built without it",
            shlex.join(["apt-get", "install", package]),
        )
