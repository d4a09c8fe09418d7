"""Where a kernel comes from: an archive, source code of several kinds, or a ready image."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from orchestrator.model.release import Release


@dataclass(frozen=True)
class Patch:
    """A change to a kernel's source, for all releases or for a range of them."""

    path: Path
    since: Release | None = None
    until: Release | None = None  # the first release that it is not for

    def is_for(self, release: Release) -> bool:
        """Whether such a source is to be patched with it."""
        return (self.since is None or release >= self.since) and (
            self.until is None or release < self.until
        )


@dataclass(frozen=True)
class DebianSource:
    """A kernel out of Debian's archive: its package, or a build of its source package.

    It is built where Debian packages none, and where ``build`` or a patch asks for it.
    """

    suites: tuple[str, ...]  # tried in this order: ("bullseye-security", "bullseye")
    version: str  # series ("6.12"), release ("6.12.117") or package version ("6.12.117-1")
    flavour: str | None = None  # of a package; None takes the arch's own
    build: bool = False
    patches: tuple[Patch, ...] = ()  # for a build, applied in this order

    @property
    def is_built(self) -> bool:
        """Whether it is compiled here even for an arch that Debian packages one for."""
        return self.build or bool(self.patches)

    def __str__(self) -> str:
        return f"{self.version} of {', '.join(self.suites)}"


@dataclass(frozen=True)
class GitSource:
    """A commit."""

    repo: str  # a directory, or a URL as git takes them
    rev: str  # whatever names a commit there: a tag, a branch, an id
    patches: tuple[Patch, ...] = ()

    @property
    def is_remote(self) -> bool:
        """Whether it is a URL, or ``host:path``, as git tells them from a directory."""
        return "://" in self.repo or bool(re.match(r"[^/:]+:", self.repo))

    def __str__(self) -> str:
        return f"{self.rev} of {self.repo}"


@dataclass(frozen=True)
class TreeSource:
    """A working tree of git's as it is, with what is not committed."""

    path: Path
    patches: tuple[Patch, ...] = ()

    def __str__(self) -> str:
        return f"working tree {self.path}"


@dataclass(frozen=True)
class TarballSource:
    """A packed source tree."""

    path: Path
    patches: tuple[Patch, ...] = ()

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True)
class ImageSource:
    """A kernel that somebody has built already."""

    image: Path  # bzImage, Image or vmlinux
    modules: Path | None = None  # lib/modules/<release>, or what has that below it
    config: Path | None = None  # None: it is looked for in the image

    def __str__(self) -> str:
        return str(self.image)


BuiltSource = DebianSource | GitSource | TreeSource | TarballSource  # that can be patched
Source = BuiltSource | ImageSource
