"""What is otherwise in one matrix than in another: the one value behind every way to show it.

Pure. Both matrices are judged by the same rules, so that a corrected rule is no change.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from orchestrator.model import BROKEN, Cell, Plan, Run, Verdict
from orchestrator.results.matrix import Matrix, Row

_OURS = ("initramfs", "suites")  # what a guest is made of beside its kernel


class Kind(enum.Enum):
    """What became of a cell."""

    REGRESSED = "regressed"  # it is broken, or the kernel complains, and worse than before
    FIXED = "fixed"  # it passes, and was broken or complained of
    ABSENT = "absent"  # the kernel makes the promise no more
    PRESENT = "present"  # it makes it now
    FLAKY = "flaky"  # guests disagree about it now
    CHANGED = "changed"  # otherwise in another way: skipped now, or broken but less badly
    UNSEEN = "unseen"  # only one of the two has a verdict: nothing is said about the kernel


@dataclass(frozen=True)
class Change:
    """One cell in both matrices. The targets differ only where two kernels are compared."""

    kind: Kind
    old: Cell
    new: Cell

    @property
    def claim(self) -> str:
        return self.new.claim

    @property
    def regression(self) -> bool:
        """For the worse, and no rule wants it so. Flakiness is not: one guest was unlucky."""
        return self.kind in (Kind.REGRESSED, Kind.ABSENT) and self.new.surprise

    @property
    def infra(self) -> bool:
        """Whether the host is why there is nothing to compare."""
        return self.old.infra or self.new.infra


@dataclass(frozen=True)
class Pair:
    """A column in both matrices."""

    old: Run
    new: Run

    @property
    def same_kernel(self) -> bool:
        """Whether the kernel is the same to the byte, whatever else it was run with."""
        return _kernel(self.old) == _kernel(self.new)

    @property
    def moved(self) -> bool:
        """Whether another kernel was booted, or in another QEMU."""
        if self.old.release is None or self.new.release is None:
            return False  # it could not be had: nothing was booted
        return _booted(self.old) != _booted(self.new)


@dataclass(frozen=True)
class Diff:
    """All of it. Claims and targets are in the order of the matrix that has them."""

    old: Plan
    new: Plan
    pairs: tuple[Pair, ...]  # the columns that both have
    compared: int  # cells that both have
    changes: tuple[Change, ...]  # row by row
    new_claims: tuple[str, ...]
    gone_claims: tuple[str, ...]
    new_targets: tuple[str, ...]
    gone_targets: tuple[str, ...]

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.changes if change.kind is kind)

    @property
    def regressions(self) -> tuple[Change, ...]:
        """What somebody must look at."""
        return tuple(change for change in self.changes if change.regression)

    @property
    def moved(self) -> tuple[Pair, ...]:
        """The columns that are another kernel's, or another QEMU's, than before."""
        return tuple(pair for pair in self.pairs if pair.moved)

    def counts(self) -> dict[Kind, int]:
        """How many cells changed in each way; the kinds in their own order."""
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in Kind}

    @property
    def empty(self) -> bool:
        """Whether there is no news at all, not even of another kernel."""
        news = (self.changes, self.new_claims, self.gone_claims, self.new_targets)
        return not any((*news, self.gone_targets, self.moved))


def diff(old: Matrix, new: Matrix, before: Mapping[str, str] | None = None) -> Diff:
    """What changed from one run to another, target by target.

    ``before`` names the targets of the old one that targets which only the new one has are held
    against: a newer kernel that stands in a column of its own.
    """
    return _diff(old, new, lambda run: run.target, before or {})


def diff_kernels(old: Matrix, new: Matrix, before: str, after: str) -> Diff:
    """What kernel ``after`` of the new matrix does otherwise than ``before`` of the old one.

    They are held against each other arch by arch; the two matrices may be the same.
    """
    return _diff(_only(old, before), _only(new, after), lambda run: run.arch, {})


def _diff(old: Matrix, new: Matrix, key: Callable[[Run], str], before: Mapping[str, str]) -> Diff:
    was = {key(run): at for at, run in enumerate(old.columns)}
    now = {key(run): at for at, run in enumerate(new.columns)}
    rows, new_rows = _rows(old), _rows(new)
    partner = {name: name if name in was else before.get(name, "") for name in now}
    both = [(was[partner[name]], at) for name, at in now.items() if partner[name] in was]
    cells = [
        (rows[claim].cells[then], row.cells[at])
        for claim, row in new_rows.items()
        if claim in rows
        for then, at in both
    ]
    return Diff(
        old=old.plan,
        new=new.plan,
        pairs=tuple(Pair(old.columns[then], new.columns[at]) for then, at in both),
        compared=len(cells),
        changes=tuple(Change(kind, *pair) for pair in cells if (kind := _kind(*pair))),
        new_claims=tuple(claim for claim in new_rows if claim not in rows),
        gone_claims=tuple(claim for claim in rows if claim not in new_rows),
        new_targets=tuple(new.columns[at].target for name, at in now.items() if name not in was),
        gone_targets=tuple(old.columns[at].target for name, at in was.items() if name not in now),
    )


def _kind(old: Cell, new: Cell) -> Kind | None:
    """What became of a cell; None when nothing did."""
    unseen = [cell.got is Verdict.MISSING for cell in (old, new)]
    if any(unseen):
        return None if all(unseen) else Kind.UNSEEN
    if new.flaky:
        return None if old.flaky else Kind.FLAKY
    before, after = _badness(old), _badness(new)
    if after > before:
        return Kind.REGRESSED
    if after < before:
        return _better(new)
    return None if old.got is new.got else _otherwise(old, new)


def _better(new: Cell) -> Kind:
    """Whatever does not fail any more is not yet kept."""
    if new.got is Verdict.PASS and not _badness(new):
        return Kind.FIXED
    return Kind.ABSENT if new.got is Verdict.ABSENT else Kind.CHANGED


def _otherwise(old: Cell, new: Cell) -> Kind:
    if new.got is Verdict.ABSENT:
        return Kind.ABSENT
    return Kind.PRESENT if old.got is Verdict.ABSENT else Kind.CHANGED


def _badness(cell: Cell) -> int:
    """How bad it is that a cell is as it is, whatever was wanted; 0: it is not.

    A flaky cell is better than one that fails every time: from there on it gets worse.
    """
    if cell.flaky:
        return 2
    if cell.got in BROKEN:
        return (Verdict.FAIL, Verdict.TIMEOUT, Verdict.PANIC).index(cell.got) + 3
    return int(bool(cell.unexpected_splats))


def _booted(run: Run) -> tuple[object, ...]:
    return (run.release, run.version, run.qemu, _kernel(run))


def _kernel(run: Run) -> frozenset[tuple[str, str]]:
    return frozenset(item for item in run.hashes.items() if item[0] not in _OURS)


def _rows(matrix: Matrix) -> Mapping[str, Row]:
    return {row.claim.name: row for group in matrix.groups for row in group.rows}


def _only(matrix: Matrix, kernel: str) -> Matrix:
    """The columns of one kernel."""
    kept = [at for at, run in enumerate(matrix.columns) if run.kernel == kernel]
    groups = tuple(
        replace(
            group,
            rows=tuple(
                replace(row, cells=tuple(row.cells[at] for at in kept)) for row in group.rows
            ),
        )
        for group in matrix.groups
    )
    return replace(matrix, columns=tuple(matrix.columns[at] for at in kept), groups=groups)
