"""A night on this host: the archive and git, the cache, guests and the evidence they leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console

from orchestrator import schedule
from orchestrator.cli import answered
from orchestrator.cli.plan import count, new_plan
from orchestrator.cli.progress import Progress
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError
from orchestrator.model import Plan, Run, Target, Tracked
from orchestrator.nightly import culprits
from orchestrator.nightly.discovery import Asker, Discovery, discover
from orchestrator.nightly.night import Means
from orchestrator.results.store import Evidence
from orchestrator.stop import Stop


@dataclass
class Tonight:
    """This host's means of a night."""

    space: Workspace
    stop: Stop
    jobs: int
    place: Path
    wrong: ConfigError | None = None  # with some of the targets; the others are run
    console: Console = field(default_factory=lambda: Console(stderr=True))

    def means(self) -> Means:
        """As values."""
        return Means(
            discover=self._discover,
            targets=self.space.with_tracked,
            run=self._run,
            read=self._read,
            bisect=culprits.by_command(self.space.file, self.place / "logs", self.stop),
            rules=self.space.rules,
            stop=self.stop,
        )

    def plan(self, targets: Sequence[Target]) -> Plan:
        """What lab.yaml has run on them, from now on."""
        space = self.space
        chosen, sources = space.suites([], []), space.sources.total
        return new_plan(tuple(targets), chosen, sources=sources, retries=space.lab.retries)

    def _discover(self, before: Sequence[Tracked]) -> Discovery:
        space = self.space
        with self.console.status("looking for new kernels") as status:
            asker = Asker(space.arches, before, space.cache, status.update)
            return discover(space.lab.tracks, asker)

    def _run(self, plan: Plan, targets: Sequence[Target], full: bool) -> Mapping[str, Run]:
        space = self.space
        progress = Progress(targets, count(plan.suites), self.console)
        work = space.work(plan, progress, self.stop, refresh=True)
        work = replace(work, expected=answered.expected(space, plan))
        if not full:  # the index is up to date by now
            work = replace(work, answered=answered.earlier(space, plan))
        told = list[Run]()
        with space.store.hold(plan.id), progress.shown():
            space.store.begin(plan)
            try:
                told = schedule.run_all(targets, self.jobs, work)
            except ConfigError as error:
                self.wrong = error
        return space.evidence(plan.id, told).runs

    def _read(self, run_id: str) -> Evidence | None:
        store = self.space.store
        return store.load(run_id) if run_id in store.ids() else None
