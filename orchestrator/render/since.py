"""Since when each claim holds, arch by arch: the matrix read as a history.

What lies between two kernels that were tried is not seen. Where the rule that applied until then
names the release of the change, that release is told; else the two kernels are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from orchestrator.model import Cell, Release, Rule, Run, Verdict
from orchestrator.render import arrange, look
from orchestrator.render.look import Look
from orchestrator.results.matrix import Group, Matrix, Row


@dataclass(frozen=True)
class Spell:
    """Neighbouring releases on which a claim came out alike."""

    look: Look
    first: Release
    last: Release
    # The release that began it, as the rule of what was before names it; None: not known.
    since: Release | None = None


@dataclass(frozen=True)
class Since:
    """The history of one claim on one arch, oldest first; empty: it was tried nowhere."""

    arch: str
    spells: tuple[Spell, ...]

    @property
    def line(self) -> str:
        """In one line: ``absent up to 6.12.117, pass since 6.13``."""
        if not self.spells:
            return "never reached"
        if len(self.spells) == 1:
            only = self.spells[0]
            return f"{only.look.word} on all, {only.first} to {only.last}"
        first, *later = self.spells
        parts = [f"{first.look.word} up to {first.last}"]
        parts += [f"{spell.look.word} {_from(spell)}" for spell in later]
        return ", ".join(parts)

    @property
    def brief(self) -> str:
        """The same by series alone: ``absent up to 6.12, pass since 6.13``."""
        if not self.spells:
            return "never reached"
        first, *later = self.spells
        if not later:
            return f"{first.look.word} on all tried"
        parts = [f"{first.look.word} up to {_series(first.last)}"]
        parts += [f"{spell.look.word} {_from(spell, _series)}" for spell in later]
        return ", ".join(parts)


@dataclass(frozen=True)
class Story:
    """Claims of a suite that have one history, and no even one."""

    rows: tuple[Row, ...]
    histories: tuple[Since, ...]  # in the order of the arches


def stories(group: Group, matrix: Matrix, rules: Iterable[Rule]) -> list[Story]:
    """The histories of a suite's claims that changed in time or differ between arches."""
    by_place = {rule.place: rule for rule in rules}
    found: dict[tuple[object, ...], list[tuple[Row, tuple[Since, ...]]]] = {}
    for row in group.rows:
        histories = tuple(_histories(row, matrix.columns, by_place))
        lines = tuple((since.arch, since.line) for since in histories)
        if _eventful(histories):
            found.setdefault(lines, []).append((row, histories))
    return [Story(tuple(row for row, _ in same), same[0][1]) for same in found.values()]


def history(row: Row, columns: Sequence[Run], arch: str, rules: Iterable[Rule]) -> Since:
    """Of one claim on one arch."""
    return _history(row, columns, arch, {rule.place: rule for rule in rules})


def _eventful(histories: Sequence[Since]) -> bool:
    ends = {tuple(spell.look.word for spell in one.spells) for one in histories if one.spells}
    return len(ends) > 1 or any(len(since.spells) > 1 for since in histories)


def _histories(row: Row, columns: Sequence[Run], rules: Mapping[str, Rule]) -> Iterator[Since]:
    for span in arrange.spans(columns):
        yield _history(row, columns, span.arch, rules)


def _history(row: Row, columns: Sequence[Run], arch: str, rules: Mapping[str, Rule]) -> Since:
    tried = [
        (run.release, cell)
        for run, cell in zip(columns, row.cells, strict=True)
        if run.arch == arch and run.release and cell.got is not Verdict.MISSING
    ]
    tried.sort(key=lambda pair: pair[0])
    spells: list[Spell] = []
    before: tuple[Release, Cell] | None = None
    for kind, same in groupby(tried, key=lambda pair: look.of(pair[1])):
        seen = list(same)
        since = before and _named(rules.get(before[1].place), before[0], seen[0][0])
        spells.append(Spell(kind, seen[0][0], seen[-1][0], since or None))
        before = seen[-1]
    return Since(arch, tuple(spells))


def _named(rule: Rule | None, before: Release, after: Release) -> Release | None:
    """The release at which a rule ends, where it lies between two kernels."""
    if rule is None or rule.until is None or not rule.place:
        return None
    return rule.until if before < rule.until <= after else None


def _series(release: Release) -> str:
    return f"{release.major}.{release.minor}"


def _from(spell: Spell, written: Callable[[Release], str] = str) -> str:
    return f"since {spell.since}" if spell.since else f"from {written(spell.first)} on"
