"""A month of nights in seconds: the lab's own code, with recorded evidence in place of guests.

The recorded run is replayed every night, with dated changes (``World``). Only what is fetched,
built and booted is stood in for. Everything else is what `lab nightly` does: where tracks lead,
what earlier runs answer, retries, evidence and index on disk, the diff, the search for who did it,
the summary. ``python -m orchestrator.tests.nightly.month`` writes the expected summaries anew.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from unittest import mock

from orchestrator import expectations, preparing, runner
from orchestrator.bisect import drive
from orchestrator.bisect.finding import finding
from orchestrator.bisect.flakes import Tally
from orchestrator.bisect.record import Bisect, Released
from orchestrator.bisect.search import Terms
from orchestrator.bisect.sightings import Knowledge, Sighting
from orchestrator.cache import Cache, digest
from orchestrator.cli import answered, past
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import InfraError
from orchestrator.guests.errand import Errand
from orchestrator.guests.life import Equipment
from orchestrator.images.keys import Keys
from orchestrator.kernels import KernelFiles
from orchestrator.kernels.archive import Package
from orchestrator.model import Boot, Plan, Release, Rule, Run, Target, Tracked
from orchestrator.nightly import discovery
from orchestrator.nightly.calendar import is_full
from orchestrator.nightly.culprits import Culprit, told
from orchestrator.nightly.discovery import Asker, Discovery
from orchestrator.nightly.night import Means, Outcome, begin, carry_out
from orchestrator.nightly.record import Nights
from orchestrator.nightly.suspects import Hunt
from orchestrator.preparing import Parts, Work
from orchestrator.render import bisects
from orchestrator.render.mornings.data import data
from orchestrator.render.mornings.markdown import markdown
from orchestrator.results.store import Evidence, Store, read_ktap
from orchestrator.stop import Stop
from orchestrator.watching import Nobody

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

    def fails(self, release: Release, arch: str) -> dict[str, str]:
        """Claims that a kernel fails though it passed them when it was recorded, and the note."""
        found = {}
        if is_bad(release, arch):
            found["dontfork.partial"] = "partial.c:20: the middle is in the child"
        if self.suites == "spoilt" and arch == "parisc":
            found["args.len0"] = "len0.c:11: expected 0, got -1"
        return found

    def wavers(self, arch: str) -> str:
        """A claim that fails once and passes when it is tried again."""
        return "dontfork.grandchild" if self.night == 15 and arch == "parisc" else ""


def is_bad(release: Release, arch: str) -> bool:
    """A bug came with one release of the stable series and went with another; on parisc it came
    back for one, in the very night in which that was not seen.
    """
    back = arch == "parisc" and release == Release(6, 12, 123)
    return back or Release(6, 12, 119) <= release < Release(6, 12, 122)


@dataclass(frozen=True)
class Month:
    """The lab in which it happens."""

    root: Path

    @cached_property
    def space(self) -> Workspace:
        (self.root / "lab.yaml").write_text(LAB_YAML)
        return Workspace(self.root / "lab.yaml")

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """As they were when the run was recorded."""
        return expectations.load(DATA / "recorded" / "rules")

    def outcomes(self) -> Iterator[Outcome]:
        """Night after night."""
        nights = Nights(self.space.nights)
        for number in NIGHTS:
            outcome = self._night(nights, World(number))
            nights.keep_summary(outcome.night.id, markdown(outcome), json.dumps(data(outcome)))
            nights.keep(outcome.night)
            yield outcome

    def _night(self, nights: Nights, world: World) -> Outcome:
        simulated = _Simulated(self, world)
        with simulated.host():
            setting = begin(nights.newest_first, simulated.plan, simulated.means())
            full = is_full(nights.newest_first(), setting.plan.started, 7)
            outcome = carry_out(setting, bisect_seconds=60, full=full)
        return replace(outcome, simulated=SIMULATED)


@dataclass(frozen=True)
class _Simulated:
    """The means of one night."""

    month: Month
    world: World

    def host(self) -> ExitStack:
        """While the context lasts, nothing is fetched, built or booted."""
        stack = ExitStack()
        for module, name, double in (
            (discovery, "listings", self._listings),
            (preparing, "prepare", self._prepare),
            (runner, "live", self._live),
        ):
            stack.enter_context(mock.patch.object(module, name, double))
        return stack

    def means(self) -> Means:
        return Means(
            discover=self._discover,
            targets=self.month.space.with_tracked,
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
            retries=1,
        )

    def _discover(self, before: Sequence[Tracked]) -> Discovery:
        space = self.month.space
        cache = Cache(self.month.root / "cache")
        asker = Asker(space.arches, before, cache, lambda _: None)
        return discovery.discover(space.written.tracks, asker)

    def _listings(self, *_: object, **__: object) -> tuple[dict[str, list[Package]], list[str]]:
        if self.world.away:
            return {"sid": []}, ["suite sid cannot be fetched: no route to deb.debian.org"]
        packages = [
            Package(f"linux-image-{version.partition('-')[0]}-cloud-amd64", version, "amd64", 1, "")
            for version in self.world.sid
        ]
        return {"sid": packages}, []

    def _run(self, plan: Plan, targets: Sequence[Target], full: bool) -> Mapping[str, Run]:
        """As schedule.run_all does it, one after the other."""
        space = self.month.space
        work = self._work(plan, full=full)
        space.store.begin(plan)
        with past.indexed(space):
            for target in targets:
                try:
                    parts = preparing.prepare(target, work)
                    runner.answered(parts, work) or runner.run(parts, work)
                except InfraError as error:
                    runner.give_up(target, error, work)
        return space.store.load(plan.id).runs

    def _work(self, plan: Plan, *, full: bool) -> Work:
        space = self.month.space
        work = Work(
            plan_id=plan.id,
            suites=plan.suites,
            chosen=frozenset(claim.name for suite in plan.suites for claim in suite.claims),
            claim_seconds=2,
            keys=Keys("", "", b"", ""),
            cache=Cache(self.month.root / "cache"),
            store=space.store,
            watch=Nobody(),
            stop=Stop(),
            guest_tests=self.month.root,
            rules=self.month.rules,
            retries=plan.retries,
        )
        return work if full else replace(work, answered=answered.earlier(space, plan))

    def _read(self, run_id: str) -> Evidence | None:
        return self.month.space.store.load(run_id)

    def _prepare(self, target: Target, work: Work) -> Parts:
        """What it would be run with this night; its image is a file that says what it is."""
        if self.world.away and target.arch.name == "parisc":
            raise InfraError("qemu-system-hppa is not installed", "lab doctor")
        version = f"{self.world.stable}-1"
        if target.kernel.name.startswith("sid-"):
            version = target.kernel.name.removeprefix("sid-")
        release = Release.parse(version)
        then = _recorded(release, target.arch.name)
        place = self.month.root / "parts" / f"{target.arch.name}-{version}-{self.world.suites}"
        place.mkdir(parents=True, exist_ok=True)
        config = "".join(f"CONFIG_{name}={value}\n" for name, value in then.config.items())
        files = {"config": config, "vmlinux": version, "suites": self.world.suites, "initramfs": ""}
        for name, text in files.items():
            (place / name).write_text(text)
        hashes = {"vmlinux": digest(version), "config": digest(config)}
        return Parts(
            target,
            KernelFiles(
                *(release, version, then.origin, place / "vmlinux", place / "config"),
                modules=None,
                hashes=hashes,
                notes=(),
            ),
            place / "initramfs",
            {"suites": place / "suites"},
            then.qemu,
            suites={suite.name: digest(suite.name, self.world.suites) for suite in work.suites},
        )

    def _live(
        self, number: int, errands: Sequence[Errand], equipment: Equipment, directory: Path
    ) -> Boot:
        """What the recorded guest said, but for what is otherwise this night."""
        release = Release.parse(equipment.machine(3).image.read_text())
        arch = equipment.arch.name
        (boot,) = _recorded(release, arch).boots
        said = boot.ktap
        for claim, note in self.world.fails(release, arch).items():
            said = failing(said, claim, note)
        if number == 1 and (claim := self.world.wavers(arch)):
            said = failing(said, claim, "grandchild.c:31: timed out")
        for errand in errands:
            (directory / f"{errand.suite}.ktap").write_text(said[errand.suite])
        return replace(boot, number=number, ktap=read_ktap(directory))

    def _bisect(self, hunt: Hunt, later: Sequence[Hunt], seconds: float) -> Culprit:
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
            bad = is_bad(Release.parse(point), hunt.arch)
            tally = Tally(0, tries) if bad else Tally(tries, 0)
            return Sighting(point, point, tally, booted=True)

        drive.bisect(begun.history, (), terms, probe, drive.Watch(seen.append, Stop()))
        found = finding(replace(begun, seen=tuple(seen)), self.month.root, self.month.rules)
        return told(hunt, 0, json.dumps(bisects.data(found)).encode(), "")


def _recorded(release: Release, arch: str) -> Run:
    return RECORDED.read(RUN, f"{release.major}.{release.minor}/{arch}")


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
