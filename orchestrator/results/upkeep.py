"""What a run says about the rules: which surprises a new one would explain, which are unused. Pure.

A proposal covers the releases in which the surprise was seen, up to the next one in which it was
not; nothing is guessed of arches on which it was not seen. A person decides whether it is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from orchestrator.model import Cell, Release, Rule, Run, Verdict
from orchestrator.results.judge import about, fitting
from orchestrator.results.matrix import Matrix, Row


@dataclass(frozen=True)
class Proposal:
    """A rule that would make surprises of one suite wanted, and the evidence for it."""

    suite: str
    claims: tuple[str, ...]
    want: Verdict
    since: Release | None
    until: Release | None
    arches: tuple[str, ...]  # empty: all of the run's
    splat: str  # title of what the kernel complained of
    run: str
    seen: tuple[Cell, ...]


@dataclass(frozen=True)
class _Stretch:
    """Neighbouring releases of one arch in which a claim surprises in the same way."""

    claim: str
    want: Verdict
    splat: str
    since: Release | None
    until: Release | None
    arch: str
    cells: tuple[Cell, ...]


def proposals(matrix: Matrix) -> tuple[Proposal, ...]:
    """One for all claims of a suite, and all arches, of which the same is to be said."""
    rows = [row for group in matrix.groups for row in group.rows]
    stretches = [one for row in rows for one in _stretches(matrix.columns, row)]
    by_scope: dict[tuple[object, ...], list[_Stretch]] = {}
    for one in stretches:
        by_scope.setdefault((one.claim, *_scope(one)), []).append(one)
    alike: dict[tuple[object, ...], list[_Stretch]] = {}
    for own in by_scope.values():
        arches = tuple(one.arch for one in own)
        suite = own[0].claim.partition(".")[0]
        alike.setdefault((suite, arches, *_scope(own[0])), []).extend(own)
    every = {run.arch for run in matrix.columns}
    return tuple(_proposal(matrix.plan.id, own, every) for own in alike.values())


def untold(matrix: Matrix, made: Iterable[Proposal]) -> tuple[Cell, ...]:
    """The surprises that none of the proposals explains: flaky ones, our own errors, and those
    that differ between kernels of one release."""
    told = {(cell.claim, cell.target) for one in made for cell in one.seen}
    return tuple(c for c in matrix.surprises() if (c.claim, c.target) not in told)


def unused(matrix: Matrix, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules about claims of the matrix that speak of none of its cells."""
    claims = [row.claim for group in matrix.groups for row in group.rows]
    spoken = {rule for own in about(claims, rules).values() for rule in own}
    used = {rule for run in matrix.columns for rule in fitting(spoken, run)}
    return tuple(rule for rule in rules if rule in spoken and rule not in used)


def _scope(one: _Stretch) -> tuple[object, ...]:
    return (one.want, one.splat, one.since, one.until)


def _stretches(columns: Sequence[Run], row: Row) -> Iterator[_Stretch]:
    for arch in dict.fromkeys(run.arch for run in columns):
        by_release: dict[Release, list[Cell]] = {}
        for run, cell in zip(columns, row.cells, strict=True):
            if run.arch == arch and run.release is not None and cell.got is not Verdict.MISSING:
                by_release.setdefault(run.release, []).append(cell)
        yield from _of_arch(arch, sorted(by_release.items()))


def _of_arch(arch: str, seen: list[tuple[Release, list[Cell]]]) -> Iterator[_Stretch]:
    """``seen`` is ordered. A stretch that begins with the oldest release has no ``since``."""
    said = [_said(cells) for _, cells in seen]
    start = 0
    for end in range(1, len(seen) + 1):
        if end < len(seen) and said[end] == said[start]:
            continue
        if told := said[start]:
            yield _Stretch(
                claim=seen[start][1][0].claim,
                want=told[0],
                splat=told[1],
                since=seen[start][0] if start else None,
                until=seen[end][0] if end < len(seen) else None,
                arch=arch,
                cells=tuple(cell for _, cells in seen[start:end] for cell in cells),
            )
        start = end


def _said(cells: Sequence[Cell]) -> tuple[Verdict, str] | None:
    """What a rule would have to want of these cells, all of one release; None: nothing new, or
    nothing that a rule may want, or not the same of all."""
    each = {_explained(cell) for cell in cells}
    return each.pop() if len(each) == 1 else None


def _explained(cell: Cell) -> tuple[Verdict, str] | None:
    titles = {splat.title for splat in cell.unexpected_splats}
    if not cell.surprise or cell.flaky or cell.got is Verdict.ERROR or len(titles) > 1:
        return None
    deadly = cell.got is Verdict.PANIC
    return cell.got, "" if deadly else "".join(titles)


def _proposal(run: str, own: list[_Stretch], every: set[str]) -> Proposal:
    first = own[0]
    arches = tuple(dict.fromkeys(one.arch for one in own))
    return Proposal(
        suite=first.claim.partition(".")[0],
        claims=tuple(dict.fromkeys(one.claim for one in own)),
        want=first.want,
        since=first.since,
        until=first.until,
        arches=() if set(arches) == every else arches,
        splat=first.splat,
        run=run,
        seen=tuple(cell for one in own for cell in one.cells),
    )
