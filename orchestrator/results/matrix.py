"""Claims x targets: the whole picture of one invocation, as values for whoever paints it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from orchestrator.model import Cell, Claim, Plan, Rule, Run, Suite, Verdict
from orchestrator.results.judge import Outcome, about, cells, outcomes


@dataclass(frozen=True)
class Row:
    """One claim over all columns."""

    claim: Claim
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether the targets do not all agree."""
        return len({cell.got for cell in self.cells}) > 1


@dataclass(frozen=True)
class Group:
    """The rows of one suite."""

    suite: Suite
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Matrix:
    """``groups[i].rows[j].cells[k]`` stands under ``columns[k]``."""

    plan: Plan
    columns: tuple[Run, ...]
    groups: tuple[Group, ...]

    def cells(self) -> Iterator[Cell]:
        """Every cell, row by row."""
        for group in self.groups:
            for row in group.rows:
                yield from row.cells

    def tally(self) -> dict[Verdict, int]:
        """How many cells came to each verdict; the verdicts in their own order."""
        counts = Counter(cell.got for cell in self.cells())
        return {verdict: counts[verdict] for verdict in Verdict}

    def surprises(self) -> tuple[Cell, ...]:
        """The cells where seen is not wanted."""
        return tuple(cell for cell in self.cells() if cell.surprise)

    def missing(self) -> tuple[Cell, ...]:
        """The cells that were planned and never reached, whoever's fault it is."""
        return tuple(cell for cell in self.cells() if cell.got is Verdict.MISSING)

    def find(self, claim: str, target: str) -> Cell | None:
        """The cell of a claim on a target, if there is one."""
        return next((c for c in self.cells() if (c.claim, c.target) == (claim, target)), None)


def build(
    plan: Plan,
    runs: Mapping[str, Run],
    rules: Sequence[Rule],
    seen: Callable[[Run], Mapping[str, Outcome]] = outcomes,
) -> Matrix:
    """The matrix of a plan. A target without a run gets its column too, all of it MISSING.

    ``seen`` says what came out on a run; it is read out of the evidence unless somebody knows.
    """
    columns = tuple(_column(kernel, arch, runs) for kernel, arch in _by_arch(plan))
    claims = [claim for suite in plan.suites for claim in suite.claims]
    spoken = about(claims, rules)
    judged = [
        {cell.claim: cell for cell in cells(run, seen(run), claims, spoken)} for run in columns
    ]
    groups = tuple(
        Group(
            suite,
            tuple(Row(c, tuple(cells[c.name] for cells in judged)) for c in suite.claims),
        )
        for suite in plan.suites
    )
    return Matrix(plan, columns, groups)


def _by_arch(plan: Plan) -> list[tuple[str, str]]:
    """Arch first, then kernel, both in the order in which the plan names them."""
    arches = list(dict.fromkeys(arch for _, arch in plan.targets))
    return sorted(plan.targets, key=lambda target: arches.index(target[1]))


def _column(kernel: str, arch: str, runs: Mapping[str, Run]) -> Run:
    target = f"{kernel}/{arch}"
    return runs.get(target) or Run(
        target, kernel, arch, release=None, infra="planned, and no evidence of it was stored"
    )
