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
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from orchestrator import command, yamlfile
from orchestrator.arches import ARCHES
from orchestrator.cache import Cache, digest
from orchestrator.errors import ConfigError, InfraError
from orchestrator.images import ingredients, objects
from orchestrator.images.ingredients import Sources
from orchestrator.model import Arch, Claim, Suite

Say = Callable[[str], None]

_STREAM = "suites.tar.gz"
_OBJECTS = "obj"  # guest-tests/Makefile has it so
_LISTS, _LIST = "lists", "list"  # what each suite says to --list, where this host can ask it


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
        """The .tar.gz with them that is pushed to a guest."""
        return self.directory / _STREAM


def build(
    guest_tests: Path,
    arch: Arch,
    cache: Cache,
    say: Say,
    *,
    names: Collection[str] = (),
    broken: bool = False,
    advice: Path | None = None,
    sources: Sources | None = None,
) -> Built:
    """The suites of these ``names`` for ``arch``, made at most once; without names all there are.

    ``broken`` ones can be told to lie about the kernel (guest-tests/broken.h), with which a
    claim proves that it can fail. ``advice`` is a header with other advice numbers
    (images/uapi.py). ``sources`` is what whoever asks has read of guest-tests, and counts on.
    Raises InfraError when the compiler is missing or complains, or the sources are others.
    """
    sources = sources or ingredients.read(guest_tests)
    common = sources.common(arch, broken=broken, advice=advice)
    parts = sources.each(common)
    chosen = {name: part for name, part in parts.items() if name in names} or parts
    key = digest(_STREAM, common, *(word for pair in chosen.items() for word in pair))

    def produce(directory: Path) -> None:
        say("building the suites")
        compiled = objects.Objects(cache, arch, common, chosen)
        compiled.lay_out(directory / _OBJECTS)
        command.run(
            [
                *("make", "-s", "-j2", "-C", guest_tests),
                *(f"ARCH={arch.name}", f"MACHINE={arch.uname}"),
                *(f"CROSS={arch.triplet}-", f"LINK={' '.join(arch.link)}"),
                *(f"OUT={directory}", f"SUITES={' '.join(chosen)}"),
                *(("BROKEN=y",) if broken else ()),
                *((f"ADVICE={advice}",) if advice else ()),
            ]
        )
        if ingredients.read(guest_tests) != sources:
            raise InfraError(f"{guest_tests} was changed while the lab was at it", "lab run")
        compiled.keep(directory / _OBJECTS)
        shutil.rmtree(directory / _OBJECTS)
        (directory / _STREAM).write_bytes(pack(directory))

    return Built(cache.make("suites", f"{arch.name}-{key}", produce))


def catalogue(
    guest_tests: Path, cache: Cache, say: Say, sources: Sources | None = None
) -> Catalogue:
    """Every suite with its claims, as the native binaries list them.

    ``sources`` is as for ``build``. Raises ConfigError for a mistake in a suite.yaml, InfraError
    as ``build`` does.
    """
    sources = sources or ingredients.read(guest_tests)
    abouts = {
        path.parent.name: yamlfile.validate(
            yamlfile.load(path, str(path.relative_to(guest_tests.parent))), _ABOUT
        )
        for path in sorted(guest_tests.glob("*/suite.yaml"))
    }
    lists = _lists(guest_tests, cache, say, sources)
    suites = tuple(Suite(name, about.about, lists[name]) for name, about in abouts.items())
    if not suites:
        raise ConfigError(f"{guest_tests}: no suite there (a directory with a suite.yaml)")
    return Catalogue(suites, tuple(name for name, about in abouts.items() if about.default))


def variants(guest_tests: Path, cache: Cache, say: Say) -> list[Variant]:
    """The wrong variants there are, as any suite's binary tells them."""
    built = build(guest_tests, host(), cache, say, names=["selfcheck"])
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


def _lists(
    guest_tests: Path, cache: Cache, say: Say, sources: Sources
) -> Mapping[str, tuple[Claim, ...]]:
    """What each suite answers to --list. It is kept: to ask two dozen programs takes as long as
    all else that is asked of them."""
    made_of = sources.each(sources.common(host()))
    keys = {suite: f"{suite}-{total}" for suite, total in made_of.items()}
    new = [suite for suite, key in keys.items() if cache.find(_LISTS, key) is None]
    if new:
        built = build(guest_tests, host(), cache, say, names=new, sources=sources)
        for suite in new:
            cache.make(_LISTS, keys[suite], functools.partial(_keep_list, built, suite))
    return {suite: _claims(cache.root / _LISTS / key) for suite, key in keys.items()}


def _keep_list(built: Built, suite: str, place: Path) -> None:
    if not built.binary(suite).is_file():
        raise InfraError(f"guest-tests/Makefile made no binary for suite {suite!r}")
    (place / _LIST).write_bytes(command.run([built.binary(suite), "--list"]))


def _claims(place: Path) -> tuple[Claim, ...]:
    lines = (place / _LIST).read_text().splitlines()
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
