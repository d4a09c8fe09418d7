"""A policy by which new kernels become columns: which moving source is followed, and how far."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrator.model.release import Release
from orchestrator.model.sources import DebianSource, GitSource
from orchestrator.model.targets import Kernel


@dataclass(frozen=True)
class DebianTrack:
    """Suites of Debian's archive that move: sid, experimental, backports."""

    name: str  # what the names of its kernels begin with
    suites: tuple[str, ...]
    keep: int  # how many of the newest that are offered are columns
    version: str | None = None  # only this series (6.12), release or package version
    until: Release | None = None  # the first release that it is not for
    flavour: str | None = None  # of Debian's builds; None takes the arch's own
    arches: tuple[str, ...] = ()  # on which its kernels are booted; () is all of the lab's


@dataclass(frozen=True)
class GitTrack:
    """A branch of a repository."""

    name: str
    repo: str  # a directory, or a URL as git takes them
    branch: str
    keep: int  # how many of the newest tips that were seen are columns
    arches: tuple[str, ...] = ()

    def source(self, commit: str) -> GitSource:
        """A commit of it."""
        return GitSource(self.repo, commit)


Track = DebianTrack | GitTrack


@dataclass(frozen=True)
class Tracked:
    """A kernel that a track has led to. Its version is exact: it means the same tomorrow."""

    track: str  # its name
    version: str  # of the package, or the whole id of the commit
    arches: tuple[str, ...]  # for which it is offered
    source: DebianSource | GitSource

    @property
    def name(self) -> str:
        """What its column is called: ``sid-7.3.4-1``, ``mm-unstable-0123456789ab``."""
        exact = self.version[:_ID] if isinstance(self.source, GitSource) else self.version
        return f"{self.track}-{exact}"

    def kernel(self, rank: int) -> Kernel:
        """The column's kernel, at that place of the lab's."""
        return Kernel(self.name, rank, self.source)


_ID = 12  # characters of a commit's id that tell it from others
