"""What changed, arranged for the eye; painted by the modules of this room."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from orchestrator.render.lists import count
from orchestrator.results.diff import Change, Diff, Kind, Pair

TITLES = {
    Kind.REGRESSED: "Regressed",
    Kind.FIXED: "Fixed",
    Kind.ABSENT: "Newly absent",
    Kind.PRESENT: "Newly present",
    Kind.FLAKY: "Newly flaky",
    Kind.CHANGED: "Otherwise in another way",
    Kind.UNSEEN: "With a verdict in one of the two only",
}


@dataclass(frozen=True)
class Story:
    """Changes of which there is the same to say; never empty."""

    changes: tuple[Change, ...]

    @property
    def first(self) -> Change:
        return self.changes[0]

    @property
    def claims(self) -> tuple[str, ...]:
        """Each claim once, in the order of the rows."""
        return tuple(dict.fromkeys(change.claim for change in self.changes))

    @property
    def targets(self) -> tuple[str, ...]:
        """Each target once; where two kernels are compared, both of them."""
        return tuple(dict.fromkeys(map(_target, self.changes)))


def stories(diff: Diff, kind: Kind) -> tuple[Story, ...]:
    """The changes of one kind, those that tell the same together."""
    found: dict[Hashable, list[Change]] = {}
    for change in diff.of(kind):
        found.setdefault(_story(change), []).append(change)
    return tuple(Story(tuple(changes)) for changes in found.values())


def summary(diff: Diff) -> str:
    """``4230 cells compared: 2 regressed, 1 fixed; 1 regression that no rule wants``."""
    compared = f"{count(diff.compared, 'cell')} compared"
    if diff.empty:
        return f"{compared}: no news"
    kinds = [f"{n} {TITLES[kind].lower()}" for kind, n in diff.counts().items() if n]
    unwanted = len(diff.regressions)
    end = f"{count(unwanted, 'regression')} that no rule wants" if unwanted else "no regression"
    return f"{compared}: {', '.join(kinds) or 'all as before'}; {end}"


def heads(diff: Diff) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What came and what went, under its heading."""
    return (
        ("new targets", diff.new_targets),
        ("gone targets", diff.gone_targets),
        ("new claims", diff.new_claims),
        ("gone claims", diff.gone_claims),
    )


def moves(diff: Diff) -> tuple[tuple[str, str], ...]:
    """Each column that moved, and how: ``6.12.117-1 → 6.12.118-1``."""
    return tuple((pair.new.target, _move(pair)) for pair in diff.moved)


def _move(pair: Pair) -> str:
    old, new = pair.old, pair.new
    steps = [(old.version, new.version), (f"QEMU {old.qemu}", f"QEMU {new.qemu}")]
    told = [f"{before} → {after}" for before, after in steps if before != after]
    return ", ".join(told) or f"{new.version}, built anew"


def _target(change: Change) -> str:
    old, new = change.old.target, change.new.target
    return new if old == new else f"{old} → {new}"


def _story(change: Change) -> Hashable:
    if change.kind is Kind.UNSEEN:
        lost = change.new if change.new.note else change.old
        return (change.infra, change.old.got.value == "missing", lost.note)
    old, new = change.old, change.new
    return (change.claim, old.got, new.got, new.note, new.want, new.why, new.place)
