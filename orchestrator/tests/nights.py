"""Nights made by hand, for tests of whatever tells about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from orchestrator.model import Release, Run, Verdict
from orchestrator.nightly.culprits import Culprit
from orchestrator.nightly.measured import measured
from orchestrator.nightly.night import Outcome
from orchestrator.nightly.record import Column, Night
from orchestrator.nightly.suspects import suspects
from orchestrator.results.diff import Diff, diff
from orchestrator.results.matrix import Matrix
from orchestrator.tests.matrices import HOSTILE, judged, observed, suite

WIPE = suite("wipe", "zero: A child reads zeros.", "keep: The parent keeps its bytes.")
FAIL, PASS, ABSENT = (Verdict.FAIL, "wipe.c:10"), (Verdict.PASS, ""), (Verdict.ABSENT, "EINVAL")
NIGHT = "20261112T020000Z"
Seen = Mapping[str, tuple[Verdict, str]]


def of(release: str, seen: Seen, kernel: str = "6.12", arch: str = "x86_64") -> Run:
    """What a package's kernel did; each release has an image of its own."""
    run = observed(kernel, arch, (WIPE,), seen)
    return replace(
        run,
        release=Release.parse(release),
        version=f"{release}-1",
        hashes={**run.hashes, "image": release},
    )


def earlier(run: Run, origin: str) -> Run:
    """The same, measured in another run."""
    return replace(run, boots=tuple(replace(boot, origin=origin) for boot in run.boots))


def night(runs: Sequence[Run], *, full: bool = False) -> Night:
    """The night in which they were measured."""
    columns = tuple(Column(run.target, whole=not run.infra) for run in runs)
    return Night(NIGHT, "2026-11-12T02:00:00+00:00", full, columns)


def changed(old: Sequence[Run], new: Sequence[Run]) -> Diff:
    """From one night's runs to the next one's."""
    return diff(judged((WIPE,), old), judged((WIPE,), new))


def outcome(
    old: Sequence[Run],
    new: Sequence[Run],
    *,
    after: Mapping[str, str] | None = None,
    culprits: Sequence[Culprit] = (),
    troubles: Sequence[str] = (),
) -> Outcome:
    """A night after another one."""
    matrix: Matrix = judged((WIPE,), new)
    changes = changed(old, new)
    before = {run.target: run for run in old}
    return Outcome(
        night=night(new),
        matrix=matrix,
        measured=measured(matrix, before, after or {}, full=False),
        changes=changes,
        culprits=tuple(culprits),
        unbisected=suspects(changes, ())[1],
        troubles=tuple(troubles),
    )


def regressed() -> Outcome:
    """Something got worse, one commit did it, and its author is not to be trusted."""
    old = [of("6.12.117", {}), of("6.12.117", {}, arch="parisc")]
    new = [of("6.12.118", {"wipe.zero": FAIL}), of("6.12.118", {}, arch="parisc")]
    culprit = Culprit(
        claim="wipe.zero",
        target="6.12/x86_64",
        said="0123456789ab is the first commit where it is bad (mm: x), after ba9876543210.",
        command="lab bisect wipe.zero",
        bisect="20261112T020500Z",
        suspects=("0123456789ab",),
        message=f"commit 0123456789ab\n\n    mm: x {HOSTILE}\n",
    )
    return outcome(old, new, culprits=(culprit,), troubles=(f"sid is away {HOSTILE}",))
