"""All that the guests of a target are made of: got or made, and what tells it from other things."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from orchestrator import command
from orchestrator.cache import Cache, digest, file_digest
from orchestrator.errors import ConfigError, InfraError
from orchestrator.guests import qemu, snapshot
from orchestrator.guests.errand import Errand
from orchestrator.images import ingredients, suites, wake
from orchestrator.images.ingredients import Sources
from orchestrator.images.initramfs import initramfs
from orchestrator.images.keys import Keys
from orchestrator.images.userland import userland
from orchestrator.inputs import inputs
from orchestrator.kernels import KernelFiles, at_hand, obtain
from orchestrator.model import Arch, Claim, Kselftest, Rule, Run, Start, Suite, Target
from orchestrator.results.reuse import Answer
from orchestrator.results.store import Store
from orchestrator.stop import Stop
from orchestrator.watching import Watcher


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

    @functools.cached_property
    def initramfs_digest(self) -> str:
        """Of the file as it is when somebody first asks."""
        return file_digest(self.initramfs)


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
    known: Sources | None = None  # what guest_tests is, if somebody has asked before
    kselftests: tuple[Kselftest, ...] = ()  # those of the suites that are the kernel's own
    broken: str = ""  # the lie that the suites tell about the kernel; see guest-tests/broken.h
    refresh: bool = False  # ask the archive again which versions there are
    rules: tuple[Rule, ...] = ()  # that tell a surprise
    retries: int = 0  # how often a surprise is tried again
    times: int = 1  # how often each claim is tried, each time in a guest of its own
    tries: int = 1  # of each suite, one after the other in the same guest
    seconds: float = math.inf  # for all boots of a target, where its limit allows more
    boot: Start = Start.COLD
    # Seconds that a target's guests will take, as far as earlier runs tell.
    expected: Mapping[str, float] = field(default_factory=dict)
    # What earlier runs say of a target, by what its suites would be run with.
    answered: Callable[[str, Mapping[str, str]], Sequence[Answer]] = nothing

    @functools.cached_property
    def sources(self) -> Sources:
        """Those of our own suites, as they are when somebody first asks."""
        return self.known or ingredients.read(self.guest_tests)

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
    _firmware(target.arch)
    if work.boot is Start.SNAPSHOT and (why := snapshot.unsaved(target.arch, version)):
        raise ConfigError(f"{why}; with `boot: auto` its guests boot")
    return version


def _parts(target: Target, kernel: KernelFiles, version: str, work: Work) -> Parts:
    say = functools.partial(work.watch.phase, str(target))
    tools = userland(target.arch, work.cache, say)
    waker = wake.program(target.arch, work.cache)
    image = initramfs(target.arch, kernel.modules, tools, work.keys, work.cache, wake=waker)
    advice = _advice(target, work, say)
    names = {suite.name for suite in work.suites}
    built = suites.build(
        work.guest_tests,
        target.arch,
        work.cache,
        say,
        names=names,
        broken=bool(work.broken),
        advice=advice,
        sources=work.sources,
    )
    foreign = _foreign(target, work, say)
    common = work.sources.common(target.arch, broken=bool(work.broken), advice=advice)
    own = {n: total for n, total in work.sources.each(common).items() if n in names}
    theirs = {name: digest(common, file_digest(stream)) for name, stream in foreign.items()}
    return Parts(
        target,
        kernel,
        image,
        {"suites": built.stream, **foreign},
        version,
        _lacking(advice) if advice else (),
        {**own, **theirs},
    )


# What few labs have is imported where it is asked for: it would be a tenth of all imports.


def _advice(target: Target, work: Work, say: suites.Say) -> Path | None:
    if not (of := target.kernel.headers):
        return None
    from orchestrator.images import uapi

    return uapi.advice(of, target.arch, work.guest_tests, work.cache, say)


def _lacking(advice: Path) -> tuple[int, ...]:
    from orchestrator.images import uapi

    return uapi.lacking(advice)


def _foreign(target: Target, work: Work, say: suites.Say) -> Mapping[str, Path]:
    wanted = {suite.name for suite in work.suites}
    tests = [one for one in work.kselftests if one.suite in wanted]
    if not tests:
        return {}
    from orchestrator.images import kselftest

    return {one.suite: kselftest.stream(one, target.arch, work.cache, say) for one in tests}


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


def machine(parts: Parts) -> Callable[[int], qemu.Boot]:
    """How a guest of the target is started, given the descriptor that it gets its orders by."""
    return functools.partial(qemu.Boot, parts.target.arch, parts.kernel.image, parts.initramfs)


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
        argv=tuple(qemu.command(machine(parts)(3))),
        headers=parts.target.headers,
        lacking=parts.lacking,
        hashes={
            **parts.kernel.hashes,
            **_firmware(parts.target.arch),
            "initramfs": parts.initramfs_digest,
            **{name: file_digest(stream) for name, stream in parts.streams.items()},
        },
    )


def inputs_of(parts: Parts, work: Work) -> Mapping[str, str]:
    """For each suite a digest of all that it is run with: by it earlier answers are found."""
    return inputs(
        parts.suites,
        arch=parts.target.arch,
        kernel=parts.kernel,
        initramfs=parts.initramfs_digest,
        version=parts.qemu,
        command=Errand("", broken=work.broken).command(work.claim_seconds),
        **_firmware(parts.target.arch),
    )


@functools.cache
def _firmware(arch: Arch) -> Mapping[str, str]:
    """The digest of an arch's, where QEMU does not bring it. Raises InfraError without it."""
    if not arch.firmware:
        return {}
    try:
        return {"firmware": file_digest(Path(arch.firmware))}
    except OSError as error:
        raise InfraError(
            f"{arch.name} takes the firmware {arch.firmware}: {error.strerror}",
            f"lab doctor --arch {arch.name}",
        ) from error
