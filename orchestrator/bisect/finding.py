"""What a bisect came to, with all that its report shows. Derived anew from what was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestrator.bisect.flakes import Tally
from orchestrator.bisect.question import Question
from orchestrator.bisect.record import Bisect
from orchestrator.bisect.search import Found, Refused
from orchestrator.bisect.sightings import Knowledge, Sighting
from orchestrator.model import Cell, Rule
from orchestrator.results import matrix
from orchestrator.results.matrix import Matrix
from orchestrator.results.store import Store


@dataclass(frozen=True)
class Look:
    """One sighting, and what it means."""

    sighting: Sighting
    title: str  # of the point: a package version, or a commit's first line
    word: str  # good, bad; unknown
    tally: Tally  # of all that are the same kernel


@dataclass(frozen=True)
class Level:
    """The search among releases, or the one among commits."""

    what: str  # "releases", "commits"
    points: int | None  # how many there were to choose from; None: git knows
    end: Found | Refused | None
    looks: tuple[Look, ...]
    titles: Mapping[str, str]
    strays: tuple[str, ...] = ()  # on the wrong side of the change: there are others

    @property
    def boots(self) -> int:
        """How many guests were started."""
        return sum(look.sighting.booted for look in self.looks)

    @property
    def same(self) -> int:
        """How many points were the same kernel as another one."""
        return sum(
            bool(s.artefact) and not s.tally.total and not s.trouble
            for s in (look.sighting for look in self.looks)
        )


@dataclass(frozen=True)
class Exhibit:
    """The claim's cell on one kernel."""

    point: str
    word: str
    matrix: Matrix
    cell: Cell


@dataclass(frozen=True)
class Finding:
    """All of it."""

    bisect: Bisect
    levels: tuple[Level, ...]
    exhibits: tuple[Exhibit, ...]  # of the last kernel with the old answer, the first with the new

    @property
    def level(self) -> Level:
        """The one that says most."""
        return self.levels[-1]


def finding(bisect: Bisect, root: Path, rules: Sequence[Rule]) -> Finding:
    """``root`` is the directory of all bisects; ``rules`` judge the two cells."""
    found = levels(bisect)
    return Finding(bisect, found, tuple(_exhibits(bisect, found[-1], root, rules)))


def levels(bisect: Bisect) -> tuple[Level, ...]:
    """The search among releases, and the one among commits, as far as there were any."""
    found = []
    if bisect.releases:
        titles = {release.name: release.version for release in bisect.releases}
        ends = (bisect.history[0], bisect.history[-1])
        looks = _looks(bisect.seen, ends, bisect.question, titles)
        strays = _strays(bisect.history, bisect.end, looks, bisect.question)
        found.append(Level("releases", len(bisect.releases), bisect.end, looks, titles, strays))
    if commits := bisect.commits:
        looks = _looks(commits.seen, (commits.old, commits.new), bisect.question, commits.titles)
        found.append(Level("commits", None, commits.end, looks, commits.titles))
    return tuple(found)


def _looks(
    seen: Sequence[Sighting],
    ends: tuple[str, str],
    question: Question,
    titles: Mapping[str, str],
) -> tuple[Look, ...]:
    known = Knowledge(seen)
    rates = known.ends(*ends)

    def look(sighting: Sighting) -> Look:
        point = sighting.point
        side = known.side(point, rates)
        word = question.word(side) if side else "unknown"
        return Look(sighting, titles.get(point, ""), word, known.tally(point))

    return tuple(map(look, seen))


def _strays(
    history: Sequence[str], end: Found | Refused | None, looks: Sequence[Look], question: Question
) -> tuple[str, ...]:
    """The new answer before the change, and the old one after it."""
    if not isinstance(end, Found):
        return ()
    old, new = question.words
    border = history.index(end.new)
    words = {look.sighting.point: look.word for look in looks}
    return tuple(
        point
        for place, point in enumerate(history)
        if words.get(point) == (new if place < border else old)
    )


def _exhibits(bisect: Bisect, level: Level, root: Path, rules: Sequence[Rule]) -> Sequence[Exhibit]:
    if not isinstance(level.end, Found):
        return ()
    known = Knowledge(look.sighting for look in level.looks)
    found = []
    for point, word in zip((level.end.old, level.end.new), bisect.question.words, strict=True):
        place = _evidence(point, known, level.looks)
        if place and (shown := _exhibit(root / place, bisect.claim, rules)):
            found.append(Exhibit(point, word, *shown))
    return found


def _evidence(point: str, known: Knowledge, looks: Sequence[Look]) -> str:
    """Of the point, or of another one that is the same kernel."""
    alike = (
        look.sighting.evidence
        for look in looks
        if look.sighting.evidence
        and look.sighting.tally.total
        and (
            look.sighting.point == point
            or known.artefact(point) == known.artefact(look.sighting.point) != ""
        )
    )
    return next(alike, "")


def _exhibit(place: Path, claim: str, rules: Sequence[Rule]) -> tuple[Matrix, Cell] | None:
    """None when the run of an earlier bisect is gone, from which the answer was known."""
    if not (place / "plan.json").is_file():
        return None
    evidence = Store(place.parent).load(place.name)
    shown = matrix.build(evidence.plan, evidence.runs, rules)
    return next(((shown, cell) for cell in shown.cells() if cell.claim == claim), None)
