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
    also: tuple[str, ...] = ()  # claims of the plan whose answers are kept for who asks later
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
        inputs = preparing.inputs_of(parts, work)
        look = (str(tries), str(known.looks(point)), again.value)

        def key(claim: str) -> tuple[str, ...]:
            return (inputs[claim.partition(".")[0]], claim, *look)

        if not self.anew and (kept := answers.recall(work.cache, *key(self.claim))):
            return self._sighting(point, artefact, kept)
        found = self._boot(parts, plan, work)
        for claim, answer in found.items():
            answers.keep(work.cache, answer, *key(claim))
        return replace(self._sighting(point, artefact, found[self.claim]), booted=True)

    def _boot(self, parts: Parts, plan: Plan, work: Work) -> Mapping[str, Answer]:
        """By claim: what was asked, and of the others those that were answered as well."""

        def say(text: str) -> None:
            work.watch.phase(str(parts.target), text)

        place = work.store.root / plan.id
        evidence = str(place.relative_to(work.store.root.parents[1]))
        try:
            with self.room.taken(need(parts.target.arch), say, work.stop), work.store.hold(plan.id):
                work.store.begin(plan)
                run = runner.run(parts, work)
        except InfraError as error:
            return {self.claim: Answer((), f"infra: {error.cause}", evidence, infra=True)}
        asked = answer(run, self.claim)
        others = {claim: answer(run, claim) for claim in self.also}
        whole = {one: said for one, said in others.items() if is_whole(said, asked, work.tries)}
        found = {**whole, self.claim: asked}
        return {claim: replace(said, evidence=evidence) for claim, said in found.items()}

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


def is_whole(said: Answer, asked: Answer, tries: int) -> bool:
    """Whether what is ``said`` of a claim beside the one that was ``asked`` about is its answer.

    It is where it was tried as often, or where the kernel came to neither, for the same reason.
    """
    return len(said.verdicts) == tries or (not said.verdicts and said == asked)
