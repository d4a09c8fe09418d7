"""One claim over all runs: what came out on each target, since when, judged by today's rules."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from orchestrator.model import Cell, Claim, Release, Rule, Verdict
from orchestrator.results.index.queries import Word
from orchestrator.results.judge import about, cells


@dataclass(frozen=True)
class Entry:
    """The claim on a target in one run."""

    run: str
    release: Release | None
    cell: Cell


@dataclass(frozen=True)
class Span:
    """Runs one after another that agree; never empty."""

    entries: tuple[Entry, ...]

    @property
    def first(self) -> Entry:
        return self.entries[0]

    @property
    def last(self) -> Entry:
        return self.entries[-1]

    @property
    def measured(self) -> int:
        """How often it was tried; what a run took over from an earlier one is not tried again."""
        return len({entry.cell.origin or entry.run for entry in self.entries})


@dataclass(frozen=True)
class Line:
    """A target through time, oldest first."""

    target: str
    entries: tuple[Entry, ...]

    @functools.cached_property
    def spans(self) -> tuple[Span, ...]:
        """Where it changed. A run in which it was not reached says nothing, and ends no span."""
        told = (entry for entry in self.entries if entry.cell.got is not Verdict.MISSING)
        alike = groupby(told, lambda entry: (entry.cell.got, entry.cell.flaky))
        return tuple(Span(tuple(entries)) for _, entries in alike)

    @property
    def first_seen(self) -> Entry | None:
        """The first run with a verdict."""
        return self.spans[0].first if self.spans else None

    @property
    def last_changed(self) -> Entry | None:
        """The first run in which it was as it is now; None: it was never otherwise."""
        return self.spans[-1].first if len(self.spans) > 1 else None


@dataclass(frozen=True)
class History:
    """All targets: arch by arch, as they came, and the oldest release first."""

    claim: str
    lines: tuple[Line, ...]


def history(claim: Claim, words: Iterable[tuple[str, Word]], rules: Sequence[Rule]) -> History:
    """The words of all runs, oldest first, as a history. Each comes with its run."""
    spoken = about((claim,), rules)

    @functools.cache
    def judged(word: Word) -> Cell:
        seen = {claim.name: word.outcome} if word.outcome else {}
        (cell,) = cells(word.column, seen, (claim,), spoken)
        return cell

    lines: dict[str, list[Entry]] = {}
    for run, word in words:
        entry = Entry(run, word.column.release, judged(word))
        lines.setdefault(word.column.target, []).append(entry)
    found = [Line(target, tuple(entries)) for target, entries in lines.items()]
    arches = list(dict.fromkeys(map(_arch, found)))
    return History(claim.name, tuple(sorted(found, key=lambda line: _place(line, arches))))


def _arch(line: Line) -> str:
    return line.target.rpartition("/")[2]


def _place(line: Line, arches: Sequence[str]) -> tuple[int, bool, Release]:
    """By the release that the target had last; one that never had any comes behind them."""
    releases = [entry.release for entry in line.entries if entry.release]
    return arches.index(_arch(line)), not releases, releases[-1] if releases else Release(0, 0)
