"""A bisect under way: the search among releases, then the one among commits, kept as it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from orchestrator.arches import ARCHES
from orchestrator.bisect import commits as commits_
from orchestrator.bisect import drive, releases
from orchestrator.bisect.booting import Booting
from orchestrator.bisect.finding import Look, levels
from orchestrator.bisect.git import Range, Steps, commit_id
from orchestrator.bisect.record import Bisect, Commits, Record, Tree
from orchestrator.bisect.search import Ask, Found
from orchestrator.bisect.sightings import Sighting
from orchestrator.model import GitSource, Kernel, Plan, Start, Target
from orchestrator.preparing import Work
from orchestrator.room import Room
from orchestrator.stop import Stop

_SHORT = 12  # characters of a commit's id, in the name of its kernel


class Teller(Protocol):
    """Who tells people how it goes."""

    def asks(self, ask: Ask) -> None:
        """A step begins."""

    def looked(self, look: Look) -> None:
        """A look is over."""


@dataclass(frozen=True)
class Means:
    """What a bisect needs to boot kernels."""

    plan: Callable[[Target], Plan]  # to try the claim on a target
    work: Callable[[Plan, int], Work]  # to do so as often as that
    teller: Teller
    stop: Stop
    also: tuple[str, ...] = ()  # claims of the plan that somebody will ask about later
    again: Start = Start.COLD  # how guests come to be ready when they repeat what was asked
    anew: bool = False  # ask also what is known from earlier bisects


class Course:
    """One bisect, from where it is to its end."""

    def __init__(self, bisect: Bisect, record: Record, means: Means) -> None:
        self._bisect = bisect
        self._record = record
        self._means = means

    def go(self) -> Bisect:
        """Search until there is nothing left to look at, or it is stopped. Raises InfraError."""
        self._record.keep(self._bisect)
        self._among_releases()
        if self._bisect.tree and not self._bisect.commits and not self._means.stop:
            self._begin_commits(self._bisect.tree)
        if self._bisect.tree and self._bisect.commits and not self._means.stop:
            self._among_commits(self._bisect.tree, self._bisect.commits)
        return self._bisect

    def _among_releases(self) -> None:
        there = {release.name: release for release in self._bisect.releases}
        arch = ARCHES[self._bisect.arch]

        def keep(sighting: Sighting) -> None:
            self._bisect = replace(self._bisect, seen=(*self._bisect.seen, sighting))
            self._kept()

        if there:
            bisect = self._bisect
            probe = self._probe(lambda name: releases.target(there[name], arch))
            drive.bisect(bisect.history, bisect.seen, bisect.terms, probe, self._watch(keep))

    def _begin_commits(self, tree: Tree) -> None:
        """Between the two releases beside the change, which the tree has as tags."""
        if isinstance(end := self._bisect.end, Found):
            old, new = (commit_id(Path(tree.repo), f"v{name}") for name in (end.old, end.new))
            self._bisect = replace(self._bisect, commits=Commits(old, new))
            self._record.keep(self._bisect)

    def _among_commits(self, tree: Tree, commits: Commits) -> None:
        bisect = self._bisect
        words = bisect.question.words
        between = Range(commits.old, commits.new, words, tree.paths, tree.first_parent)
        steps = Steps(Path(tree.repo), between, self._record.place(bisect.id) / "git")

        def keep(sighting: Sighting) -> None:
            nonlocal commits
            titles = {**commits.titles, sighting.point: steps.title(sighting.point)}
            commits = replace(commits, seen=(*commits.seen, sighting), titles=titles)
            self._bisect = replace(self._bisect, commits=commits)
            self._kept()

        probe = self._probe(lambda commit: self._commit(tree, commit))
        terms = replace(bisect.terms, given=True)
        end = commits_.bisect(steps, commits.seen, terms, probe, self._watch(keep))
        suspects = end.suspects if isinstance(end, Found) else ()
        commits = replace(
            commits,
            end=end,
            titles={**commits.titles, **{one: steps.title(one) for one in suspects}},
            messages=tuple(map(steps.message, suspects)),
            log=steps.log() if end else "",
        )
        self._bisect = replace(self._bisect, commits=commits)
        self._record.keep(self._bisect)

    def _commit(self, tree: Tree, commit: str) -> Target:
        kernel = Kernel(commit[:_SHORT], 0, GitSource(tree.repo, commit))
        return Target(kernel, ARCHES[self._bisect.arch])

    def _probe(self, target: Callable[[str], Target]) -> Booting:
        bisect, means = self._bisect, self._means
        return Booting(
            target,
            means.plan,
            means.work,
            bisect.claim,
            bisect.question,
            Room(),
            also=means.also,
            again=means.again,
            anew=means.anew,
        )

    def _watch(self, keep: Callable[[Sighting], None]) -> drive.Watch:
        return drive.Watch(keep, self._means.stop, self._means.teller.asks)

    def _kept(self) -> None:
        """The latest sighting is on disk, and told."""
        self._record.keep(self._bisect)
        self._means.teller.looked(levels(self._bisect)[-1].looks[-1])
