"""One night, from looking for new kernels to knowing what changed and who did it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from orchestrator.model import Plan, Rule, Run, Target, Tracked
from orchestrator.nightly import tracking
from orchestrator.nightly.baseline import baseline
from orchestrator.nightly.culprits import Bisect, Culprit, culprits
from orchestrator.nightly.discovery import Discovery
from orchestrator.nightly.measured import Measured, measured
from orchestrator.nightly.record import Column, Night
from orchestrator.nightly.suspects import Unbisected, suspects
from orchestrator.results import matrix
from orchestrator.results.diff import Diff, diff
from orchestrator.results.matrix import Matrix
from orchestrator.results.store import Evidence
from orchestrator.stop import Stop


@dataclass(frozen=True)
class Means:
    """What a night needs of the world. A simulated one has evidence instead of guests."""

    discover: Callable[[Sequence[Tracked]], Discovery]  # given where the tracks led before
    targets: Callable[[Sequence[Tracked]], tuple[Target, ...]]  # the lab's, and the tracked
    run: Callable[[Plan, Sequence[Target], bool], Mapping[str, Run]]  # True: all is run anew
    read: Callable[[str], Evidence | None]  # a stored run; None: it is gone
    bisect: Bisect
    rules: Sequence[Rule]
    stop: Stop


@dataclass(frozen=True)
class Setting:
    """Where a night begins."""

    means: Means
    last: Plan | None  # the last night's; None: there is none, or its evidence is gone
    targets: tuple[Target, ...]
    plan: Plan  # of all of them
    led: Discovery
    after: Mapping[str, str]  # for a target that is new, the one of the last night it comes after
    known: Mapping[str, Run]  # what each target of the last night was when it was last seen whole

    def before(self) -> Matrix | None:
        """What the night is held against, judged by today's rules."""
        if self.last is None:
            return None
        there = tuple(one for one in self.last.targets if "/".join(one) in self.known)
        return matrix.build(replace(self.last, targets=there), self.known, self.means.rules)


@dataclass(frozen=True)
class Outcome:
    """What a night came to."""

    night: Night
    matrix: Matrix
    measured: tuple[Measured, ...]  # where each column is from
    changes: Diff | None  # None: there is no night before
    culprits: tuple[Culprit, ...]
    unbisected: tuple[Unbisected, ...]
    troubles: tuple[str, ...]  # that the host had beside the targets
    simulated: str = ""  # what stood in for guests, in a sentence

    @property
    def infra(self) -> bool:
        """Whether the host failed, so that something is not known that was to be."""
        return bool(self.troubles or self.unseen)

    @property
    def unseen(self) -> int:
        """How many cells the host did not let be seen. What a kernel's death hid is its own."""
        return sum(cell.infra for cell in self.matrix.missing())

    @property
    def regressed(self) -> bool:
        """Whether something got worse that no rule wants so."""
        return bool(self.changes and self.changes.regressions)


def begin(
    nights: Callable[[], Iterable[Night]], plan: Callable[[Sequence[Target]], Plan], means: Means
) -> Setting:
    """Look where the tracks lead, and what was known before.

    ``nights`` has the earlier ones, newest first; ``plan`` makes one that begins now.
    """
    last = next(iter(nights()), None)
    before = last.tracked if last else ()
    led = means.discover(before)
    targets = means.targets(led.tracked)
    return Setting(
        means=means,
        last=there.plan if last and (there := means.read(last.id)) else None,
        targets=targets,
        plan=plan(targets),
        led=led,
        after=tracking.predecessors(led.tracked, before),
        known=_known(baseline(nights()), means),
    )


def _known(columns: Mapping[str, str], means: Means) -> dict[str, Run]:
    """What there still is of targets that were seen in these nights."""
    nights = {night: means.read(night) for night in set(columns.values())}
    return {
        target: there.runs[target]
        for target, night in columns.items()
        if (there := nights[night]) and target in there.runs
    }


def carry_out(setting: Setting, *, bisect_seconds: float, full: bool) -> Outcome:
    """Run what has to be run, see what changed, and ask who did it.

    Raises what its means raise; of an interrupted night nothing counts but its evidence.
    """
    means = setting.means
    seen = means.run(setting.plan, setting.targets, full)
    tonight = matrix.build(setting.plan, seen, means.rules)
    before = setting.before()
    changes = diff(before, tonight, setting.after) if before else None
    hunts, others = suspects(changes, setting.targets) if changes else ((), ())
    return Outcome(
        night=_night(setting, tonight, full=full),
        matrix=tonight,
        measured=measured(tonight, setting.known, setting.after, full=full),
        changes=changes,
        culprits=tuple(culprits(hunts, bisect_seconds, means.bisect, means.stop)),
        unbisected=others,
        troubles=setting.led.troubles,
    )


def _night(setting: Setting, tonight: Matrix, *, full: bool) -> Night:
    unseen = {cell.target for cell in tonight.cells() if cell.infra}
    columns = tuple(Column(run.target, run.target not in unseen) for run in tonight.columns)
    plan = setting.plan
    return Night(plan.id, plan.started, full, columns, setting.led.tracked)
