"""guest-tests/ to binaries, and to the rows of the matrix.

The rows come from asking a native build with ``--list``: what the guest will run is what the
host plans, so a kernel that never boots still has all its cells.
"""

from __future__ import annotations

import functools
import gzip
import io
import platform
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from orchestrator import command, yamlfile
from orchestrator.arches import ARCHES
from orchestrator.cache import Cache, digest, tree_digest
from orchestrator.errors import ConfigError, InfraError
from orchestrator.model import Arch, Claim, Suite

Say = Callable[[str], None]

_STREAM = "suites.tar.gz"
_LISTS = "lists"  # what each suite says to --list, where this host can ask it


class _About(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    about: Annotated[str, Field(min_length=1)]
    default: bool = True


_ABOUT: TypeAdapter[_About] = TypeAdapter(_About)


@dataclass(frozen=True)
class Catalogue:
    """All suites there are, and which of them a run takes when none is named."""

    suites: tuple[Suite, ...]
    default: tuple[str, ...]

    def claims(self) -> tuple[str, ...]:
        """The names of all claims."""
        return tuple(claim.name for suite in self.suites for claim in suite.claims)


@dataclass(frozen=True)
class Variant:
    """A way to lie about the kernel, and the claims of a suite that must notice."""

    name: str
    suite: str
    claims: tuple[str, ...]
    text: str  # what is wrong, in a sentence


@dataclass(frozen=True)
class Built:
    """The suites of one architecture, in the cache."""

    directory: Path

    def binary(self, suite: str) -> Path:
        """The static binary, by a suite's name."""
        return self.directory / suite

    @property
    def stream(self) -> Path:
        """All suites in one .tar.gz, as they are pushed to a guest."""
        return self.directory / _STREAM


def build(
    guest_tests: Path,
    arch: Arch,
    cache: Cache,
    say: Say,
    *,
    broken: bool = False,
    advice: Path | None = None,
    sources: str = "",
) -> Built:
    """All suites for ``arch``, made at most once.

    ``broken`` ones can be told to lie about the kernel (guest-tests/broken.h), with which a
    claim proves that it can fail. ``advice`` is a header with other advice numbers
    (images/uapi.py). ``sources`` is the sources_digest() that whoever asks counts on.
    Raises InfraError when the compiler is missing or complains, or the sources are others.
    """
    sources = sources or sources_digest(guest_tests)
    numbers = advice.read_bytes() if advice else b""
    key = digest(
        *(sources, arch.name, arch.uname, *arch.link, str(broken), _STREAM, _LISTS),
        *(compiler(arch), numbers),
    )

    def produce(directory: Path) -> None:
        say("building the suites")
        command.run(
            [
                *("make", "-s", "-j2", "-C", guest_tests),
                *(f"ARCH={arch.name}", f"MACHINE={arch.uname}"),
                *(f"CROSS={_cross(arch)}", f"LINK={' '.join(arch.link)}"),
                f"OUT={directory}",
                *(("BROKEN=y",) if broken else ()),
                *((f"ADVICE={advice}",) if advice else ()),
            ]
        )
        if sources_digest(guest_tests) != sources:
            raise InfraError(f"{guest_tests} was changed while the lab was at it", "lab run")
        shutil.rmtree(directory / "obj", ignore_errors=True)
        (directory / _STREAM).write_bytes(pack(directory))
        if arch is host():
            _keep_lists(directory)

    return Built(cache.make("suites", f"{arch.name}-{key}", produce))


@functools.cache
def compiler(arch: Arch) -> bytes:
    """What the compiler for an arch says of itself. Raises InfraError when there is none."""
    return command.run([f"{_cross(arch)}gcc", "--version"])


def _cross(arch: Arch) -> str:
    return f"{arch.triplet}-"


def sources_digest(guest_tests: Path) -> str:
    """A key for all that the suites are built from."""
    sources = (
        path
        for path in guest_tests.rglob("*")
        if path.suffix in (".c", ".h") or path.name in ("Makefile", "suite.yaml")
    )
    return tree_digest(sources, guest_tests)


def catalogue(guest_tests: Path, cache: Cache, say: Say) -> Catalogue:
    """Every suite with its claims, as the native binaries list them."""
    built = build(guest_tests, host(), cache, say)
    abouts = {
        path.parent.name: yamlfile.validate(
            yamlfile.load(path, str(path.relative_to(guest_tests.parent))), _ABOUT
        )
        for path in sorted(guest_tests.glob("*/suite.yaml"))
    }
    suites = tuple(Suite(name, about.about, _claims(built, name)) for name, about in abouts.items())
    if not suites:
        raise ConfigError(f"{guest_tests}: no suite there (a directory with a suite.yaml)")
    return Catalogue(suites, tuple(name for name, about in abouts.items() if about.default))


def variants(guest_tests: Path, cache: Cache, say: Say) -> list[Variant]:
    """The wrong variants there are, as any suite's binary tells them."""
    built = build(guest_tests, host(), cache, say)
    lines = command.run([built.binary("selfcheck"), "--variants"]).decode().splitlines()
    fields = (line.split("\t", 3) for line in lines)
    return [
        Variant(name, suite, tuple(f"{suite}.{claim}" for claim in claims.split()), text)
        for name, suite, claims, text in fields
    ]


def host() -> Arch:
    """The arch of this machine. Raises InfraError when the table has no such row."""
    machine = platform.machine()
    for arch in ARCHES.values():
        if machine in (arch.name, *arch.aliases):
            return arch
    raise InfraError(
        f"this host is a {machine}; the suites can be listed on {', '.join(ARCHES)}", "uname -m"
    )


def _keep_lists(directory: Path) -> None:
    """Once, for to ask two dozen programs takes as long as all else that is asked of them."""
    suites = [path for path in directory.iterdir() if path.is_symlink()]
    (directory / _LISTS).mkdir()
    for suite in suites:
        (directory / _LISTS / suite.name).write_bytes(command.run([suite, "--list"]))


def _claims(built: Built, suite: str) -> tuple[Claim, ...]:
    if not built.binary(suite).is_file():
        raise InfraError(f"guest-tests/Makefile made no binary for suite {suite!r}")
    lines = (built.directory / _LISTS / suite).read_text().splitlines()
    return tuple(_claim(*line.split("\t", 2)) for line in lines)


def _claim(name: str, place: str, text: str) -> Claim:
    file, _, line = place.rpartition(":")
    return Claim(name, text, file, int(line))


def pack(directory: Path) -> bytes:
    """All that is in a directory as one .tar.gz, such as the binary and a link for each suite.

    Not .tar.xz: a fifth smaller, but an emulated processor takes longer to unpack it.
    """
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path in sorted(directory.rglob("*")):
            entry = tarfile.TarInfo(str(path.relative_to(directory)))
            if path.is_symlink():
                entry.type, entry.linkname = tarfile.SYMTYPE, str(path.readlink())
                tar.addfile(entry)
            elif path.is_dir():
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(entry)
            else:
                data = path.read_bytes()
                entry.size, entry.mode = len(data), 0o755
                tar.addfile(entry, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), mtime=0)
