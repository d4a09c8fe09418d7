"""A lab without a kernel that could be booted: all that orders are made of, and a store."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from orchestrator import preparing, room
from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.cluster import orders
from orchestrator.cluster.artefacts import Artefacts
from orchestrator.images import wake
from orchestrator.images.keys import Keys
from orchestrator.kernels import files
from orchestrator.model import (
    Arch,
    DebianSource,
    Kernel,
    Plan,
    Release,
    Result,
    Rule,
    Run,
    Target,
    Verdict,
)
from orchestrator.preparing import Parts, Work
from orchestrator.results.store import Store
from orchestrator.stop import Stop
from orchestrator.tests.matrices import suite

SUITES = (suite("a", "one", "two"), suite("b", "only"))
RULES = (Rule(("a.two",), Verdict.FAIL, "bug 1", since=Release(6, 1), config=(("KSM", True),)),)
TARGETS = tuple(
    Target(Kernel(f"6.{rank}", rank, DebianSource(("sid",), f"6.{rank}")), ARCHES[arch])
    for rank in range(3)
    for arch in ("x86_64", "arm64")
)
PLAN = Plan(
    "20260101T000000Z",
    "2026-01-01T00:00:00+00:00",
    tuple((target.kernel.name, target.arch.name) for target in TARGETS),
    SUITES,
)
KEYS = Keys("client", "authorized", b"host", "public")


@dataclass
class Watcher:
    """Remembers what it was told."""

    phases: list[tuple[str, str]] = field(default_factory=list)
    results: list[tuple[str, str]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    def phase(self, target: str, phase: str) -> None:
        self.phases.append((target, phase))

    def result(self, target: str, result: Result) -> None:
        self.results.append((target, result.claim))

    def finished(self, run: Run) -> None:
        self.done.append(run.target)


@dataclass(frozen=True)
class Lab:
    """Where a run is kept, and what it is made of."""

    root: Path
    cache: Cache
    watch: Watcher

    @property
    def store(self) -> Store:
        return Store(self.root / "runs")

    @property
    def artefacts(self) -> Artefacts:
        return Artefacts((self.root / "artefacts").as_uri())

    def work(self) -> Work:
        return Work(
            plan_id=PLAN.id,
            suites=SUITES,
            chosen=frozenset(claim.name for one in SUITES for claim in one.claims),
            claim_seconds=2,
            keys=KEYS,
            cache=self.cache,
            store=self.store,
            watch=self.watch,
            stop=Stop(),
            guest_tests=Path("guest-tests"),
            rules=RULES,
        )

    def parts(self, target: Target) -> Parts:
        def kernel(directory: Path) -> None:
            (directory / "vmlinux").write_text(f"kernel {target}")
            (directory / "config").write_text("CONFIG_KSM=y\n")
            files.write(directory, version="6.12.1-1", origin="a test", image="vmlinux", hashes={})

        def named(name: str) -> Path:
            made = self.cache.make(name, "1", lambda place: (place / name).touch())
            return made / name

        there = files.read(self.cache.make("kernels", str(target).replace("/", "-"), kernel))
        there = replace(there, notes=("found in a hurry",))
        return Parts(target, there, named("initramfs"), {"suites": named("suites")}, "10.0")


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "cache"))
    made = Lab(tmp_path, Cache(), Watcher())

    def userland(_arch: Arch, cache: Cache, _say: object) -> Path:
        return cache.make("userland", "1", lambda place: (place / "busybox").touch())

    def waker(_arch: Arch, cache: Cache) -> Path:
        return cache.make("wake", "1", lambda place: (place / "wake").touch()) / "wake"

    monkeypatch.setattr(orders, "userland", userland)
    monkeypatch.setattr(wake, "program", waker)
    monkeypatch.setattr(preparing, "qemu_version", lambda arch: "10.0")
    monkeypatch.setattr(room, "available", lambda: 1 << 20)
    made.store.begin(PLAN)
    return made
