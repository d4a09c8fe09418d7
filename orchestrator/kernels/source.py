"""Kernels built here, from Debian's source package, for an arch that Debian packages none for."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from orchestrator import command
from orchestrator.arches import ARCHES
from orchestrator.cache import Cache, digest, file_digest
from orchestrator.errors import InfraError
from orchestrator.kernels import build, files, kconfig, sites
from orchestrator.kernels.archive import Archive, Package
from orchestrator.kernels.candidates import Candidate, Fits
from orchestrator.kernels.files import KernelFiles
from orchestrator.kernels.progress import Say
from orchestrator.kernels.tarball import KIND, Tarballs, fetch, inside, key, root
from orchestrator.model import Arch, Patch

RECIPES = Path(__file__).parents[2] / "images" / "kconfig"
# Part of every key: to be changed when what is built from the same inputs changes.
_LAYOUT = "1"


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
        options = (f"{name}={value}" for name, value in sorted(self._requested().items()))
        sums = (package.sha256 for package in candidate.packages)
        compiler = build.compiler(self.arch)
        patches = (patch.path.read_bytes() for patch in self.patches_for(candidate))
        return digest("built", _LAYOUT, self.arch.name, compiler, *sums, *options, *patches)

    def produce(self, candidate: Candidate, archive: Archive, directory: Path, say: Say) -> None:
        """Fill ``directory`` with the kernel and a record of it."""
        build.need_tools(self.arch)
        package = candidate.packages[0]
        tarball = fetch(candidate, archive, self.cache, say)
        with self._site(candidate, tarball, say) as site:
            log = self.cache.root / "logs" / f"{package.name}-{candidate.version}-{self.arch.name}"
            work = build.Work(self.arch, site.tree, site.objects, log)
            build.configure(work, self._fragments())
            self.verify(work.out / ".config", candidate)
            notes = build.compile_image(work, say)
            image = build.take_image(work, directory)
            shutil.copyfile(work.out / ".config", directory / "config")
        compiler = build.compiler(self.arch)
        patches = self.patches_for(candidate)
        files.write(
            directory,
            version=candidate.version,
            origin=f"built from {package.name} {candidate.version} of Debian {archive.suite}"
            + "".join(f" + {patch.path.name}" for patch in patches)
            + f" with {compiler}",
            image=image,
            hashes={
                package.file: package.sha256,
                **{patch.path.name: file_digest(patch.path) for patch in patches},
            },
            notes=notes,
        )

    def _site(
        self, candidate: Candidate, tarball: Path, say: Say
    ) -> AbstractContextManager[sites.Site]:
        """Patches come in series, so that the tree for a patched kernel is kept."""
        if not (self.patches or self.stays):
            return sites.passing(tarball, self.cache, say)
        unpatched = replace(self, patches=()).key(candidate)
        paths = [patch.path for patch in self.patches_for(candidate)]
        return sites.standing(unpatched, tarball, paths, self.cache, say)

    def patches_for(self, candidate: Candidate) -> list[Patch]:
        """Those of the patches that are for this release, in their order."""
        return [patch for patch in self.patches if patch.is_for(candidate.release)]

    def _fragments(self) -> list[Path]:
        return kconfig.fragments(RECIPES, self.arch.name, ARCHES)

    def _requested(self) -> dict[str, str]:
        return kconfig.requested(self._fragments())

    def verify(self, final: Path, candidate: Candidate) -> None:
        """Raises InfraError, with every option concerned, when ``final`` is not as asked for."""
        wrong = kconfig.complaints(
            self._requested(),
            files.read_config(final),
            kconfig.load_absences(RECIPES / "absent.yaml"),
            self.arch.name,
            candidate.release,
        )
        if wrong:
            raise InfraError(
                f"the configuration of {candidate.version} for {self.arch.name} is not what "
                "images/kconfig/ asks for:\n" + "\n".join(f"    {line}" for line in wrong)
            )


def read_source(kernel: KernelFiles, path: str, cache: Cache) -> str:
    """A file of the source that ``kernel`` was built from. Raises InfraError."""
    sums = (total for name, total in kernel.hashes.items() if name.startswith("linux-source"))
    place = next((found for total in sums if (found := cache.find(KIND, key(total)))), None)
    if place is None:
        raise InfraError(f"the source of {kernel.version} is not in the cache", f"ls {cache.root}")
    tarball = inside(place)
    return command.run(["tar", "-xOf", tarball, f"{root(tarball)}/{path}"]).decode()
