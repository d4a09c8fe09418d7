"""One night, from looking for new kernels to knowing what changed and who did it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from orchestrator.model import Claim, Plan, Rule, Run, Target, Tracked
from orchestrator.nightly import tracking
from orchestrator.nightly.agenda import Agenda, agenda
from orchestrator.nightly.baseline import baseline
from orchestrator.nightly.culprits import Bisect, Culprit, culprits
from orchestrator.nightly.discovery import Discovery
from orchestrator.nightly.evidence import Recall
from orchestrator.nightly.record import Column, Night
from orchestrator.nightly.suspects import Unbisected, suspects
from orchestrator.results import matrix
from orchestrator.results.diff import Diff, diff
from orchestrator.results.matrix import Matrix
from orchestrator.stop import Stop


@dataclass(frozen=True)
class Means:
    """What a night needs of the world. A simulated one has evidence instead of guests."""

    discover: Callable[[Sequence[Tracked]], Discovery]  # given where the tracks led before
    targets: Callable[[Sequence[Tracked]], tuple[Target, ...]]  # the lab's, and the tracked
    make: Callable[[Sequence[Target]], Mapping[str, Run | str]]  # what each would be run with
    recall: Recall
    run: Callable[[Plan, Sequence[Target]], Mapping[str, Run]]  # what was seen of each
    read: Callable[[str, str], Run | None]  # what a run has of a target; None: it is gone
    bisect: Bisect
    rules: Sequence[Rule]
    stop: Stop


@dataclass(frozen=True)
class Setting:
    """Where a night begins."""

    means: Means
    last: Night | None
    targets: tuple[Target, ...]
    plan: Plan  # of all of them
    led: Discovery
    after: Mapping[str, str]  # for a target that is new, the one of the last night it comes after
    known: Mapping[str, Run]  # what each target of the last night was when it was last seen whole

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All that are wanted of each target."""
        return tuple(claim for suite in self.plan.suites for claim in suite.claims)

    def before(self) -> Matrix | None:
        """What the night is held against, judged by today's rules."""
        if self.last is None:
            return None
        there = [self.known[target] for target in self.last.targets if target in self.known]
        targets = tuple((run.kernel, run.arch) for run in there)
        plan = Plan(self.last.id, self.last.started, targets, self.last.suites)
        return matrix.build(plan, self.known, self.means.rules)


@dataclass(frozen=True)
class Outcome:
    """What a night came to."""

    night: Night
    agenda: Agenda
    matrix: Matrix  # of all its targets, wherever they were measured
    changes: Diff | None  # None: there is no night before
    culprits: tuple[Culprit, ...]
    unbisected: tuple[Unbisected, ...]
    troubles: tuple[str, ...]  # that the host had beside the targets
    simulated: str = ""  # what stood in for guests, in a sentence

    @property
    def infra(self) -> bool:
        """Whether the host failed, so that something is not known that was to be."""
        return bool(self.troubles or self.matrix.missing())

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
    found = {column.target: means.read(column.run, column.target) for column in baseline(nights())}
    return Setting(
        means=means,
        last=last,
        targets=targets,
        plan=plan(targets),
        led=led,
        after=tracking.predecessors(led.tracked, before),
        known={target: run for target, run in found.items() if run},
    )


def carry_out(setting: Setting, *, bisect_seconds: float, full: bool) -> Outcome:
    """Run what has to be run, see what changed, and ask who did it.

    Raises what its means raise; of an interrupted night nothing counts but its evidence.
    """
    means = setting.means
    made = means.make(setting.targets)
    todo = agenda(made, setting.known, setting.claims, means.recall, full=full)
    tonight = matrix.build(setting.plan, _seen(setting, todo), means.rules)
    before = setting.before()
    changes = diff(before, tonight, setting.after) if before else None
    hunts, others = suspects(changes, setting.targets) if changes else ((), ())
    return Outcome(
        night=_night(setting, todo, tonight, full=full),
        agenda=todo,
        matrix=tonight,
        changes=changes,
        culprits=tuple(culprits(hunts, bisect_seconds, means.bisect, means.stop)),
        unbisected=others,
        troubles=setting.led.troubles,
    )


def _seen(setting: Setting, todo: Agenda) -> dict[str, Run]:
    """The evidence of earlier nights, marked as such, and tonight's."""
    means = setting.means
    fresh = tuple(target for target in setting.targets if str(target) in todo.fresh)
    only = replace(setting.plan, targets=tuple((t.kernel.name, t.arch.name) for t in fresh))
    carried = {
        target: _carried(run, run_id)
        for target, run_id in todo.carried.items()
        if (run := means.read(run_id, target))
    }
    return {**carried, **(means.run(only, fresh) if fresh else {})}


def _carried(run: Run, run_id: str) -> Run:
    note = f"measured in run {run_id}, and not again: nothing that it is run with has changed"
    return replace(run, notes=(*run.notes, note))


def _night(setting: Setting, todo: Agenda, tonight: Matrix, *, full: bool) -> Night:
    plan = setting.plan
    unseen = {cell.target for cell in tonight.cells() if cell.infra}
    names = [f"{kernel}/{arch}" for kernel, arch in plan.targets]
    columns = tuple(
        Column(name, todo.carried.get(name, plan.id), name not in unseen) for name in names
    )
    return Night(plan.id, plan.started, full, plan.suites, columns, setting.led.tracked)
