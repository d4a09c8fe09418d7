"""What was set out to do, and what was seen: nothing here is a judgement."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestrator.model.claims import Suite, Verdict
from orchestrator.model.release import Release


class Start(enum.Enum):
    """How a guest comes to be ready."""

    COLD = "cold"  # it boots
    SNAPSHOT = "snapshot"  # it goes on from a state that was saved when such a guest was ready
    AUTO = "auto"  # so where that can be, and otherwise it boots


@dataclass(frozen=True)
class Shard:
    """A part of a greater plan, which other labs carry out the rest of."""

    number: int  # from 1
    of: int  # how many there are
    whole: tuple[tuple[str, str], ...]  # the targets of the greater plan, in its order

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


@dataclass(frozen=True)
class Origin:
    """A run whose evidence another one has taken over."""

    run: str  # its id
    shard: str  # which one it was: "2/4"


@dataclass(frozen=True)
class Plan:
    """What one invocation of the lab set out to do: every target times every claim."""

    id: str  # sorts by time: 20261121T013000Z
    started: str  # ISO 8601, UTC
    targets: tuple[tuple[str, str], ...]  # (kernel, arch), in the order of lab.yaml
    suites: tuple[Suite, ...]
    broken: str = ""  # the lie that the suites tell about the kernel
    sources: str = ""  # a digest of what the suites are built from
    retries: int = 0  # how often a surprise is tried again
    times: int = 1  # how often each claim is tried, each time in a guest of its own
    boot: Start = Start.COLD
    shard: Shard | None = None  # None: it is whole
    merged: tuple[Origin, ...] = ()  # the shards that it was put together of


class Ending(enum.Enum):
    """How one boot of a guest came to its end."""

    DONE = "done"  # everything asked of it was answered, and we stopped it
    PANIC = "panic"  # the kernel died
    SILENT = "silent"  # it ran into a time limit without a word
    FAILED = "failed"  # it went down in order, but before it was ready
    INFRA = "infra"  # the host's fault; nothing is said about the kernel


@dataclass(frozen=True)
class Splat:
    """One complaint of a kernel in its log: a panic, a warning, a stall; see results/splats.py."""

    kind: str  # of the table: "warn", "oom"
    title: str  # the line that says it, without what differs from boot to boot
    fingerprint: str  # kind and first symbols of the stack: the same bug has the same one
    excerpt: str  # lines of the log around it, bounded
    deadly: bool = False  # the kernel does not live on


@dataclass(frozen=True)
class Result:
    """What one line of KTAP said, and what the kernel's log said while the claim ran."""

    claim: str
    verdict: Verdict
    note: str = ""
    milliseconds: int | None = None
    splats: tuple[Splat, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """The saved state that a guest went on from."""

    key: str  # in the cache
    made: str  # ISO 8601, UTC
    ready: float  # seconds that the boot which it was made of took


@dataclass(frozen=True)
class Boot:
    """One life of one guest. Times are seconds since QEMU was started."""

    number: int  # 1 for the first
    ending: Ending
    why: str = ""  # one sentence, when the ending is not DONE
    # The console said that SSH listens, or the snapshot was loaded; None: it never came so far.
    ready: float | None = None
    first_result: float | None = None
    seconds: float = 0.0
    ktap: Mapping[str, str] = field(default_factory=dict)  # suite -> text, as it came
    splat: str = ""  # bounded excerpt of the console, when the kernel died or stalled
    look: str = ""  # the command that shows more, when the ending is INFRA
    retry_of: tuple[str, ...] = ()  # the claims that it repeats; empty: a boot of the run itself
    origin: str = ""  # the earlier run that it was a boot of; empty: this one's own
    snapshot: Snapshot | None = None  # what it went on from; None: it booted


@dataclass(frozen=True)
class Run:
    """One target, once: everything that was seen and everything that it was seen with."""

    target: str
    kernel: str
    arch: str
    release: Release | None  # None: the kernel could not be had
    version: str = ""  # package version, or how it was built
    origin: str = ""  # where the image came from, in words
    notes: tuple[str, ...] = ()  # what a reader should know about how it was had
    qemu: str = ""
    boot: Start = Start.COLD  # how its guests were to come to be ready: COLD or SNAPSHOT
    argv: tuple[str, ...] = ()
    hashes: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)  # suite -> digest of all it is run with
    config: Mapping[str, str] = field(default_factory=dict)
    headers: str = ""  # release of the headers that the suites' advice numbers are from
    lacking: tuple[int, ...] = ()  # the advice that is not in them
    boots: tuple[Boot, ...] = ()
    infra: str = ""  # what went wrong on our side, in one sentence
    look: str = ""  # the command that shows more

    @property
    def further(self) -> str:
        """The command that shows more: its own, or the last boot's."""
        return self.look or (self.boots[-1].look if self.boots else "")
