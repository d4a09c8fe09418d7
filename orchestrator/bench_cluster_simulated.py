"""make bench-cluster: what many targets cost whoever sends them out. Guests are SIMULATED.

Dask's scheduler, the orders, the messages, the store, the index and the report are real; in place
of each guest a worker on this machine sends recorded evidence back (cluster/simulated.py).
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from orchestrator.arches import ARCHES
from orchestrator.cli.workspace import Workspace
from orchestrator.cluster import simulated
from orchestrator.cluster.artefacts import Artefacts, Entry
from orchestrator.cluster.opening import linked
from orchestrator.cluster.orders import Order, code
from orchestrator.cluster.places import Cluster
from orchestrator.model import ImageSource, Kernel, Plan, Target
from orchestrator.parcel import pack
from orchestrator.preparing import Parts, Work
from orchestrator.render import html
from orchestrator.results import index, matrix
from orchestrator.results.store import Store
from orchestrator.stop import Stop
from orchestrator.watching import Nobody

_HEAD = ("targets", "sent back", "CPU a target", "memory", "evidence", "index", "indexed", "report")


@dataclass(frozen=True)
class _Recorded:
    """A run that was real, whose evidence comes back over and over."""

    plan: Plan
    parcels: tuple[str, ...]  # digests among the artefacts, one for each target
    arches: tuple[str, ...]


def main(words: Sequence[str] | None = None) -> None:
    """Simulate, and print a table."""
    parser = argparse.ArgumentParser(prog="make bench-cluster", description=__doc__)
    parser.add_argument("--targets", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--page", type=int, default=2_000, help="up to so many: render them too")
    parser.add_argument("--run", default="latest", help="whose evidence is sent back")
    parser.add_argument("--one", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.one:
        sys.stdout.write(_row(_simulate(options.one, options.workers, options.run, options.page)))
        return
    sys.stdout.write("SIMULATED: recorded evidence in place of guests\n" + _row(_HEAD))
    for targets in options.targets:  # each in a process of its own, for the sake of its memory
        sys.stdout.flush()
        again = ["--one", str(targets), "--workers", str(options.workers), "--run", options.run]
        again += ["--page", str(options.page)]
        subprocess.run([sys.executable, "-m", __spec__.name, *again], check=True)


def _row(cells: Sequence[str]) -> str:
    return "".join(f"{cell:>14}" for cell in cells) + "\n"


def _simulate(number: int, workers: int, run: str, page: int) -> tuple[str, ...]:
    space = Workspace(Path("lab.yaml"))
    with tempfile.TemporaryDirectory(prefix="lab-simulated-") as scratch:
        store, artefacts = Store(Path(scratch) / "runs"), Artefacts(f"file://{scratch}/artefacts")
        recorded = _record(space, run, artefacts)
        targets = tuple(_targets(recorded, number))
        plan = replace(
            recorded.plan,
            id="20260101T000000.000000Z",
            targets=tuple((target.kernel.name, target.arch.name) for target in targets),
        )
        store.begin(plan)
        with _measured() as sent:
            _send(_work(space, plan, store), targets, recorded, artefacts, workers)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        with _measured() as indexed, index.opened(store) as opened:
            opened.catch_up(lambda _: None)
        size = sum(file.stat().st_size for file in store.root.glob(f"{index.NAME}*"))
        kept = sum(file.stat().st_size for file in (store.root / plan.id).rglob("*.*"))
        told = _report(space, store, plan) if number <= page else "-"
        return (
            str(number),
            f"{number / sent.seconds:.0f}/s",
            f"{1000 * sent.cpu / number:.1f} ms",
            f"{peak} MB",
            f"{kept >> 20} MB",
            f"{size / (1 << 20):.1f} MB",
            f"{indexed.cpu:.1f} s",
            told,
        )


def _record(space: Workspace, run: str, artefacts: Artefacts) -> _Recorded:
    evidence = space.store.load(run)
    whole = [seen for seen in evidence.runs.values() if seen.release and len(seen.boots) == 1]
    place = space.store.place(evidence.plan.id)
    parcels = tuple(artefacts.put(pack(place / seen.target)) for seen in whole)
    return _Recorded(evidence.plan, parcels, tuple(seen.arch for seen in whole))


def _targets(recorded: _Recorded, number: int) -> Iterator[Target]:
    for one in range(number):
        kernel = Kernel(f"simulated-{one}", one, ImageSource(Path("simulated")))
        yield Target(kernel, ARCHES[recorded.arches[one % len(recorded.arches)]])


def _work(space: Workspace, plan: Plan, store: Store) -> Work:
    return space.work(plan, Nobody(), Stop(), store=store)


def _send(
    work: Work, targets: Sequence[Target], recorded: _Recorded, artefacts: Artefacts, workers: int
) -> None:
    """Through the same places as a real run, but for the making of the orders."""
    nothing = Entry("simulated", "simulated")

    def make(parts: Parts, work: Work, task: str, artefacts: Artefacts) -> Order:
        target = parts.target
        return Order(
            code=code(),
            plan=work.plan_id,
            kernel=target.kernel.name,
            arch=target.arch.name,
            headers="",
            artefacts=artefacts.url,
            task=task,
            image=nothing,
            notes=(),
            userland=nothing,
            wake=None,
            streams=(("suites", nothing, "suites.tar.gz"),),
            lacking=(),
            suites={},
            qemu="",
            hashes={},
            earlier=recorded.parcels[target.kernel.rank % len(recorded.parcels)],
        )

    with (
        linked(f"local:{workers}") as client,
        Cluster(client, artefacts, work, simulated.run_target, make) as places,
    ):
        # Only the target of the parts is looked at: no kernel is there to be booted.
        runs = [places.submit(cast("Parts", _Bare(target))) for target in targets]
        for done in as_completed(runs):
            run = done.result()
            assert run
            assert not run.infra, run.infra


@dataclass(frozen=True)
class _Bare:
    target: Target


def _report(space: Workspace, store: Store, plan: Plan) -> str:
    with _measured() as spent:
        evidence = store.load(plan.id)
        whole = matrix.build(plan, evidence.runs, space.rules)
        html.page(whole, html.Material(space.templates, space.guest_tests, space.rules))
    return f"{spent.cpu:.1f} s"


@dataclass
class _Spent:
    seconds: float = 0.0
    cpu: float = 0.0  # of this process: the scheduler, and whoever sends and keeps


@contextmanager
def _measured() -> Iterator[_Spent]:
    spent, began, cpu = _Spent(), time.monotonic(), time.process_time()
    yield spent
    spent.seconds, spent.cpu = time.monotonic() - began, time.process_time() - cpu


if __name__ == "__main__":
    main()
