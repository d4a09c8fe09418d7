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
# The compiler has been seen to die like this on a machine with memory to spare, and to do the
# same work when asked again. A mistake in the code never looks like this.
_CRASH = re.compile(rb"virtual memory exhausted|internal compiler error|signal terminated program")


@dataclass(frozen=True)
class Work:
    """One kernel in the making."""

    arch: Arch
    tree: Path  # the source; only read
    out: Path  # objects, configuration, image
    log: Path  # without its suffix; outlives the work


def compiler(arch: Arch) -> str:
    """The cross compiler's own name and version, in a line. Raises InfraError if not there."""
    gcc = f"{arch.triplet}-gcc"
    _need(gcc, f"gcc-{arch.triplet}")
    return command.run([gcc, "--version"]).decode().splitlines()[0]


def need_tools(arch: Arch) -> None:
    """Raises InfraError, with the package to install, when the host cannot build for ``arch``."""
    for program, package in _TOOLS.items():
        _need(program, package)
    _need(f"{arch.triplet}-strip", f"binutils-{arch.triplet}")


def configure(work: Work, fragments: Iterable[Path]) -> None:
    """Write ``out/.config``: what the fragments ask for, and nothing else that can be left out."""
    work.out.mkdir(exist_ok=True)
    work.log.parent.mkdir(parents=True, exist_ok=True)
    merge = work.tree / "scripts" / "kconfig" / "merge_config.sh"
    words: list[str | Path] = [merge, "-n", "-O", work.out, *(path.resolve() for path in fragments)]
    log = work.log.with_name(work.log.name + ".config.log")
    command.run(words, cwd=work.tree, env=_environment(work), log=log)


def compile_image(work: Work, say: Say) -> tuple[str, ...]:
    """Make the image, and nothing else. Returns what is worth a note about how it went."""
    log = work.log.with_name(work.log.name + ".log")
    target = Path(work.arch.image).name
    try:
        _make(work, target, log, say)
    except InfraError:
        if not _CRASH.search(log.read_bytes()):
            raise
        kept = log.rename(log.with_suffix(".crash.log"))
        _make(work, target, log, say)
        return (f"the compiler crashed once and was run again ({kept.name})",)
    return ()


def take_image(work: Work, into: Path) -> str:
    """Put the image, less its symbols, into a directory, and these beside it; its name there."""
    _keep_symbols(work, into / SYMBOLS)
    built = work.out / work.arch.image
    name = built.name
    if built.read_bytes()[:4] == b"\x7fELF":
        command.run([f"{work.arch.triplet}-strip", "-o", into / name, built])
    else:
        shutil.copyfile(built, into / name)
    return name


def _keep_symbols(work: Work, place: Path) -> None:
    """What a debugger needs besides the image."""
    found = work.out / place.name
    only = "--only-keep-debug"
    command.run([f"{work.arch.triplet}-objcopy", only, work.out / "vmlinux", found])
    # The code that was left out leaves zeros, five times what is kept.
    command.run(["cp", "--sparse=always", found, place])


def _make(work: Work, target: str, log: Path, say: Say) -> None:
    def words() -> str:
        lines = log.read_bytes().count(b"\n") if log.exists() else 0
        return f"building {target} for {work.arch.name}: {lines} steps"

    jobs = len(os.sched_getaffinity(0))
    argv: list[str | Path] = ["nice", "make", "-C", work.tree, f"O={work.out}", f"-j{jobs}", target]
    with telling(say, words):
        command.run(argv, env=_environment(work), log=log)


def _environment(work: Work) -> dict[str, str]:
    """What names the arch, and what keeps this machine and this hour out of the image."""
    made = (work.tree / "Makefile").stat().st_mtime
    return {
        "ARCH": work.arch.kernel_arch,
        "CROSS_COMPILE": f"{work.arch.triplet}-",
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
