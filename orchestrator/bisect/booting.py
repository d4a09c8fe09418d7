"""A look at one kernel: made, booted once, the claim tried, the evidence kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from orchestrator import preparing, runner
from orchestrator.bisect import answers
from orchestrator.bisect.answers import Answer
from orchestrator.bisect.question import Question
from orchestrator.bisect.sightings import Knowledge, Sighting
from orchestrator.cache import digest
from orchestrator.errors import InfraError
from orchestrator.model import BROKEN, Plan, Run, Start, Target
from orchestrator.preparing import Parts, Work
from orchestrator.results import judge
from orchestrator.room import Room, need

# What tells two kernels apart. What else a target is run with is the same for all of a bisect.
_OWN = ("config", "modules")


@dataclass(frozen=True)
class Booting:
    """A probe (drive.Probe) of kernels that ``target`` knows by the points of a history."""

    target: Callable[[str], Target]
    plan: Callable[[Target], Plan]  # to try the claim on it
    work: Callable[[Plan, int], Work]  # to do so as often as that
    claim: str
    question: Question
    room: Room
    again: Start = Start.COLD  # how guests come to be ready when they repeat what was asked
    anew: bool = False  # ask also what is known of an artefact from an earlier bisect

    def __call__(self, point: str, tries: int, known: Knowledge) -> Sighting:
        """What was seen of a point; trouble of any kind is in the sighting."""
        started = time.monotonic()
        seen = self._look(point, tries, known)
        return replace(seen, seconds=round(time.monotonic() - started, 3))

    def _look(self, point: str, tries: int, known: Knowledge) -> Sighting:
        target = self.target(point)
        plan = self.plan(target)
        again = self.again if known.looks(point) else Start.COLD
        work = replace(self.work(plan, tries), boot=again)
        try:
            parts = preparing.prepare(target, work)
        except InfraError as error:
            return Sighting(point, trouble=f"it could not be made: {error.cause}")
        artefact = identity(parts)
        if known.has(artefact) and not known.artefact(point):
            return Sighting(point, artefact)
        key = (artefact, *_conditions(parts), self.claim, str(tries), str(known.looks(point)))
        key = key if again is Start.COLD else (*key, again.value)
        if not self.anew and (kept := answers.recall(work.cache, *key)):
            return self._sighting(point, artefact, kept)
        answer = self._boot(parts, plan, work)
        answers.keep(work.cache, answer, *key)
        return replace(self._sighting(point, artefact, answer), booted=True)

    def _boot(self, parts: Parts, plan: Plan, work: Work) -> Answer:
        def say(text: str) -> None:
            work.watch.phase(str(parts.target), text)

        place = work.store.root / plan.id
        evidence = str(place.relative_to(work.store.root.parents[1]))
        try:
            with self.room.taken(need(parts.target.arch), say, work.stop), work.store.hold(plan.id):
                work.store.begin(plan)
                run = runner.run(parts, work)
        except InfraError as error:
            return Answer((), f"infra: {error.cause}", evidence, infra=True)
        return replace(answer(run, self.claim), evidence=evidence)

    def _sighting(self, point: str, artefact: str, answer: Answer) -> Sighting:
        tally = self.question.tally(answer.verdicts)
        trouble = answer.trouble
        if not tally.total and not trouble:
            trouble = f"the claim is {answer.verdicts[0].value} there"
        return Sighting(point, artefact, tally, trouble, answer.infra, answer.evidence)


def identity(parts: Parts) -> str:
    """Of what the target boots: equal ones behave alike."""
    hashes: Mapping[str, str] = parts.kernel.hashes
    names = (parts.kernel.image.name, *_OWN)
    return digest(*(hashes.get(name, "") for name in names))


def answer(run: Run, claim: str) -> Answer:
    """What a run says about a claim. A kernel that does not boot says nothing about it."""
    verdicts = tuple(verdict for boot in run.boots for verdict in judge.tries(boot, claim))
    if verdicts:
        return Answer(verdicts)
    if run.infra:
        return Answer((), f"infra: {run.infra}", infra=True)
    userspace = judge.outcomes(run).get(judge.USERSPACE)
    if userspace and claim == judge.USERSPACE:
        return Answer((userspace.result.verdict,))
    if userspace and userspace.result.verdict in BROKEN:
        return Answer((), f"it does not boot: {userspace.result.note}")
    return Answer((), "the claim was not reached")


def _conditions(parts: Parts) -> tuple[str, ...]:
    hashes = preparing.record(parts).hashes
    streams = (hashes[name] for name in parts.streams)
    return (parts.target.arch.name, parts.qemu, hashes["initramfs"], *streams)
