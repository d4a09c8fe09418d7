"""What every verb starts from: the lab's files, its caches, its evidence.

What boots and builds is imported where somebody asks for it: that takes longer than all that
`lab history` does.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator import config, expectations, yamlfile
from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.cli.patterns import idle, matches
from orchestrator.errors import ConfigError
from orchestrator.model import (
    Arch,
    Plan,
    Rule,
    Run,
    Suite,
    Target,
    Tracked,
    kselftest_suite,
)
from orchestrator.nightly.record import Nights
from orchestrator.nightly.targets import with_tracked
from orchestrator.results import matrix
from orchestrator.results.index.queries import Queries
from orchestrator.results.matrix import Matrix
from orchestrator.results.store import Evidence, Store
from orchestrator.stop import Stop

if TYPE_CHECKING:
    from orchestrator.images.ingredients import Sources
    from orchestrator.images.suites import Catalogue, Variant
    from orchestrator.preparing import Work
    from orchestrator.watching import Watcher


def quiet(_: str) -> None:
    """Nobody wants to hear about it."""


@dataclass(frozen=True)
class Workspace:
    """A lab.yaml and all that goes with it. What is slow is found out when it is asked for."""

    file: Path
    more: tuple[Target, ...] = ()  # beside those of lab.yaml

    @functools.cached_property
    def written(self) -> config.Lab:
        """lab.yaml, checked."""
        return config.load(self.file)

    @functools.cached_property
    def lab(self) -> config.Lab:
        """The same with the kernels that its tracks had led to when `lab nightly` last looked."""
        targets = self.with_tracked(self.tracked)
        return replace(self.written, targets=(*targets, *self.more))

    @property
    def arches(self) -> tuple[Arch, ...]:
        """Those of lab.yaml."""
        return tuple(ARCHES[name] for name in self.written.arches)

    @property
    def tracked(self) -> tuple[Tracked, ...]:
        """Where the tracks that are still in lab.yaml had led to."""
        tracks = {track.name for track in self.written.tracks}
        last = Nights(self.nights).latest() if tracks else None
        return tuple(one for one in last.tracked if one.track in tracks) if last else ()

    def with_tracked(self, tracked: Sequence[Tracked]) -> tuple[Target, ...]:
        """The targets of lab.yaml, and those of such kernels."""
        return with_tracked(self.written.targets, tracked, self.arches)

    def beside(self, target: Target) -> Workspace:
        """The same with a target that lab.yaml does not have."""
        return Workspace(self.file, (*self.more, target))

    @property
    def guest_tests(self) -> Path:
        return self.lab.root / "guest-tests"

    @property
    def html(self) -> Path:
        place = os.environ.get("LAB_HTML")
        return Path(place) if place else self.lab.root / "reports" / "html"

    @property
    def templates(self) -> Path:
        return self.lab.root / "reports" / "templates"

    @functools.cached_property
    def cache(self) -> Cache:
        return Cache()

    @functools.cached_property
    def store(self) -> Store:
        place = os.environ.get("LAB_RUNS")
        return Store(Path(place) if place else self.written.root / "reports" / "runs")

    @property
    def mutants(self) -> Path:
        """Where the patches are that each break one promise of a kernel."""
        return self.lab.root / "images" / "mutants"

    @property
    def mutant_store(self) -> Store:
        """Where the evidence about mutants goes: beside that of runs, so that neither is
        taken for the other."""
        return Store(self.store.root.parent / "mutants")

    @property
    def verified_store(self) -> Store:
        """Where the evidence goes that snapshots are proved with."""
        return Store(self.store.root.parent / "verified")

    @property
    def bisects(self) -> Path:
        """Where bisects are kept, each with its own evidence."""
        return self.store.root.parent / "bisects"

    @property
    def nights(self) -> Path:
        """Where is kept what each night came to."""
        return self.store.root.parent / "nights"

    @functools.cached_property
    def sources(self) -> Sources:
        """Digests of what our own suites are built from, as they are when somebody first asks."""
        from orchestrator.images import ingredients

        return ingredients.read(self.guest_tests)

    @functools.cached_property
    def catalogue(self) -> Catalogue:
        """All suites and claims; builds them for this host when they changed."""
        from orchestrator.images import kselftest, suites

        ours = suites.catalogue(self.guest_tests, self.cache, quiet, self.sources)
        theirs = (kselftest.suite(tests, self.cache, quiet) for tests in self.lab.kselftests)
        return replace(ours, suites=(*ours.suites, *theirs))

    @functools.cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The suites' expectations, then lab.yaml's: the last one that matches wins."""
        root = self.lab.root
        theirs = expectations.load(root / "images" / "kselftest", kselftest_suite, root)
        suites = {tests.suite for tests in self.lab.kselftests}
        asked = (rule for rule in theirs if rule.claims[0].partition(".")[0] in suites)
        return (*expectations.load(self.guest_tests), *asked, *self.lab.rules)

    def expectations_of(self, suite: str) -> Path:
        """The file with the rules of a suite, whether it is there or not."""
        for tests in self.lab.kselftests:
            if tests.suite == suite:
                return self.lab.root / "images" / "kselftest" / tests.directory / "expect.yaml"
        return self.guest_tests / suite / "expect.yaml"

    def matrix(self, run_id: str, told: Iterable[Run] = ()) -> Matrix:
        """The matrix of a stored run, judged by today's rules.

        ``told`` is as in ``evidence``.
        """
        evidence = self.evidence(run_id, told)
        return matrix.build(evidence.plan, evidence.runs, self.rules)

    def evidence(self, run_id: str, told: Iterable[Run] = ()) -> Evidence:
        """A stored run.

        ``told`` are runs that somebody just saw end: a disk that is full takes no word of that.
        """
        evidence = self.store.load(run_id)
        runs = dict(evidence.runs)
        for run in told:
            if run.infra:
                there = runs.get(run.target, run)
                runs[run.target] = replace(there, infra=run.infra, look=run.further)
        return replace(evidence, runs=runs)

    def told(self, queries: Queries, name: str) -> Matrix:
        """A run as the index has it, which is quicker than its evidence; or else as that has it.

        What guests said, line by line, is in the evidence alone.
        """
        run = self.store.resolve(name)
        known = queries.run(run)
        if known is None:
            return self.matrix(run)
        return matrix.build(known.plan, known.runs, self.rules, known.seen_of)

    def targets(self, kernels: Sequence[str], arches: Sequence[str]) -> tuple[Target, ...]:
        """The targets that match both sets of patterns; no patterns match all.

        Raises ConfigError, with what there is, when a pattern matches nothing.
        """
        wrong = [
            *idle("kernel", kernels, dict.fromkeys(t.kernel.name for t in self.lab.targets)),
            *idle("arch", arches, dict.fromkeys(t.arch.name for t in self.lab.targets)),
        ]
        if wrong:
            raise ConfigError(*wrong)
        chosen = tuple(
            target
            for target in self.lab.targets
            if matches(target.kernel.name, kernels) and matches(target.arch.name, arches)
        )
        if not chosen:
            raise ConfigError(
                f"no target matches --kernel {' '.join(kernels) or '*'} "
                f"--arch {' '.join(arches) or '*'}; there are: "
                + ", ".join(map(str, self.lab.targets))
            )
        return chosen

    def work(
        self,
        plan: Plan,
        watch: Watcher,
        stop: Stop,
        *,
        store: Store | None = None,
        refresh: bool = False,
    ) -> Work:
        """What the runner needs to try the plan's claims, those of a suite or some of them."""
        from orchestrator.images.keys import keys
        from orchestrator.preparing import Work

        names = {suite.name for suite in plan.suites}
        return Work(
            plan_id=plan.id,
            suites=tuple(s for s in self.catalogue.suites if s.name in names),
            chosen=frozenset(claim.name for suite in plan.suites for claim in suite.claims),
            claim_seconds=self.lab.claim_seconds,
            keys=keys(),
            cache=self.cache,
            store=store or self.store,
            watch=watch,
            stop=stop,
            guest_tests=self.guest_tests,
            known=self.sources,
            kselftests=self.lab.kselftests,
            broken=plan.broken,
            refresh=refresh,
            rules=self.rules if plan.retries else (),
            retries=plan.retries,
            times=plan.times,
            boot=plan.boot,
        )

    def variant(self, name: str) -> Variant:
        """A way for the suites to lie about the kernel."""
        from orchestrator.images import suites

        there = {one.name: one for one in suites.variants(self.guest_tests, self.cache, quiet)}
        if name not in there:
            meant = yamlfile.meant(name, there)
            raise ConfigError(f"no variant of the suites is called {name!r}{meant}")
        return there[name]

    def suites(self, wanted: Sequence[str], claims: Sequence[str]) -> tuple[Suite, ...]:
        """The suites to run, each with only its chosen claims.

        Without patterns: lab.yaml's suites, or those that are run by default. Raises ConfigError,
        with what may have been meant, when a pattern matches nothing.
        """
        named = wanted or (["*"] if claims else self.lab.suites or self.catalogue.default)
        there = [suite for suite in self.catalogue.suites if matches(suite.name, named)]
        known = [claim.name for suite in there for claim in suite.claims]
        wrong = idle("suite", wanted, [suite.name for suite in self.catalogue.suites])
        if wrong := wrong or idle("claim", claims, known):
            raise ConfigError(*wrong)
        chosen = (
            replace(suite, claims=tuple(c for c in suite.claims if matches(c.name, claims)))
            for suite in there
        )
        return tuple(suite for suite in chosen if suite.claims)
