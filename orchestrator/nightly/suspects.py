"""Between which two kernels each regression came about, and how a bisect would ask. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestrator.bisect.question import REGRESSION, REMOVAL, Question
from orchestrator.model import BROKEN, DebianSource, GitSource, Run, Source, Target, Verdict
from orchestrator.results.diff import Change, Diff, Pair

_COMMIT = re.compile(r"-g([0-9a-f]{12,40})$")  # at the end of a version that was built of git


@dataclass(frozen=True)
class Releases:
    """Releases that Debian has packaged, both of them included."""

    old: str
    new: str


@dataclass(frozen=True)
class Commits:
    """Commits of a repository on this host."""

    repo: str
    old: str  # ids, or what is enough of them
    new: str


Span = Releases | Commits


@dataclass(frozen=True)
class Hunt:
    """A question for a bisect: where between two kernels did the answer to a claim change?"""

    change: Change
    arch: str
    asks: Question
    span: Span

    @property
    def words(self) -> tuple[str, ...]:
        """The arguments of `lab` that ask it."""
        tree = ("--git", self.span.repo) if isinstance(self.span, Commits) else ()
        direction = ("--find-removal",) if self.asks is REMOVAL else ()
        ends = ("--good", self.span.old, "--bad", self.span.new)
        return ("bisect", self.change.claim, "--arch", self.arch, *ends, *tree, *direction)

    @property
    def place(self) -> tuple[Span, str]:
        """Hunts of one place boot the same kernels."""
        return (self.span, self.arch)


@dataclass(frozen=True)
class Unbisected:
    """A regression that no bisect can be asked about, and why."""

    change: Change
    why: str


def suspects(
    diff: Diff, targets: Sequence[Target]
) -> tuple[tuple[Hunt, ...], tuple[Unbisected, ...]]:
    """What is to be asked about the regressions, and about which of them nothing can be.

    The hunts come in the order in which they tell most: first one of each place.
    """
    pairs = {pair.new.target: pair for pair in diff.pairs}
    sources = {str(target): target.kernel.source for target in targets}
    hunts, others = [], []
    for change in diff.regressions:
        found = _hunt(change, pairs[change.new.target], sources)
        if isinstance(found, Hunt):
            hunts.append(found)
        else:
            others.append(Unbisected(change, found))
    return _spread(hunts), tuple(others)


def _spread(hunts: Sequence[Hunt]) -> tuple[Hunt, ...]:
    turn: dict[tuple[Span, str], int] = {}
    order = []
    for hunt in hunts:
        turn[hunt.place] = turn.get(hunt.place, 0) + 1
        order.append(turn[hunt.place])
    return tuple(hunt for _, hunt in sorted(zip(order, hunts, strict=True), key=lambda one: one[0]))


def _hunt(change: Change, pair: Pair, sources: Mapping[str, Source]) -> Hunt | str:
    asks = _question(change)
    if isinstance(asks, str):
        return asks
    if pair.same_kernel:
        return "the kernel is the same as before; what changed is what it was run with"
    span = _span(pair, sources.get(pair.new.target))
    return span if isinstance(span, str) else Hunt(change, pair.new.arch, asks, span)


def _question(change: Change) -> Question | str:
    """Which tells the two verdicts apart; or why none does."""
    if change.old.got is not Verdict.PASS:
        return f"a bisect begins where it passed, and it was {change.old.got.value} before"
    if change.new.got is Verdict.ABSENT:
        return REMOVAL
    if change.new.got in BROKEN:
        return REGRESSION
    return "the claim still passes; a bisect does not ask what the kernel complains of meanwhile"


def _span(pair: Pair, source: Source | None) -> Span | str:
    if why := _no_history(source):
        return why
    if isinstance(source, GitSource):
        return _commits(source.repo, pair.old, pair.new)
    return _releases(pair.old, pair.new)


def _no_history(source: Source | None) -> str:
    """Why a bisect cannot boot what lies between two kernels of a source; "" if it can."""
    match source:
        case None:
            return "lab.yaml has the target no more"
        case DebianSource(is_built=True):
            return "it is not Debian's own build, which a bisect among releases would boot"
        case GitSource(is_remote=True, repo=repo):
            return f"{repo} is elsewhere; a bisect takes a clone on this host"
        case GitSource(patches=(_, *_)):
            return "patches are on it, which the commits between do not have"
        case DebianSource() | GitSource():
            return ""
        case _:
            return f"{source} has no history"


def _releases(old: Run, new: Run) -> Releases | str:
    if old.release is None or new.release is None:
        return "one of the two kernels could not be had"
    if old.release >= new.release:
        return f"{new.version} is no later release than {old.version}"
    return Releases(str(old.release), str(new.release))


def _commits(repo: str, old: Run, new: Run) -> Commits | str:
    ids = [_COMMIT.search(run.version) for run in (old, new)]
    if ids[0] is None or ids[1] is None:
        return f"{old.version} and {new.version} do not name their commits"
    return Commits(repo, ids[0][1], ids[1][1])
