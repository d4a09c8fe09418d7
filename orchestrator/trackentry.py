"""The entries under ``track:`` in a lab.yaml: moving sources, and how far each is followed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from orchestrator.entry import Entry, Listed, Quoted
from orchestrator.expectations import KnownArch
from orchestrator.kernelentry import place, release
from orchestrator.model import DebianTrack, GitSource, GitTrack, Release, Track

NAME = r"^[A-Za-z0-9][A-Za-z0-9._+~-]*$"  # of a kernel: it is a directory's too


class TrackEntry(Entry):
    """One moving source."""

    debian: Annotated[Listed | None, Field(description="Suites of the archive that move.")] = None
    git: Annotated[str | None, Field(description="A repository: its directory or URL.")] = None
    branch: Annotated[Quoted | None, Field(description="With git: which of its branches.")] = None
    keep: Annotated[int, Field(ge=1, le=50, description="So many of the newest are columns.")] = 1
    name: Annotated[
        Quoted | None,
        Field(pattern=NAME, description="What its kernels' names begin with."),
    ] = None
    version: Annotated[
        Quoted | None, Field(description="Only this series (6.12) or release (6.12.117).")
    ] = None
    until: Annotated[
        Release | None,
        BeforeValidator(release, json_schema_input_type=str | None),
        Field(description="The first release that it is not for."),
    ] = None
    flavour: Annotated[str | None, Field(description="Of Debian's build: cloud-amd64.")] = None
    arches: list[KnownArch] = Field(
        default_factory=list, description="Only on these; by default on all of the lab's."
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> TrackEntry:
        if (self.debian is None) is (self.git is None):
            raise ValueError("a track has one of 'debian' and 'git' (with a 'branch')")
        if (self.git is None) is not (self.branch is None):
            raise ValueError("'git' needs a 'branch', and nothing else has one")
        if self.git and (self.version or self.until or self.flavour):
            raise ValueError("'version', 'until' and 'flavour' choose among 'debian' packages")
        if self.version is not None:
            Release.parse(self.version)
        if not self._name:
            raise ValueError("nothing here makes a 'name' for its kernels: give it one")
        return self

    @property
    def _name(self) -> str:
        return self.name or default_name(self.model_dump()) or ""

    def track(self, root: Path) -> Track:
        """What the entry says; its paths are below ``root``."""
        name, arches = self._name, tuple(self.arches)
        if self.git:
            repo = GitSource(self.git, "")
            where = self.git if repo.is_remote else str(place(root, self.git))
            return GitTrack(name, where, self.branch or "", self.keep, arches)
        suites = tuple(self.debian or ())
        return DebianTrack(name, suites, self.keep, self.version, self.until, self.flavour, arches)


def default_name(entry: Any) -> str | None:
    """What an entry is called that does not say it: by its first suite, or by its branch.

    ``entry`` is data as it was written, which may be wrong in any way; None is no name at all.
    """
    if not isinstance(entry, dict):
        return None
    suites = entry.get("debian")
    words = [suites[0] if isinstance(suites, list) and suites else suites, entry.get("flavour")]
    if entry.get("git") is not None:
        words = [entry.get("branch")]
    known = "-".join(word for word in words if isinstance(word, str))
    return re.sub(r"[^A-Za-z0-9._+~-]", "-", known).lstrip("._+~-") or None
