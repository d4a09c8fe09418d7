"""The advice numbers that headers have, beside what the running kernels answer to them.

Whether a program's number does its work is told by the claims that tried that number
(render/numbers.py). What nobody tried, and headers that nobody read, are nowhere made up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from orchestrator.model import Cell, Headers, Run, Verdict
from orchestrator.render import look
from orchestrator.render.numbers import Advice

_SAY_NOTHING = (Verdict.MISSING, Verdict.SKIP, Verdict.ERROR)
_TOO_MUCH = "in the headers of this series, but the kernel does not know it"
_TOO_LITTLE = "the kernel knows it, but it is not in the headers of this series"


@dataclass(frozen=True)
class Edition:
    """Headers that have the same numbers, whatever their release and arch; never empty."""

    headers: tuple[Headers, ...]  # by release

    @property
    def advice(self) -> Mapping[str, int]:
        return self.headers[0].advice

    @property
    def arches(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.arch for one in self.headers))

    @property
    def label(self) -> str:
        """``6.1.192 … 6.12.117``."""
        return _span(str(self.headers[0].release), str(self.headers[-1].release))


@dataclass(frozen=True)
class Column:
    """Neighbouring kernels of an arch that give the same answers; never empty."""

    runs: tuple[Run, ...]
    at: int  # where the first of them stands in the matrix

    @property
    def arch(self) -> str:
        return self.runs[0].arch

    @property
    def label(self) -> str:
        """``6.1 … 6.12``."""
        return _span(self.runs[0].kernel, self.runs[-1].kernel)


@dataclass(frozen=True)
class Meeting:
    """What a program that was built with headers gets on a kernel."""

    works: int  # advices that do their work, of those
    asked: int  # that it can ask for and that were tried
    refused: tuple[str, ...]
    unnamed: tuple[str, ...]  # that work there, if the headers only had them


@dataclass(frozen=True)
class Numbers:
    """All advices of a run, in the order of their numbers, and what headers have to say."""

    advices: tuple[Advice, ...]
    headers: tuple[Headers, ...]

    def editions(self, arches: Iterable[str]) -> list[Edition]:
        """The headers for these arches, the oldest first. Of a series the newest release stands
        for those with the same numbers."""
        newest = {
            (one.arch, one.release.series, _key(one)): one
            for one in sorted(self.headers, key=lambda one: one.release)
        }
        order = list(arches)
        kept = [one for one in newest.values() if one.arch in order]
        kept.sort(key=lambda one: (one.release, order.index(one.arch)))
        found: dict[object, list[Headers]] = {}
        for one in kept:
            found.setdefault(_key(one), []).append(one)
        return [Edition(tuple(same)) for same in found.values()]

    def columns(self, runs: Sequence[Run]) -> list[Column]:
        """The columns of a matrix, joined where they give the same answers."""

        def profile(at: int) -> tuple[object, ...]:
            answers = (
                (look.of(cell), cell.surprise, self.odd(advice, cell, runs[at]))
                for advice in self.advices
                for cell in advice.cells(at)
            )
            return (runs[at].arch, *answers)

        joined = (list(same) for _, same in groupby(range(len(runs)), key=profile))
        return [Column(tuple(runs[at] for at in same), same[0]) for same in joined]

    def odd(self, advice: Advice, cell: Cell, run: Run) -> str:
        """In which way a kernel and the headers of its series do not agree about the number that
        was tried; "" when they do, or when either says nothing."""
        own = self._of(run)
        if own is None or cell.claim != advice.row.claim.name or cell.got in _SAY_NOTHING:
            return ""
        named = own.advice.get(advice.name) == advice.number
        if named and cell.got is Verdict.ABSENT:
            return _TOO_MUCH
        return _TOO_LITTLE if cell.got is Verdict.PASS and not named else ""

    def unread(self, runs: Iterable[Run]) -> list[str]:
        """The targets of whose series nobody read the headers."""
        return [run.target for run in runs if run.release and self._of(run) is None]

    def meeting(self, edition: Edition, column: Column) -> Meeting | None:
        """None when these headers are not for that arch, or nothing was tried there."""
        if column.arch not in edition.arches:
            return None
        asked, works, unnamed = [], [], []
        for advice in self.advices:
            number = edition.advice.get(advice.name)
            cell = advice.answer(advice.number if number is None else number, column.at)
            if cell is None or cell.got in _SAY_NOTHING:
                continue
            if number is None:
                unnamed += [advice.name] * (cell.got is Verdict.PASS)
                continue
            asked.append(advice.name)
            works += [advice.name] * (cell.got is Verdict.PASS)
        if not asked:
            return None
        refused = tuple(name for name in asked if name not in works)
        return Meeting(len(works), len(asked), refused, tuple(unnamed))

    def stories(self, editions: Sequence[Edition], columns: Sequence[Column]) -> Iterator[Story]:
        """What does not work, or cannot be asked for, of each edition: kernels with the same of
        it in one story."""
        for edition in editions:
            found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Column]] = {}
            for column in columns:
                met = self.meeting(edition, column)
                if met and (met.refused or met.unnamed):
                    found.setdefault((met.refused, met.unnamed), []).append(column)
            for (refused, unnamed), same in found.items():
                yield Story(edition, tuple(same), refused, unnamed)

    def elsewhere(self, advice: Advice, editions: Iterable[Edition]) -> str:
        """``; in the headers of 6.1.4 for parisc it is 71``; "" when it is alike in all."""
        return "".join(
            f"; in the headers of {edition.label} for {', '.join(edition.arches)} it is {number}"
            for edition in editions
            for number in [edition.advice.get(advice.name, advice.number)]
            if number != advice.number
        )

    def _of(self, run: Run) -> Headers | None:
        """The headers of a kernel's series: its own release's, or the next older, or the oldest."""
        if run.release is None:
            return None
        release, series = run.release, run.release.series
        own = [one for one in self.headers if one.arch == run.arch and one.release.series == series]
        older = [one for one in own if one.release <= release]
        if older:
            return max(older, key=lambda one: one.release)
        return min(own, key=lambda one: one.release, default=None)


@dataclass(frozen=True)
class Story:
    """Kernels on which a program that was built with an edition gets less than it could."""

    edition: Edition
    columns: tuple[Column, ...]
    refused: tuple[str, ...]
    unnamed: tuple[str, ...]

    @property
    def where(self) -> str:
        """``5.10 (x86_64, parisc); 6.1 … 6.12 (parisc)``."""
        arches: dict[str, list[str]] = {}
        for column in self.columns:
            arches.setdefault(column.label, []).append(column.arch)
        return "; ".join(f"{label} ({', '.join(own)})" for label, own in arches.items())


def _key(headers: Headers) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(headers.advice.items()))


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} … {last}"
