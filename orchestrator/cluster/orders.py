"""What a machine of the cluster is asked to do: plain data, in one piece for each target."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from orchestrator import preparing
from orchestrator.cache import digest, tree_digest
from orchestrator.cluster.artefacts import Artefacts, Entry
from orchestrator.images import wake
from orchestrator.images.initramfs import RECIPES
from orchestrator.images.userland import userland
from orchestrator.model import Rule, Start, Suite
from orchestrator.parcel import pack
from orchestrator.preparing import Parts, Work

_PACKAGE = Path(__file__).parents[1]
# Of the record of a target: made on each machine, because the lab's keys there are in it.
OWN = "initramfs"


@dataclass(frozen=True)
class Task:
    """What is the same for all targets of a run: too large to go with each of them."""

    suites: tuple[Suite, ...]
    chosen: tuple[str, ...]
    claim_seconds: float
    broken: str
    rules: tuple[Rule, ...]
    retries: int
    times: int
    tries: int
    boot: Start


@dataclass(frozen=True)
class Order:
    """One target to be run: names, and where its parts are."""

    code: str  # a digest of this package: both sides must be the same lab
    plan: str
    kernel: str
    arch: str
    headers: str
    artefacts: str  # URL
    task: str  # digest of a Task, among the artefacts
    image: Entry
    notes: tuple[str, ...]  # about the kernel
    userland: Entry
    wake: Entry | None  # None: guests of this arch cannot be saved
    streams: tuple[tuple[str, Entry, str], ...]  # of suites: what is in it, where, the file there
    lacking: tuple[int, ...]
    suites: Mapping[str, str]  # to a digest of all that is in each
    qemu: str  # version
    hashes: Mapping[str, str]  # of all that the guests are made of, but OWN
    earlier: str  # digest of the evidence that there is already, among the artefacts; "": none

    @property
    def target(self) -> str:
        return f"{self.kernel}/{self.arch}"

    @property
    def key(self) -> str:
        """The target, for people who look at the cluster, and the address of all of the order."""
        return f"{self.target}-{digest(ORDER.dump_json(self))}"


ORDER: TypeAdapter[Order] = TypeAdapter(Order)
TASK: TypeAdapter[Task] = TypeAdapter(Task)


def task(work: Work, artefacts: Artefacts) -> str:
    """Put what all targets share among the artefacts; returns its digest."""
    shared = Task(
        suites=work.suites,
        chosen=tuple(sorted(work.chosen)),
        claim_seconds=work.claim_seconds,
        broken=work.broken,
        rules=work.rules,
        retries=work.retries,
        times=work.times,
        tries=work.tries,
        boot=work.boot,
    )
    return artefacts.put(TASK.dump_json(shared))


def order(parts: Parts, work: Work, task: str, artefacts: Artefacts) -> Order:
    """The order for a target, with all that it names sent to where the cluster can read it."""
    target, cache = parts.target, work.cache
    tools = userland(target.arch, cache, lambda _: None)  # made: the initramfs has it
    streams = [(name, Entry.of(file, cache), file.name) for name, file in parts.streams.items()]
    image = Entry.of(parts.kernel.config, cache)
    kept = Entry.of(tools, cache)
    waker = wake.program(target.arch, cache)
    waking = Entry.of(waker, cache) if waker else None
    for entry in (image, kept, *([waking] if waking else ()), *(entry for _, entry, _ in streams)):
        artefacts.send(entry, cache)
    hashes = dict(preparing.record(parts).hashes)
    hashes.pop(OWN)
    place = work.store.place(work.plan_id) / str(target)
    return Order(
        code=code(),
        plan=work.plan_id,
        kernel=target.kernel.name,
        arch=target.arch.name,
        headers=target.headers,
        artefacts=artefacts.url,
        task=task,
        image=image,
        notes=parts.kernel.notes,
        userland=kept,
        wake=waking,
        streams=tuple(streams),
        lacking=parts.lacking,
        suites=parts.suites,
        qemu=parts.qemu,
        hashes=hashes,
        earlier=artefacts.put(pack(place)) if (place / "run.json").is_file() else "",
    )


@functools.cache
def code() -> str:
    """A digest of the lab itself: of its code, without tests, and of the guests' recipes."""
    own = (path for path in _PACKAGE.rglob("*.py") if "tests" not in path.parts)
    recipes = (path for path in (RECIPES / "etc").iterdir())
    return digest(
        tree_digest(own, _PACKAGE),
        tree_digest([*recipes, RECIPES / "init", RECIPES / "modprobe"], RECIPES),
    )
