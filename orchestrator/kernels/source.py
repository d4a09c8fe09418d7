"""Kernels built here from Debian's source package, where its own build is not to be had."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from orchestrator import command
from orchestrator.cache import Cache
from orchestrator.errors import InfraError
from orchestrator.kernels import sites
from orchestrator.kernels.archive import Archive, Package
from orchestrator.kernels.candidates import Candidate, Fits
from orchestrator.kernels.files import KernelFiles
from orchestrator.kernels.progress import Say
from orchestrator.kernels.recipe import Code, Recipe
from orchestrator.kernels.tarball import KIND, Tarballs, fetch, inside, key, root
from orchestrator.model import Arch, Patch


@dataclass(frozen=True)
class Built:
    """Kernels for one arch, cross-compiled."""

    arch: Arch
    cache: Cache
    patches: tuple[Patch, ...] = ()
    stays: bool = False  # the tree, for the next build in it
    kind: str = "kernels"  # of the cache's entries

    def candidates(self, packages: Iterable[Package], fits: Fits) -> list[Candidate]:
        """What could serve, best first."""
        return Tarballs().candidates(packages, fits)

    def offer(self, packages: Iterable[Package]) -> str:
        """What of ``packages`` could have been asked for, in words for a person."""
        return Tarballs().offer(packages)

    def key(self, candidate: Candidate) -> str:
        """Of the cache entry that ``produce`` makes: all that goes into the build."""
        return self._recipe.key(_code(candidate))

    def produce(self, candidate: Candidate, archive: Archive, directory: Path, say: Say) -> None:
        """Fill ``directory`` with the kernel and a record of it."""
        code = _code(candidate, f" of Debian {archive.suite}")
        name = f"{candidate.packages[0].name}-{candidate.version}-{self.arch.name}"
        tarball = fetch(candidate, archive, self.cache, say)
        site = self._site(code, tarball, say)
        self._recipe.produce(code, site, self.cache.root / "logs" / name, directory, say)

    @property
    def _recipe(self) -> Recipe:
        return Recipe(self.arch, self.patches)

    def _site(self, code: Code, tarball: Path, say: Say) -> AbstractContextManager[sites.Site]:
        """Patches come in series, so that the tree for a patched kernel is kept."""
        whose = code.identity if self.patches or self.stays else ()
        return self._recipe.site(code, whose, sites.packed(tarball), self.cache, say)


def _code(candidate: Candidate, whence: str = "") -> Code:
    package = candidate.packages[0]
    return Code(
        identity=tuple(package.sha256 for package in candidate.packages),
        version=candidate.version,
        release=candidate.release,
        origin=f"{package.name} {candidate.version}{whence}",
        hashes={package.file: package.sha256},
    )


def read_source(kernel: KernelFiles, path: str, cache: Cache) -> str:
    """A file of the source that ``kernel`` was built from. Raises InfraError."""
    sums = (total for name, total in kernel.hashes.items() if name.startswith("linux-source"))
    place = next((found for total in sums if (found := cache.find(KIND, key(total)))), None)
    if place is None:
        raise InfraError(f"the source of {kernel.version} is not in the cache", f"ls {cache.root}")
    tarball = inside(place)
    return command.run(["tar", "-xOf", tarball, f"{root(tarball)}/{path}"]).decode()
