"""A bisect on disk: what was asked, and all that was seen. What was found is derived.

reports/bisects/<id>/bisect.json    written anew, whole, after each sighting
reports/bisects/<id>/runs/          the evidence: a run for each boot, as `lab run` leaves it
reports/bisects/<id>/report.*       for people and programs, when it has ended
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from orchestrator.bisect.question import QUESTIONS, Question
from orchestrator.bisect.search import Found, Refused, Terms, step
from orchestrator.bisect.sightings import Sighting
from orchestrator.disk import writing
from orchestrator.errors import ConfigError
from orchestrator.results import files

_FILE = "bisect.json"


@dataclass(frozen=True)
class Released:
    """A kernel of Debian's archive."""

    name: str  # of the release: 6.12.95
    suites: tuple[str, ...]  # that list it
    version: str  # of the package


@dataclass(frozen=True)
class Tree:
    """A git tree, and which of its commits count."""

    repo: str
    paths: tuple[str, ...] = ()  # only those that touch one of them; () all
    first_parent: bool = False


@dataclass(frozen=True)
class Commits:
    """The search between two commits of the tree."""

    old: str  # ids
    new: str
    seen: tuple[Sighting, ...] = ()
    end: Found | Refused | None = None
    titles: dict[str, str] = field(default_factory=dict)  # of commits, by id
    messages: tuple[str, ...] = ()  # of the suspects, whole
    log: str = ""  # of git bisect


@dataclass(frozen=True)
class Bisect:
    """One invocation, and those that resumed it."""

    id: str
    started: str  # ISO 8601, UTC
    claim: str
    arch: str
    asks: str  # the question's name
    terms: Terms
    releases: tuple[Released, ...]  # in order; () when it began with commits
    seen: tuple[Sighting, ...] = ()  # of releases
    tree: Tree | None = None  # whose commits are searched after them
    commits: Commits | None = None

    @property
    def question(self) -> Question:
        return QUESTIONS[self.asks]

    @property
    def history(self) -> tuple[str, ...]:
        """The names of the releases."""
        return tuple(release.name for release in self.releases)

    @property
    def end(self) -> Found | Refused | None:
        """What was found among the releases; None as long as there is more to look at."""
        if not self.releases:
            return None
        then = step(self.history, self.seen, self.terms)
        return then if isinstance(then, Found | Refused) else None

    @property
    def boots(self) -> int:
        """How many guests were started for it."""
        sightings = (*self.seen, *(self.commits.seen if self.commits else ()))
        return sum(sighting.booted for sighting in sightings)


_BISECT = files.Form(Bisect)


class Record:
    """The directory of all bisects."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def place(self, bisect_id: str) -> Path:
        """Where all of a bisect is."""
        return self.root / bisect_id

    def keep(self, bisect: Bisect) -> None:
        """Have it on disk as it now is. Raises InfraError."""
        place = self.place(bisect.id)
        with writing(place):
            place.mkdir(parents=True, exist_ok=True)
        data: dict[str, Any] = _BISECT.adapter.dump_python(bisect, mode="json")
        files.write(place / _FILE, json.dumps(data, indent=1).encode())

    def load(self, bisect_id: str) -> Bisect:
        """Read one back; ``latest`` is the newest. Raises ConfigError when there is none."""
        known = sorted(path.parent.name for path in self.root.glob(f"*/{_FILE}"))
        if bisect_id == "latest" and known:
            bisect_id = known[-1]
        if bisect_id not in known:
            raise ConfigError(
                f"there is no bisect {bisect_id!r} under {self.root}"
                + (f"; the newest is {known[-1]}" if known else "")
            )
        path = self.place(bisect_id) / _FILE
        return files.validate(path, _BISECT, files.read_json(path))


def unspoilt(bisect: Bisect) -> Bisect:
    """What is left to do, when what the host spoilt may be tried again."""
    commits = bisect.commits
    if commits:
        commits = replace(commits, end=None, seen=_kept(commits.seen))
    return replace(bisect, seen=_kept(bisect.seen), commits=commits)


def _kept(seen: Iterable[Sighting]) -> tuple[Sighting, ...]:
    return tuple(sighting for sighting in seen if not sighting.infra)
