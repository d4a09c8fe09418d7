"""A kernel's source as Debian packs it: for a build of the kernel, and of its own tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from orchestrator import command
from orchestrator.cache import Cache
from orchestrator.kernels import candidates
from orchestrator.kernels.archive import Archive, Package
from orchestrator.kernels.candidates import Candidate, Fits
from orchestrator.kernels.progress import Say, telling

KIND = "sources"  # of the cache's entries


@dataclass(frozen=True)
class Tarballs:
    """The way to a source and no further.

    It is kept as it is packed. The archive drops a version some weeks after the next one is
    out; what is kept can be built again, with other fragments or for another arch. Unpacked it
    would take ten times the room, and unpacking is a small part of a build.
    """

    kind: str = KIND

    def candidates(self, packages: Iterable[Package], fits: Fits) -> list[Candidate]:
        """What could serve, best first."""
        return candidates.sources(packages, fits)

    def offer(self, packages: Iterable[Package]) -> str:
        """What of ``packages`` could have been asked for, in words for a person."""
        found = candidates.versions(candidates.sources(packages))
        return f"source of {', '.join(found)}" if found else "no kernel source"

    def key(self, candidate: Candidate) -> str:
        """Of the cache entry that ``produce`` makes."""
        return key(candidate.packages[0].sha256)

    def produce(self, candidate: Candidate, archive: Archive, directory: Path, say: Say) -> None:
        """Put the tarball into ``directory``."""
        package = candidate.packages[0]
        deb = archive.fetch(package, directory, say)
        say(f"unpacking {package.name}")
        command.run(["dpkg-deb", "--extract", deb, directory / "tree"])
        found = inside(directory / "tree" / "usr" / "src")
        found.rename(directory / found.name)
        shutil.rmtree(directory / "tree")
        deb.unlink()


def key(sha256: str) -> str:
    """The cache's key for the source package with that sum."""
    return sha256[:16]


def inside(place: Path) -> Path:
    """The tarball in a cache entry of this kind."""
    return next(place.glob("linux-source-*.tar.*"))


def fetch(candidate: Candidate, archive: Archive, cache: Cache, say: Say) -> Path:
    """The tarball of a candidate, out of the cache or of the archive."""
    way = Tarballs()
    return inside(
        cache.make(KIND, way.key(candidate), lambda d: way.produce(candidate, archive, d, say))
    )


def root(tarball: Path) -> str:
    """The directory that everything in it is below."""
    return tarball.name.partition(".tar")[0]


def unpack(tarball: Path, into: Path, say: Say, parts: Iterable[str] = ()) -> None:
    """All of it, or the parts that match tar's patterns, without the directory around it."""
    into.mkdir(parents=True)
    wanted = [f"{root(tarball)}/{part}" for part in parts]
    words: list[str | Path] = ["tar", "--strip-components=1", "-C", into, "-xf", tarball]
    with telling(say, lambda: f"unpacking {root(tarball)}"):
        command.run([*words, *(("--wildcards", *wanted) if wanted else ())])
