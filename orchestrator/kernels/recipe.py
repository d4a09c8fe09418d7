"""What is made of a kernel's source, wherever it is from: one arch, one configuration, an image."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from orchestrator.arches import ARCHES
from orchestrator.cache import Cache, digest, file_digest
from orchestrator.errors import ConfigError, InfraError
from orchestrator.kernels import build, files, kconfig, sites
from orchestrator.kernels.progress import Say
from orchestrator.kernels.sites import Fill, Site
from orchestrator.model import Arch, Patch, Release

RECIPES = Path(__file__).parents[2] / "images" / "kconfig"
# Part of every key: to be changed when what is built from the same inputs changes.
_LAYOUT = "1"


@dataclass(frozen=True)
class Code:
    """What is known of a source before anything is made of it."""

    identity: tuple[str, ...]  # what no other source has, and a copy of this one has
    version: str  # for people; begins with the release
    release: Release
    origin: str  # in words
    hashes: Mapping[str, str]  # of what it came as
    # Seconds since 1970, to be in the kernel as the time of its build. None: the time of the
    # source's Makefile, which a tarball tells.
    made: float | None = None


@dataclass(frozen=True)
class Recipe:
    """How a kernel is built for one arch."""

    arch: Arch
    patches: tuple[Patch, ...] = ()

    def key(self, code: Code) -> str:
        """Of the cache entry that ``produce`` fills: all that goes into the build."""
        patches = (patch.path.read_bytes() for patch in self.patches_for(code.release))
        return digest(*self._means(*code.identity), *patches)

    def site(
        self, code: Code, whose: Sequence[str], fill: Fill, cache: Cache, say: Say
    ) -> AbstractContextManager[Site]:
        """Where to build: a tree that stays, for those ``whose`` kernels differ by little, as
        those do that differ by a patch; one that passes for a kernel without neighbours.
        """
        patches = [patch.path for patch in self.patches_for(code.release)]
        if not whose and not patches:
            return sites.passing(fill, cache, say)
        name = self.neighbourhood(*(whose or code.identity))
        return sites.standing(name, fill, patches, cache, say)

    def neighbourhood(self, *whose: str) -> str:
        """A name for what neighbouring commits share: their origin, arch, options, compiler."""
        return digest(*self._means(*whose))

    def patches_for(self, release: Release) -> list[Patch]:
        """Those of the patches that are for a release, in their order."""
        return [patch for patch in self.patches if patch.is_for(release)]

    def produce(
        self,
        code: Code,
        site: AbstractContextManager[Site],
        log: Path,
        directory: Path,
        say: Say,
    ) -> None:
        """Fill ``directory`` with the kernel and a record of it.

        ``log`` is without its suffix. Raises InfraError, and ConfigError as the site does.
        """
        build.need_tools(self.arch)
        with site as at:
            work = build.Work(self.arch, at.tree, at.objects, log, code.made)
            build.configure(work, self._fragments())
            self.verify(work.out / ".config", code)
            notes = build.compile_image(work, say)
            image = build.take_image(work, directory)
            shutil.copyfile(work.out / ".config", directory / "config")
        patches = [patch.path for patch in self.patches_for(code.release)]
        files.write(
            directory,
            version=code.version,
            origin=self.origin(code),
            image=image,
            hashes={**code.hashes, **{path.name: file_digest(path) for path in patches}},
            notes=notes,
            compiler=build.compiler(self.arch),
        )

    def origin(self, code: Code) -> str:
        """In words: what the kernel was built from, and with which compiler."""
        patches = "".join(f" + {patch.path.name}" for patch in self.patches_for(code.release))
        return f"built from {code.origin}{patches} with {build.compiler(self.arch)}"

    def verify(self, final: Path, code: Code) -> None:
        """Raises InfraError, with every option concerned, when ``final`` is not as asked for."""
        wrong = kconfig.complaints(
            self._requested(),
            files.read_config(final),
            kconfig.load_absences(RECIPES / "absent.yaml"),
            self.arch.name,
            code.release,
        )
        if wrong:
            raise InfraError(
                f"the configuration of {code.version} for {self.arch.name} is not what "
                "images/kconfig/ asks for:\n" + "\n".join(f"    {line}" for line in wrong)
            )

    def _means(self, *whose: str) -> Sequence[str]:
        options = (f"{name}={value}" for name, value in sorted(self._requested().items()))
        return ("built", _LAYOUT, self.arch.name, build.compiler(self.arch), *whose, *options)

    def _fragments(self) -> list[Path]:
        own = RECIPES / f"{self.arch.name}.config"
        if not own.exists():
            raise ConfigError(
                f"no kernel for {self.arch.name} can be built here: "
                f"images/kconfig/ has no {own.name}"
            )
        return kconfig.fragments(RECIPES, self.arch.name, ARCHES)

    def _requested(self) -> dict[str, str]:
        return kconfig.requested(self._fragments())
