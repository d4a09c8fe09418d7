"""A month of nights in seconds: the lab's own code, with recorded evidence in place of guests.

The recorded run is replayed every night, with dated changes (``World``). Everything else is what
`lab nightly` does: where tracks lead, what is run and what carried over, evidence on disk, the
diff, the search for who did it, the summary. ``python -m orchestrator.tests.nightly.month``
writes the summaries that the test expects anew.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from unittest import mock

from orchestrator import config, expectations
from orchestrator.arches import ARCHES
from orchestrator.bisect import drive
from orchestrator.bisect.finding import finding
from orchestrator.bisect.flakes import Tally
from orchestrator.bisect.record import Bisect, Released
from orchestrator.bisect.search import Terms
from orchestrator.bisect.sightings import Knowledge, Sighting
from orchestrator.cache import Cache, digest
from orchestrator.kernels.archive import Package
from orchestrator.model import Claim, Plan, Release, Rule, Run, Target, Tracked
from orchestrator.nightly import discovery, evidence, tracking
from orchestrator.nightly.agenda import is_full
from orchestrator.nightly.culprits import Culprit, told
from orchestrator.nightly.discovery import Asker, Discovery
from orchestrator.nightly.night import Means, Outcome, begin, carry_out
from orchestrator.nightly.record import Nights
from orchestrator.nightly.suspects import Hunt
from orchestrator.render import bisects
from orchestrator.render.nights.data import data
from orchestrator.render.nights.markdown import markdown
from orchestrator.results.store import Store
from orchestrator.stop import Stop
from orchestrator.tests.cli.lab import keep_run

DATA = Path(__file__).parents[1] / "testdata" / "nights"
GOLDEN = DATA / "month"
RECORDED = Store(DATA / "recorded")
RUN = "20261121T165547.052457Z"
SIMULATED = f"the evidence of run {RUN}, with dated changes, stood in for all guests"
NIGHTS = range(1, 31)
LAB_YAML = """\
arches: [x86_64, parisc]
kernels:
  - {name: "6.12", debian: trixie-security}
track:
  - {debian: sid, keep: 2, arches: [x86_64]}
"""


@dataclass(frozen=True)
class World:
    """What is as it is on one night of the month."""

    night: int

    @property
    def stable(self) -> str:
        """The newest 6.12 of trixie-security."""
        moves = {1: "6.12.117", 12: "6.12.121", 19: "6.12.122", 22: "6.12.123", 25: "6.12.124"}
        return moves[max(night for night in moves if night <= self.night)]

    @property
    def sid(self) -> tuple[str, ...]:
        """What sid offers: a kernel appears in night 5, one goes in night 9."""
        return (
            *(("7.2.12-1",) if self.night < 9 else ()),
            *(("7.3.4-1",) if self.night >= 5 else ()),
        )

    @property
    def away(self) -> bool:
        """Whether the archive cannot be asked, and the QEMU for parisc is gone."""
        return self.night == 22

    @property
    def suites(self) -> str:
        """Which build of the suites there is; that of night 26 has a bug of its own."""
        return "spoilt" if self.night == 26 else "good"

    def fails(self, run: Run) -> dict[str, str]:
        """Claims that a target fails though it passed them when it was recorded, and the note."""
        found = {}
        if is_bad(str(run.release), run.arch):
            found["dontfork.partial"] = "partial.c:20: the middle is in the child"
        if self.suites == "spoilt" and run.arch == "parisc":
            found["args.len0"] = "len0.c:11: expected 0, got -1"
        return found

    def wavers(self, run: Run) -> str:
        """A claim that fails once and passes when it is tried again."""
        return "dontfork.grandchild" if self.night == 15 and run.arch == "parisc" else ""


def is_bad(release: str, arch: str) -> bool:
    """A bug came with one release of the stable series and went with another; on parisc it came
    back for one, in the very night in which that was not seen.
    """
    found = Release.parse(release)
    back = arch == "parisc" and found == Release(6, 12, 123)
    return back or Release(6, 12, 119) <= found < Release(6, 12, 122)


@dataclass(frozen=True)
class Month:
    """The lab in which it happens."""

    root: Path

    @cached_property
    def lab(self) -> config.Lab:
        (self.root / "lab.yaml").write_text(LAB_YAML)
        return config.load(self.root / "lab.yaml")

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """As they were when the run was recorded."""
        return expectations.load(DATA / "recorded" / "rules")

    @property
    def store(self) -> Store:
        return Store(self.root / "runs")

    @property
    def nights(self) -> Nights:
        return Nights(self.root / "nights")

    def outcomes(self) -> Iterator[Outcome]:
        """Night after night."""
        for number in NIGHTS:
            outcome = self._night(World(number))
            self.nights.keep_summary(outcome.night.id, markdown(outcome), json.dumps(data(outcome)))
            self.nights.keep(outcome.night)
            yield outcome

    def _night(self, world: World) -> Outcome:
        means = _Simulated(self, world).means()
        setting = begin(self.nights.newest_first, _Simulated(self, world).plan, means)
        full = is_full(self.nights.newest_first(), setting.plan.started, 7)
        outcome = carry_out(setting, bisect_seconds=60, full=full)
        return replace(outcome, simulated=SIMULATED)


@dataclass(frozen=True)
class _Simulated:
    """The means of one night."""

    month: Month
    world: World

    def means(self) -> Means:
        return Means(
            discover=self._discover,
            targets=self._targets,
            make=lambda targets: {str(target): self._made(target) for target in targets},
            recall=self._recall,
            run=self._run,
            read=self._read,
            bisect=self._bisect,
            rules=self.month.rules,
            stop=Stop(),
        )

    def plan(self, targets: Sequence[Target]) -> Plan:
        day = f"{self.world.night:02}"
        return replace(
            RECORDED.plan(RUN),
            id=f"202611{day}T020000.000000Z",
            started=f"2026-11-{day}T02:00:00+00:00",
            targets=tuple((target.kernel.name, target.arch.name) for target in targets),
        )

    def _discover(self, before: Sequence[Tracked]) -> Discovery:
        packages = [
            Package(f"linux-image-{version.partition('-')[0]}-cloud-amd64", version, "amd64", 1, "")
            for version in self.world.sid
        ]
        answer: tuple[dict[str, list[Package]], list[str]] = ({"sid": packages}, [])
        if self.world.away:
            answer = ({"sid": []}, ["suite sid cannot be fetched: no route to deb.debian.org"])
        arches = [ARCHES[name] for name in self.month.lab.arches]
        with mock.patch.object(discovery, "listings", lambda *_, **__: answer):
            asker = Asker(arches, before, Cache(self.month.root), lambda _: None)
            return discovery.discover(self.month.lab.tracks, asker)

    def _targets(self, tracked: Sequence[Tracked]) -> tuple[Target, ...]:
        lab = self.month.lab
        return tracking.targets(lab.targets, tracked, [ARCHES[name] for name in lab.arches])

    def _made(self, target: Target) -> Run | str:
        if self.world.away and target.arch.name == "parisc":
            return "qemu-system-hppa is not installed"
        version = f"{self.world.stable}-1"
        if target.kernel.name.startswith("sid-"):
            version = target.kernel.name.removeprefix("sid-")
        release = Release.parse(version)
        series = f"{release.major}.{release.minor}"
        then = RECORDED.read(RUN, f"{series}/{target.arch.name}")
        suites = digest(then.hashes["suites"], self.world.suites)
        return replace(
            then,
            target=str(target),
            kernel=target.kernel.name,
            release=release,
            version=version,
            hashes={**then.hashes, "image": digest(version), "suites": suites},
            boots=(),
        )

    def _recall(self, now: Run, claims: Sequence[Claim]) -> str | None:
        return evidence.recalled(self.month.store, now, claims)

    def _read(self, run_id: str, target: str) -> Run | None:
        return self.month.store.read(run_id, target)

    def _run(self, plan: Plan, targets: Sequence[Target]) -> Mapping[str, Run]:
        store = self.month.store
        store.begin(plan)
        for target in targets:
            run = self._observed(target)
            options = "".join(f"CONFIG_{name}={value}\n" for name, value in run.config.items())
            keep_run(store, plan.id, run, options.encode())
        return store.load(plan.id).runs

    def _observed(self, target: Target) -> Run:
        made = self._made(target)
        if isinstance(made, str):
            return Run(
                str(target), target.kernel.name, target.arch.name, None, infra=made,
                look="lab doctor",
            )  # fmt: skip
        assert made.release
        then = RECORDED.read(RUN, f"{made.release.major}.{made.release.minor}/{made.arch}")
        (boot,) = then.boots
        good = boot.ktap
        for claim, note in self.world.fails(made).items():
            boot = replace(boot, ktap=failing(boot.ktap, claim, note))
        if claim := self.world.wavers(made):
            bad = failing(boot.ktap, claim, "grandchild.c:31: timed out")
            suite = claim.partition(".")[0]
            again = replace(boot, number=2, ktap={suite: good[suite]}, retry_of=(claim,))
            return replace(made, boots=(replace(boot, ktap=bad), again))
        return replace(made, boots=(boot,))

    def _bisect(self, hunt: Hunt, seconds: float) -> Culprit:
        """The real search, with a look at the month's script for each boot."""
        patches = range(int(hunt.span.old.split(".")[2]), int(hunt.span.new.split(".")[2]) + 1)
        releases = tuple(
            Released(f"6.12.{n}", ("trixie-security",), f"6.12.{n}-1") for n in patches
        )
        night = self.plan(())
        terms = Terms(given=True)
        begun = Bisect(
            night.id, night.started, hunt.change.claim, hunt.arch, hunt.asks.name, terms, releases
        )
        seen: list[Sighting] = []

        def probe(point: str, tries: int, known: Knowledge) -> Sighting:
            tally = Tally(0, tries) if is_bad(point, hunt.arch) else Tally(tries, 0)
            return Sighting(point, point, tally, booted=True)

        drive.bisect(begun.history, (), terms, probe, drive.Watch(seen.append, Stop()))
        found = finding(replace(begun, seen=tuple(seen)), self.month.root, self.month.rules)
        return told(hunt, 0, json.dumps(bisects.data(found)).encode(), "")


def failing(said: Mapping[str, str], claim: str, note: str) -> dict[str, str]:
    """What the suites said, but for one claim that fails."""
    suite = claim.partition(".")[0]
    line = re.compile(rf"^ok (\d+) {re.escape(claim)}$", re.MULTILINE)
    text, count = line.subn(rf"not ok \1 {claim} # {note}", said[suite])
    assert count == 1, f"the recorded run does not pass {claim}"
    return {**said, suite: text}


def golden(outcome: Outcome) -> Path:
    """Where the summary is that is expected of a night."""
    return GOLDEN / f"night-{outcome.night.started[8:10]}.md"


def main() -> None:
    """Write the summaries anew."""
    GOLDEN.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        for outcome in Month(Path(place)).outcomes():
            golden(outcome).write_text(markdown(outcome))


if __name__ == "__main__":
    main()
