"""One target from beginning to end: get its kernel, boot it as often as it takes, keep all."""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from orchestrator import command
from orchestrator.cache import Cache, digest, file_digest
from orchestrator.errands import errands_for, onward, repeats, unanswered
from orchestrator.errors import ConfigError, InfraError, LabError
from orchestrator.guests import qemu, snapshot
from orchestrator.guests.life import Equipment, Errand, live
from orchestrator.guests.limits import limits
from orchestrator.images import ingredients, kselftest, suites, uapi, wake
from orchestrator.images.ingredients import Sources
from orchestrator.images.initramfs import initramfs
from orchestrator.images.keys import Keys
from orchestrator.images.userland import userland
from orchestrator.inputs import inputs
from orchestrator.kernels import KernelFiles, at_hand, obtain
from orchestrator.model import (
    Arch,
    Boot,
    Claim,
    Kselftest,
    Rule,
    Run,
    Start,
    Suite,
    Target,
)
from orchestrator.results.adopt import adopt
from orchestrator.results.reuse import Answer
from orchestrator.results.store import Store, begun
from orchestrator.stop import Stop
from orchestrator.watching import Watcher

_MOST_BOOTS = 25  # of one target: a kernel that dies this often has said enough
# In a row that leave all to be tried. One that never became ready counts for two: a guest that
# resets at once may take the line with it that says what it was trying, and says it next time.
_IDLE_BOOTS = 4


@dataclass(frozen=True)
class Parts:
    """All that a target's guests are made of."""

    target: Target
    kernel: KernelFiles
    initramfs: Path
    streams: Mapping[str, Path]  # of the suites, by what is in them
    qemu: str  # version
    lacking: tuple[int, ...] = ()  # advice that is not in the headers that they are built with
    suites: Mapping[str, str] = field(default_factory=dict)  # to a digest of all that is in each


def nothing(_target: str, _inputs: Mapping[str, str]) -> Sequence[Answer]:
    """No earlier run is asked."""
    return ()


@dataclass(frozen=True)
class Work:
    """What is to be run in each guest, and the means to do it."""

    plan_id: str
    suites: tuple[Suite, ...]  # whole
    chosen: frozenset[str]  # the claims of them that are wanted
    claim_seconds: float
    keys: Keys
    cache: Cache
    store: Store
    watch: Watcher
    stop: Stop
    guest_tests: Path
    kselftests: tuple[Kselftest, ...] = ()  # those of the suites that are the kernel's own
    broken: str = ""  # the lie that the suites tell about the kernel; see guest-tests/broken.h
    refresh: bool = False  # ask the archive again which versions there are
    rules: tuple[Rule, ...] = ()  # that tell a surprise
    retries: int = 0  # how often a surprise is tried again
    tries: int = 1  # of each suite, one after the other in the same guest
    boot: Start = Start.COLD
    # What earlier runs say of a target, by what its suites would be run with.
    answered: Callable[[str, Mapping[str, str]], Sequence[Answer]] = nothing

    @functools.cached_property
    def sources(self) -> Sources:
        """Those of our own suites, as they are when somebody first asks."""
        return ingredients.read(self.guest_tests)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The chosen ones, in their order."""
        return tuple(c for suite in self.suites for c in suite.claims if c.name in self.chosen)


def prepare(target: Target, work: Work) -> Parts:
    """Get or make everything the target needs. Raises InfraError, and ConfigError when it cannot
    be had as it is asked for."""
    say = functools.partial(work.watch.phase, str(target))
    version = _emulator(target, work)  # first: without a QEMU no kernel need be fetched
    kernel = obtain(target.kernel, target.arch, work.cache, say, refresh=work.refresh)
    return _parts(target, kernel, version, work)


def foreseen(target: Target, work: Work) -> Parts | None:
    """The same, if the kernel is at hand and nobody need be asked for a newer one; else None.

    It is not looked into: what is booted is ``prepare``'s. Where the work's cache is as it is,
    nothing is made: raises InfraError when anything else is not at hand, and ConfigError when
    the kernel is none.
    """
    kernel = None if work.refresh else at_hand(target.kernel, target.arch, work.cache)
    return _parts(target, kernel, _emulator(target, work), work) if kernel else None


def _emulator(target: Target, work: Work) -> str:
    """The version of the QEMU for a target's guests, which can start them as they are to be."""
    version = qemu_version(target.arch)
    if work.boot is Start.SNAPSHOT and (why := snapshot.unsaved(target.arch, version)):
        raise ConfigError(f"{why}; with `boot: auto` its guests boot")
    return version


def _parts(target: Target, kernel: KernelFiles, version: str, work: Work) -> Parts:
    say = functools.partial(work.watch.phase, str(target))
    tools = userland(target.arch, work.cache, say)
    waker = wake.program(target.arch, work.cache)
    image = initramfs(target.arch, kernel.modules, tools, work.keys, work.cache, wake=waker)
    advice = _advice(target, work, say)
    built = suites.build(
        work.guest_tests,
        target.arch,
        work.cache,
        say,
        broken=bool(work.broken),
        advice=advice,
        sources=work.sources.total,
    )
    foreign = _foreign(target, work, say)
    common = work.sources.common(target.arch, broken=bool(work.broken), advice=advice)
    names = {suite.name for suite in work.suites}
    own = {
        **{name: total for name, total in work.sources.own.items() if name in names},
        **{name: file_digest(stream) for name, stream in foreign.items()},
    }
    return Parts(
        target,
        kernel,
        image,
        {"suites": built.stream, **foreign},
        version,
        uapi.lacking(advice) if advice else (),
        {suite: digest(common, total) for suite, total in own.items()},
    )


def _advice(target: Target, work: Work, say: suites.Say) -> Path | None:
    of = target.kernel.headers
    return uapi.advice(of, target.arch, work.guest_tests, work.cache, say) if of else None


def _foreign(target: Target, work: Work, say: suites.Say) -> Mapping[str, Path]:
    wanted = {suite.name for suite in work.suites}
    return {
        tests.suite: kselftest.stream(tests, target.arch, work.cache, say)
        for tests in work.kselftests
        if tests.suite in wanted
    }


@functools.cache
def qemu_version(arch: Arch) -> str:
    """The version of the QEMU for an arch. Raises InfraError when it is missing or too old."""
    said = command.run([f"qemu-system-{arch.qemu}", "--version"]).decode()
    match = re.search(r"version (\d+)\.(\d+)\S*", said)
    if match is None:
        raise InfraError(f"qemu-system-{arch.qemu} does not tell its version", "lab doctor")
    if (int(match[1]), int(match[2])) < arch.qemu_since:
        wanted = ".".join(map(str, arch.qemu_since))
        raise InfraError(
            f"{match[0].removeprefix('version ')} is too old a QEMU for {arch.name}: "
            f"it takes {wanted}",
            "lab doctor",
        )
    return match[0].removeprefix("version ")


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
    for retry in range(1, work.retries + 1):
        again = repeats(guests.run, work.claims, work.rules, retry)
        guests.ask(again, _repeating(equipment), retry_of=tuple(sorted(again)))
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
        machine=_machine(parts),
        made_of=(kernel, file_digest(parts.initramfs), parts.qemu),
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


def _machine(parts: Parts) -> Callable[[int], qemu.Boot]:
    return functools.partial(qemu.Boot, parts.target.arch, parts.kernel.image, parts.initramfs)


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
    return Equipment(
        arch=parts.target.arch,
        machine=_machine(parts),
        streams=tuple(stream.read_bytes() for stream in parts.streams.values()),
        keys=work.keys,
        limits=allowed,
        on_phase=functools.partial(work.watch.phase, target),
        on_result=functools.partial(work.watch.result, target),
        stop=work.stop,
        until=time.monotonic() + allowed.run,
    )


def _repeating(equipment: Equipment) -> Equipment:
    """The same for a repetition: no further claims are answered by it."""
    return replace(
        equipment,
        on_phase=lambda phase: equipment.on_phase(f"{phase}, again"),
        on_result=lambda _: None,
    )


def record(parts: Parts) -> Run:
    """What a target is run with, before anything is seen."""
    return Run(
        target=str(parts.target),
        kernel=parts.target.kernel.name,
        arch=parts.target.arch.name,
        release=parts.kernel.release,
        version=parts.kernel.version,
        origin=parts.kernel.origin,
        notes=parts.kernel.notes,
        qemu=parts.qemu,
        argv=tuple(qemu.command(_machine(parts)(3))),
        headers=parts.target.headers,
        lacking=parts.lacking,
        hashes={
            **parts.kernel.hashes,
            "initramfs": file_digest(parts.initramfs),
            **{name: file_digest(stream) for name, stream in parts.streams.items()},
        },
    )


def inputs_of(parts: Parts, work: Work) -> Mapping[str, str]:
    """For each suite a digest of all that it is run with: by it earlier answers are found."""
    return inputs(
        parts.suites,
        arch=parts.target.arch,
        kernel=parts.kernel,
        initramfs=file_digest(parts.initramfs),
        version=parts.qemu,
        command=Errand("", broken=work.broken).command(work.claim_seconds),
    )


def comparable(parts: Parts, work: Work) -> Run:
    """What a target is to be run with: the record, what tells earlier answers, how guests begin."""
    begins = Start.COLD if _states(parts, work) is None else Start.SNAPSHOT
    return replace(record(parts), inputs=inputs_of(parts, work), boot=begins)
