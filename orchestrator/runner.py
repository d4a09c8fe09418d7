"""One target from beginning to end: boot it as often as it takes, keep all that was seen."""

from __future__ import annotations

import functools
import time
from collections.abc import Sequence
from dataclasses import replace

from orchestrator.errands import errands_for, onward, repeats, unanswered
from orchestrator.errors import InfraError, LabError
from orchestrator.guests import snapshot
from orchestrator.guests.errand import Errand
from orchestrator.guests.life import Equipment, live
from orchestrator.guests.limits import limits
from orchestrator.model import Boot, Run, Start, Target
from orchestrator.preparing import Parts, Work, inputs_of, machine, record
from orchestrator.results.adopt import adopt
from orchestrator.results.store import begun

_MOST_BOOTS = 25  # of one target: a kernel that dies this often has said enough
# In a row that leave all to be tried. One that never became ready counts for two: a guest that
# resets at once may take the line with it that says what it was trying, and says it next time.
_IDLE_BOOTS = 4


def run(parts: Parts, work: Work) -> Run:
    """Try every chosen claim of the target that has no verdict yet, then repeat what surprises.

    Evidence is stored as it comes, beside what an earlier run of the same plan has left.
    """
    target = str(parts.target)
    work.watch.phase(target, "starting")
    try:
        start, saved = begin(parts, work)
    except InfraError as error:
        return give_up(parts.target, error, work)
    there = _open(start, parts, work)
    guests, equipment = _Guests(there, work), replace(_equipment(parts, work), states=saved)
    guests.ask(unanswered(guests.run, work.claims), equipment)
    for once_more in range(1, max(work.retries + 1, work.times)):
        retries, times = min(once_more, work.retries), min(once_more + 1, work.times)
        again = repeats(guests.run, work.claims, work.rules, retries, times)
        guests.ask(again, _repeating(equipment, once_more), retry_of=tuple(sorted(again)))
    done = work.store.read(work.plan_id, target)
    work.watch.finished(done)
    return done


def _states(parts: Parts, work: Work) -> snapshot.States | None:
    """Where the saved states of a target are from; None: its guests are to boot, or have to."""
    arch = parts.target.arch
    if work.boot is Start.COLD or snapshot.unsaved(arch, parts.qemu):
        return None
    kernel = parts.kernel.hashes.get(parts.kernel.image.name, "")
    return snapshot.States(
        machine=machine(parts),
        made_of=(kernel, parts.initramfs_digest, parts.qemu),
        patience=limits(arch, work.claim_seconds).boot,
        cache=work.cache,
        stop=work.stop,
        say=functools.partial(work.watch.phase, str(parts.target)),
    )


def begin(parts: Parts, work: Work) -> tuple[Run, snapshot.States | None]:
    """What the target is run with, and what its guests go on from, if not all have to boot.

    A kernel that does not come up has no state to save: it boots, and is judged by that. Raises
    InfraError when a state is insisted on and cannot be had.
    """
    run, found = comparable(parts, work), _states(parts, work)
    if found is None:
        return run, None
    try:
        found.saved()
    except InfraError as error:
        if work.boot is Start.SNAPSHOT and not isinstance(error, snapshot.Unready):
            raise
        return replace(run, boot=Start.COLD, notes=(*run.notes, error.cause)), None
    return run, found


def answered(parts: Parts, work: Work) -> Run | None:
    """Take over what earlier runs say of the target; its run, when nothing is left to be asked.

    What cannot be taken over, because it is gone or damaged, is left to be asked.
    """
    asked = comparable(parts, work)
    found = work.answered(asked.target, asked.inputs)
    there = _open(asked, parts, work) if found else None
    if there is None or there.boots:  # of a run that is resumed
        return None
    try:
        adopt(work.store, work.plan_id, there.target, found)
    except LabError as error:
        work.watch.phase(there.target, f"measured again: {error}")
        return None
    runs = ", ".join(sorted({answer.run for answer in found}))
    work.watch.phase(there.target, f"{len(found)} of {len(work.suites)} suites are in run {runs}")
    if len(found) < len(work.suites):
        return None
    done = work.store.read(work.plan_id, there.target)
    work.watch.finished(done)
    return done


def _open(run: Run, parts: Parts, work: Work) -> Run:
    return work.store.open(work.plan_id, run, parts.kernel.config.read_bytes())


def give_up(target: Target, error: InfraError, work: Work) -> Run:
    """Store that a target could not even be started, and why."""
    run = unstarted(target, error)
    work.store.open(work.plan_id, run, b"")
    work.watch.finished(run)
    return run


def unstarted(target: Target, error: InfraError) -> Run:
    """A run that saw nothing."""
    return Run(
        target=str(target),
        kernel=target.kernel.name,
        arch=target.arch.name,
        release=None,
        infra=error.cause,
        look=error.look,
    )


class _Guests:
    """The guests of one target, one after the other, and the evidence that they add up to."""

    def __init__(self, run: Run, work: Work) -> None:
        self.run = run
        self._work = work

    def ask(
        self, claims: frozenset[str], equipment: Equipment, retry_of: tuple[str, ...] = ()
    ) -> None:
        """Boot until each of the claims is answered, or it leads nowhere."""
        suites = self._work.suites
        planned = () if retry_of else self._work.chosen
        errands = errands_for(suites, claims, self._work.broken, planned) * self._work.tries
        boots = idle = 0
        while errands and boots < _MOST_BOOTS and idle < _IDLE_BOOTS and self._goes_on(equipment):
            boot = self._boot(errands, equipment, retry_of)
            left = onward(errands, boot, suites, claims)
            idle = 0 if left != errands else idle + (2 if boot.ready is None else 1)
            boots, errands = boots + 1, left

    def _goes_on(self, equipment: Equipment) -> bool:
        return not self._work.stop and time.monotonic() < equipment.until

    def _boot(
        self, errands: Sequence[Errand], equipment: Equipment, retry_of: tuple[str, ...]
    ) -> Boot:
        """One boot; that it has begun is on disk before it does, and its end when it ends."""
        work, target = self._work, self.run.target
        number, directory = work.store.boot_directory(work.plan_id, target)
        work.store.keep(work.plan_id, target, begun(number, retry_of))
        boot = live(number, errands, equipment, directory)
        boot = replace(boot, retry_of=retry_of)
        work.store.keep(work.plan_id, target, boot)
        self.run = replace(self.run, boots=(*self.run.boots, boot))
        return boot


def _equipment(parts: Parts, work: Work) -> Equipment:
    target = str(parts.target)
    allowed = limits(parts.target.arch, work.claim_seconds)
    allowed = replace(allowed, run=min(allowed.run * work.times, work.seconds))
    return Equipment(
        arch=parts.target.arch,
        machine=machine(parts),
        streams=tuple(stream.read_bytes() for stream in parts.streams.values()),
        keys=work.keys,
        limits=allowed,
        on_phase=functools.partial(work.watch.phase, target),
        on_result=functools.partial(work.watch.result, target),
        stop=work.stop,
        until=time.monotonic() + allowed.run,
    )


def _repeating(equipment: Equipment, once_more: int) -> Equipment:
    """The same for a repetition: no further claims are answered by it."""
    which = "again" if once_more == 1 else f"again ({once_more})"
    return replace(
        equipment,
        on_phase=lambda phase: equipment.on_phase(f"{phase}, {which}"),
        on_result=lambda _: None,
    )


def comparable(parts: Parts, work: Work) -> Run:
    """What a target is to be run with: the record, what tells earlier answers, how guests begin."""
    begins = Start.COLD if _states(parts, work) is None else Start.SNAPSHOT
    return replace(record(parts), inputs=inputs_of(parts, work), boot=begins)
