"""One target from beginning to end: get its kernel, boot it as often as it takes, keep all."""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from orchestrator import command
from orchestrator.cache import Cache, file_digest
from orchestrator.errors import InfraError
from orchestrator.guests import qemu
from orchestrator.guests.life import Equipment, Errand, live
from orchestrator.guests.limits import limits
from orchestrator.images import kselftest, suites, uapi
from orchestrator.images.initramfs import initramfs
from orchestrator.images.keys import Keys
from orchestrator.images.userland import userland
from orchestrator.kernels import KernelFiles, obtain
from orchestrator.model import Arch, Boot, Ending, Kselftest, Result, Run, Suite, Target
from orchestrator.results import ktap
from orchestrator.results.store import Store, boot_directory
from orchestrator.stop import Stop

_MOST_BOOTS = 25  # of one target: a kernel that dies this often has said enough
# In a row that leave all to be tried. One that never became ready counts for two: a guest that
# resets at once may take the line with it that says what it was trying, and says it next time.
_IDLE_BOOTS = 4


class Watcher(Protocol):
    """Whoever wants to see the work going on. Called from several threads."""

    def phase(self, target: str, phase: str) -> None:
        """What a target is doing now, in a few words."""

    def result(self, target: str, result: Result) -> None:
        """A claim was answered."""

    def finished(self, run: Run) -> None:
        """A target's evidence is stored."""


@dataclass(frozen=True)
class Parts:
    """All that a target's guests are made of."""

    target: Target
    kernel: KernelFiles
    initramfs: Path
    streams: Mapping[str, Path]  # of the suites, by what is in them
    qemu: str  # version


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


def prepare(target: Target, work: Work) -> Parts:
    """Get or make everything the target needs. Raises InfraError."""
    say = functools.partial(work.watch.phase, str(target))
    version = qemu_version(target.arch)
    kernel = obtain(target.kernel, target.arch, work.cache, say, refresh=work.refresh)
    tools = userland(target.arch, work.cache, say)
    image = initramfs(target.arch, kernel.modules, tools, work.keys, work.cache)
    advice = _advice(target, work, say)
    built = suites.build(
        work.guest_tests, target.arch, work.cache, say, broken=bool(work.broken), advice=advice
    )
    streams = {"suites": built.stream, **_foreign(target, work, say)}
    return Parts(target, kernel, image, streams, version)


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
    """Run every chosen claim on the target and store the evidence."""
    target = str(parts.target)
    workplace = work.store.workplace(work.plan_id, target)
    work.watch.phase(target, "starting")
    boots = _boots(parts, work, workplace)
    done = replace(_record(parts), boots=boots, infra=_infra(boots))
    work.store.finish(work.plan_id, done, parts.kernel.config.read_bytes())
    work.watch.finished(done)
    return done


def give_up(target: Target, error: InfraError, work: Work) -> Run:
    """Store that a target could not even be started, and why."""
    run = unstarted(target, error)
    work.store.workplace(work.plan_id, run.target)
    work.store.finish(work.plan_id, run, b"")
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


def _boots(parts: Parts, work: Work, workplace: Path) -> tuple[Boot, ...]:
    target = str(parts.target)
    allowed = limits(parts.target.arch, work.claim_seconds)
    until = time.monotonic() + allowed.run
    equipment = Equipment(
        arch=parts.target.arch,
        machine=functools.partial(
            qemu.Boot, parts.target.arch, parts.kernel.image, parts.initramfs
        ),
        streams=tuple(stream.read_bytes() for stream in parts.streams.values()),
        keys=work.keys,
        limits=allowed,
        on_phase=functools.partial(work.watch.phase, target),
        on_result=functools.partial(work.watch.result, target),
        stop=work.stop,
        until=until,
    )
    errands = errands_for(work.suites, work.chosen, work.broken)
    return tuple(
        _until_answered(
            errands,
            work,
            lambda number, left: live(number, left, equipment, boot_directory(workplace, number)),
            until,
        )
    )


def errands_for(
    all_suites: Sequence[Suite], chosen: frozenset[str], broken: str = ""
) -> list[Errand]:
    """One errand per suite that has a chosen claim; a suite chosen whole needs no patterns."""
    errands = []
    for suite in all_suites:
        names = [claim.name for claim in suite.claims if claim.name in chosen]
        if names:
            only = () if len(names) == len(suite.claims) else tuple(names)
            errands.append(Errand(suite.name, only=only, broken=broken))
    return errands


def _until_answered(
    errands: list[Errand],
    work: Work,
    boot_with: Callable[[int, Sequence[Errand]], Boot],
    until: float,
) -> list[Boot]:
    """Boot again after each death, until no claim is left, time is up, or it leads nowhere."""
    boots: list[Boot] = []
    idle = 0
    while (
        errands
        and len(boots) < _MOST_BOOTS
        and idle < _IDLE_BOOTS
        and not work.stop
        and time.monotonic() < until
    ):
        boot = boot_with(len(boots) + 1, errands)
        boots.append(boot)
        left = onward(errands, boot, work.suites, work.chosen)
        idle = 0 if left != errands else idle + (2 if boot.ready is None else 1)
        errands = left
    return boots


def onward(
    errands: Sequence[Errand], boot: Boot, all_suites: Sequence[Suite], chosen: frozenset[str]
) -> list[Errand]:
    """What is left to do after a boot: behind the claim in which each suite ended."""
    by_name = {suite.name: suite for suite in all_suites}
    left: list[Errand] = []
    for errand in errands:
        report = ktap.parse(boot.ktap.get(errand.suite, ""))
        tried = {result.claim for result in report.results}
        if boot.ending is not Ending.INFRA:  # what the host broke may be tried again
            tried |= {report.in_flight or ""}
        numbers = [
            number
            for number, claim in enumerate(by_name[errand.suite].claims, 1)
            if number >= errand.start and claim.name in chosen and claim.name not in tried
        ]
        if numbers:
            left.append(replace(errand, start=numbers[0]))
    return left


def _infra(boots: Sequence[Boot]) -> str:
    """Only what was never made good by a later boot."""
    return boots[-1].why if boots and boots[-1].ending is Ending.INFRA else ""


def _record(parts: Parts) -> Run:
    boot = qemu.Boot(parts.target.arch, parts.kernel.image, parts.initramfs, qmp_fd=3)
    return Run(
        target=str(parts.target),
        kernel=parts.target.kernel.name,
        arch=parts.target.arch.name,
        release=parts.kernel.release,
        version=parts.kernel.version,
        origin=parts.kernel.origin,
        notes=parts.kernel.notes,
        qemu=parts.qemu,
        argv=tuple(qemu.command(boot)),
        headers=parts.target.kernel.headers.source.version if parts.target.kernel.headers else "",
        hashes={
            **parts.kernel.hashes,
            "initramfs": file_digest(parts.initramfs),
            **{name: file_digest(stream) for name, stream in parts.streams.items()},
        },
    )
